import type { FileRoles } from './file-roles.ts';
import { grownIgnoreFile, grownList } from './ignored-lists.ts';
import { firstSurplus, marksOf, uncommented, type Lines, type Mark } from './marks.ts';

const setting = /(?<![\w@/.-])["']?([\w@/.-]{1,80})["']?\s{0,4}[:=]\s{0,4}\[?\s{0,4}["']?(off|none|warn|warning|info|information|error|deny|forbid|on|true|false|[012])["']?(?![\w.@/-])/gi;
const strictKey = /^(?:strict\w*|no[A-Z_]\w*|check_?\w*|warn_\w+|disallow_\w+|exactOptional\w*|alwaysStrict|useUnknown\w*|forceConsistent\w*|isolated\w*|erasableSyntaxOnly|recommended|enabled|default|failOn\w*|fail_on\w*|branch|useIgnoreFile)$/;
const laxKey = /^(?:skip\w*|allow\w*|ignore_\w+|ignore[A-Z]\w*|suppress\w*|disable\w*|passWithNoTests|follow_imports_skip|implicit_optional|implicit_reexport)$/;
const neutralKey = /^(?:noEmit\w*|allowImportingTsExtensions|allowSyntheticDefaultImports|allowScripts|noErrorTruncation|checkout)$/;

const threshold = /(?<![\w-])["']?(branches|functions|lines|statements|fail[_-]under|cov-fail-under|minimum_coverage)["']?\s{0,4}[:=]\s{0,4}(\d{1,3}(?:\.\d{1,4})?)/g;
const warningLimit = /--max-warnings[= ](\d{1,9})/g;

type Strength = 'strict' | 'lowered' | 'off';

/**
 * Why the settings after are laxer than those before, naming the line, or null. The rules, line by line and without knowing a file's format:
 * a rule at 'error' (2, deny, on) must not sink to 'warn' (1) or 'off' (0), nor go; no rule is newly set to one of these; switches of strictness
 * (strict, no…, check…, warn_…) must not be switched off or go; switches of laxness (skip…, allow…, ignore…) must not be switched on; coverage thresholds
 * must not sink and allowed warnings not grow; lists of what is passed over must not grow.
 */
export function lowering(before: Lines, after: Lines, roles: FileRoles): string | null {
  if (roles.isIgnoreList) return grownIgnoreFile(before, after);
  const [from, to] = [stripped(before), stripped(after)];
  const marks = (lines: Lines, strength: Strength): Mark[] => settingsOf(lines, roles, strength);
  for (const strength of ['off', 'lowered'] as const) {
    const set = firstSurplus({ from, fromMarks: marks(from, strength), to, toMarks: marks(to, strength) });
    if (set !== null) return `It lowers a setting: line ${set.line} sets ${set.key} lower than before.`;
  }
  const gone = firstSurplus({ from: to, fromMarks: marks(to, 'strict'), to: from, toMarks: marks(from, 'strict') });
  if (gone !== null) return `It takes out a setting: ${gone.key} in line ${gone.line} of the previous revision.`;
  return lowerThreshold(from, to) ?? grownList(from, to);
}

// Settings files are JSON with comments, TOML, INI, YAML or a script: both comment signs begin a comment.
function stripped(lines: Lines): Lines {
  return uncommented(uncommented(lines, 'slashes'), 'hash');
}

function settingsOf(lines: Lines, roles: FileRoles, strength: Strength): Mark[] {
  return marksOf(lines, setting, ([, key = '', value = '']) => (strengthOf(key, value.toLowerCase(), roles) === strength ? key : null));
}

function strengthOf(key: string, value: string, { isMarkdownlint }: FileRoles): Strength | null {
  if (value === 'true' || value === 'false') return switchStrength(key, value === 'true', isMarkdownlint);
  if (/^\d$/.test(value) && !/[-/@]/.test(key)) return null;
  if (['error', 'deny', 'forbid', 'on', '2'].includes(value)) return 'strict';
  return ['off', 'none', '0'].includes(value) ? 'off' : 'lowered';
}

function switchStrength(key: string, isOn: boolean, isMarkdownlint: boolean): Strength | null {
  if (neutralKey.test(key)) return null;
  if (laxKey.test(key)) return isOn ? 'off' : null;
  if (!strictKey.test(key) && !(isMarkdownlint && /^(?:MD\d{3}|[a-z]+(?:-[a-z]+)+)$/i.test(key))) return null;
  return isOn ? 'strict' : 'off';
}

interface Amount {
  readonly key: string;
  readonly amount: number;
  readonly line: number;
}

function lowerThreshold(from: Lines, to: Lines): string | null {
  const [old, now] = [from, to].map((lines) => [...amounts(lines, threshold, 1), ...amounts(lines, warningLimit, -1)]);
  for (const { key, amount, line } of old!) {
    const same = now!.filter((other) => other.key === key);
    if (same.length === 0) return `It takes out a setting: ${key} in line ${line} of the previous revision.`;
    const lower = same.find((other) => other.amount < amount && !old!.some((known) => known.key === key && known.amount === other.amount));
    if (lower !== undefined) return `It lowers a setting: line ${lower.line} sets ${key} lower than before.`;
  }
  return null;
}

function amounts(lines: Lines, pattern: RegExp, sign: number): Amount[] {
  return marksOf(lines, pattern, (match) => JSON.stringify(sign > 0 ? [match[1], match[2]] : ['--max-warnings', match[1]])).map(({ key, line }) => {
    const [name = '', value = ''] = JSON.parse(key) as string[];
    return { key: name, amount: sign * Number(value), line };
  });
}
