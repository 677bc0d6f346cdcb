import { AppError } from '#domain/errors.ts';
import { severities } from '#domain/finding.ts';
import { bounds } from '#domain/limits.ts';
import { profileOf, type RequestSettings, type SharedRequest } from '#client/request-settings.ts';
import type { Flags } from './parse.ts';
import { duration, numberIn, oneOf } from './values.ts';

export interface RequestContext {
  readonly settings: RequestSettings;
  /** Absolute. */
  readonly root: string;
  /** Ids of findings that do not count. */
  readonly baseline: readonly string[];
}

/**
 * The request that flags and settings ask for, less its artifact.
 *
 * Fails   InvalidInput INPUT_INVALID · Misconfigured PROFILE_UNKNOWN
 */
export function sharedRequest(flags: Flags, { settings, root, baseline }: RequestContext): SharedRequest {
  const reviewers = flags.list('reviewer');
  const request: SharedRequest = {
    ...settings.shared,
    ...profileOf(flags.text('profile'), settings),
    ...limitsOf(flags),
    root,
    ...(reviewers.length === 0 ? {} : { reviewers: [...new Set(reviewers)] }),
    ...given('improver', flags.text('improver')),
    ...checksOf(flags),
    ...given('min_severity', read(flags, 'min-severity', (flag, text) => oneOf(flag, text, severities))),
    ...given('budget_usd', read(flags, 'budget-usd', (flag, text) => numberIn(flag, text, budget))),
    ...given('budget_tokens', read(flags, 'budget-tokens', (flag, text) => numberIn(flag, text, tokenBudget))),
    ...(baseline.length === 0 ? {} : { baseline: [...baseline] }),
    ...effectsOf(flags),
  };
  if (request.approval === 'before_save' && (request.save ?? 'none') === 'none') throw invalid('--approve asks before saving: add --write or --commit.');
  return request;
}

// Names alone: the commands are in the settings of whoever runs them.
function checksOf(flags: Flags): SharedRequest {
  const names = [...new Set(flags.list('check'))];
  return names.length === 0 ? {} : { checks: names };
}

/** A cent is the least that a question costs. */
const budget = { min: 0.01, max: 1_000_000 };
const tokenBudget = { min: 1, max: 1e12, whole: true };

function limitsOf(flags: Flags): SharedRequest {
  const counted = read(flags, 'max-iterations', (flag, text) => numberIn(flag, text, { ...bounds.maxIterations, whole: true }));
  if (flags.has('no-improve') && (counted ?? 1) !== 1) throw invalid('--no-improve is one iteration; leave --max-iterations out.');
  return {
    ...given('target_score', read(flags, 'target', (flag, text) => numberIn(flag, text, bounds.targetScore))),
    ...given('max_iterations', flags.has('no-improve') ? 1 : counted),
    ...given('iteration_timeout_ms', read(flags, 'iteration-timeout', (flag, text) => timeIn(flag, text, bounds.iterationTimeoutMs))),
    ...given('timeout_ms', read(flags, 'timeout', (flag, text) => timeIn(flag, text, bounds.timeoutMs))),
  };
}

function effectsOf(flags: Flags): SharedRequest {
  const save = flags.has('commit') ? 'commit' : flags.has('write') ? 'write' : undefined;
  return { ...given('save', save), ...given('approval', flags.has('approve') ? 'before_save' : undefined) };
}

function timeIn(flag: string, text: string, { min, max }: { readonly min: number; readonly max: number }): number {
  const ms = duration(flag, text);
  if (ms < min || ms > max) throw invalid(`${flag} takes a time from ${min} ms to ${max / 3_600_000} h.`);
  return ms;
}

function read<Value>(flags: Flags, name: string, convert: (flag: string, text: string) => Value): Value | undefined {
  const text = flags.text(name);
  return text === undefined ? undefined : convert(`--${name}`, text);
}

function given<Name extends keyof SharedRequest>(name: Name, value: SharedRequest[Name]): SharedRequest {
  return value === undefined ? {} : { [name]: value };
}

function invalid(message: string): AppError {
  return new AppError('InvalidInput', 'INPUT_INVALID', message);
}
