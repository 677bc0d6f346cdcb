import type { z } from 'zod';
import { AppError } from '#domain/errors.ts';
import { nearestWord } from './nearest.ts';
import { settingGroups, settingKeys } from './settings-keys.ts';

/** At most so many problems are told at once. */
const toldProblems = 3;

export interface ProblemSource {
  /** The file or the variable, as messages begin. */
  readonly name: string;
  /** Where in a file: 'line 3, column 5'; undefined where it cannot be told. */
  readonly placeOf?: (path: readonly PropertyKey[]) => string | undefined;
}

/**
 * What a schema refused, as an error that names the place and what is allowed, never the value.
 *
 * Out     Misconfigured CONFIG_SECRET_IN_FILE, CONFIG_UNKNOWN_KEY, CONFIG_ROOT_TOO_WIDE, CONFIG_INVALID
 */
export function settingsError(issues: readonly z.core.$ZodIssue[], source: ProblemSource): AppError {
  const told = issues.slice(0, toldProblems).map((issue) => tell(issue, source).replace(/[^?]$/, '$&.'));
  return new AppError('Misconfigured', codeOf(issues), `${source.name}: ${told.join(' ')}`);
}

function codeOf(issues: readonly z.core.$ZodIssue[]): string {
  if (issues.some((issue) => secretKey(issue) !== undefined)) return 'CONFIG_SECRET_IN_FILE';
  if (issues.some((issue) => issue.code === 'unrecognized_keys')) return 'CONFIG_UNKNOWN_KEY';
  return issues.some(isTooWide) ? 'CONFIG_ROOT_TOO_WIDE' : 'CONFIG_INVALID';
}

function tell(issue: z.core.$ZodIssue, { placeOf }: ProblemSource): string {
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
  const place = placeOf?.(path);
  const at = place === undefined ? '' : `${place}: `;
  if (issue.code === 'unrecognized_keys') return `${at}${tellUnknownKey(issue)}`;
  const name = shownPath(path);
  return isTooWide(issue) ? `${at}${name} reaches beyond the root; give ${issue.message}` : `${at}${name === '' ? '' : `${name}: `}${allowed(issue)}`;
}

function tellUnknownKey(issue: Extract<z.core.$ZodIssue, { code: 'unrecognized_keys' }>): string {
  const secret = secretKey(issue);
  if (secret !== undefined) return `"${shownKey(secret)}" looks like a secret; remove it from the file and set it in the environment`;
  const unknown = issue.keys.slice(0, toldProblems).map((key) => `"${shownKey(key)}"`).join(', ');
  const group = shownPath(issue.path);
  const meant = suggest(issue.keys[0] ?? '', group);
  const where = group === '' ? '' : ` in ${group}`;
  return `unknown key ${unknown}${where}; ${meant === undefined ? `known are ${knownIn(group).join(', ')}` : `did you mean "${meant}"?`}`;
}

// The nearest key of the same group, else a key of that name in another group.
function suggest(key: string, group: string): string | undefined {
  const near = nearestWord(key, knownIn(group));
  return near ?? settingKeys.find((known) => known.key.endsWith(`.${key}`))?.key;
}

function knownIn(group: string): string[] {
  if (group === '') return [...settingGroups];
  const below = settingKeys.filter(({ key }) => key.startsWith(`${group}.`)).map(({ key }) => key.slice(group.length + 1).split('.')[0]!);
  return [...new Set(below)];
}

function secretKey(issue: z.core.$ZodIssue): string | undefined {
  if (issue.code !== 'unrecognized_keys') return undefined;
  return issue.keys.find((key) => /api_?key|token|secret|passw|credential/i.test(key));
}

function isTooWide(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'custom' && issue.params?.['tooWide'] === true;
}

// What zod says, in the words of a settings file.
function allowed(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_big') return `at most ${amount(issue.maximum, issue.origin)} allowed`;
  if (issue.code === 'too_small') return `at least ${amount(issue.minimum, issue.origin)} needed`;
  if (issue.code === 'invalid_value') return `one of ${issue.values.map(String).join(', ')} is wanted`;
  if (issue.code === 'invalid_type') return `${typeWords[issue.expected] ?? issue.expected} is wanted`;
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message;
  return `${issue.message} is wanted`;
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'a text', number: 'a number', int: 'a whole number', boolean: 'true or false', array: 'a list', object: 'a group of keys', record: 'a group of names',
};

function amount(limit: number | bigint, origin: string): string {
  if (origin === 'string') return `${limit} characters are`;
  return origin === 'array' ? `${limit} in the list are` : `${limit} is`;
}

function shownPath(path: readonly PropertyKey[]): string {
  return path.map((name) => shownKey(String(name))).join('.');
}

function shownKey(key: string): string {
  return key.replace(/[\p{Cc}\p{Cf}]/gu, '\uFFFD').slice(0, 64);
}
