import type { Category, Finding, ScoredCategory } from './finding.ts';

export const checkOutcomes = ['passed', 'failed', 'flaky'] as const;
/** flaky: it failed, and passed when it was run once more; it counts as passed. */
export type CheckOutcome = (typeof checkOutcomes)[number];

/** What came of one check on one revision, as the workflow knows it: no text. */
export interface CheckResult {
  readonly name: string;
  readonly outcome: CheckOutcome;
  /** Of the run that decided; null where a signal or the time limit ended it. */
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  /** Hex SHA-256 of the end of its output, which lies in the store; that of the failure where it is flaky. */
  readonly output: string;
}

/** How one run of a check's command ended. */
export interface CheckRun {
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  /** The end of both outputs together; of the project's own making. */
  readonly output: string;
}

/** A test suite of some size; longer ones name their own limit. */
export const defaultCheckTimeoutMs = 120_000;

/** For copying the working tree, twice. */
const copyMs = 60_000;

/** The most that one attempt may take: both runs and their copies. */
export function checkAttemptMs(timeoutMs: number): number {
  return 2 * timeoutMs + copyMs;
}

const prefix = 'check:';

/** A check sits in the panel under this id; no reviewer's own id begins so. */
export function checkSeat(name: string): string {
  return prefix + name;
}

/** The name of the check that sits there; null for a reviewer. */
export function checkOfSeat(id: string): string | null {
  return id.startsWith(prefix) ? id.slice(prefix.length) : null;
}

/** What the runs mean, the second being that after a failure. A time limit that is reached once is not tried again. */
export function outcomeOf([first, second]: readonly CheckRun[]): CheckOutcome {
  if (first === undefined) throw new RangeError('a check without a run');
  if (hasPassed(first)) return 'passed';
  return second !== undefined && hasPassed(second) ? 'flaky' : 'failed';
}

export function hasPassed({ exitCode, timedOut }: CheckRun): boolean {
  return exitCode === 0 && !timedOut;
}

/** Whether a failure may be a matter of chance, so that the command is run once more. */
export function deservesAnotherRun(run: CheckRun): boolean {
  return !hasPassed(run) && !run.timedOut;
}

export interface CheckFact {
  readonly name: string;
  readonly outcome: CheckOutcome;
  readonly timeoutMs: number;
  /** The failure. */
  readonly run: CheckRun;
  readonly path: string;
  readonly id: string;
  /** The scored categories of the request. */
  readonly requested: readonly ScoredCategory[];
}

/** The finding of a check that did not pass at once, null for one that did. A failed one is a blocker; a flaky one costs nothing. */
export function checkFinding(fact: CheckFact): Finding | null {
  const { name, outcome, path, id, requested } = fact;
  if (outcome === 'passed') return null;
  const failed = outcome === 'failed';
  return {
    id,
    ruleId: `check/${name}`,
    category: categoryOf(requested),
    severity: failed ? 'high' : 'info',
    confidence: 1,
    message: failed ? failureText(fact) : `The check ${name} is flaky: it ${endOf(fact)}, and passed when it was run once more. It counts as passed.`,
    place: { path, line: 1, column: 1, endLine: 1, endColumn: 1 },
    source: checkSeat(name),
    fixable: false,
  };
}

// A category that is not asked for has no score and no blockers: a failing check must not vanish with it.
function categoryOf(requested: readonly ScoredCategory[]): Category {
  return requested.includes('logic') ? 'logic' : (requested[0] ?? 'logic');
}

/** A message is a line or two, not a log. */
const tailLines = 8;
const tailLength = 600;

function failureText(fact: CheckFact): string {
  const lines = fact.run.output.split('\n').map((line) => line.trim()).filter((line) => line !== '').slice(-tailLines).join(' | ');
  const tail = lines.length > tailLength ? `…${lines.slice(-tailLength).toWellFormed()}` : lines;
  return `The check ${fact.name} ${endOf(fact)}${tail === '' ? '. It printed nothing.' : `. Its last lines: ${tail}`}`;
}

function endOf({ run, timeoutMs }: CheckFact): string {
  if (run.timedOut) return `did not end within ${timeoutMs / 1000} s and was stopped`;
  return run.exitCode === null ? 'was ended by a signal' : `failed with exit code ${run.exitCode}`;
}

/** Enough to see what failed; a log of any length is cut to this, in UTF-16 units. */
const outputLength = 8_000;

/** The end of what a command printed, as plain text: no colours, no cursor movements, of overwritten lines the last. */
export function plainOutput(output: string): string {
  const plain = output
    .replace(escapes, '')
    .replaceAll('\r\n', '\n')
    .replace(/^.*\r(?!$)/gm, '')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .trimEnd();
  if (plain.length <= outputLength) return plain;
  const end = plain.slice(-outputLength);
  return end.slice(end.indexOf('\n') + 1).toWellFormed();
}

const [escape, bell] = ['\u001B', '\u0007'];
/** Sequences for terminals: colours and movements, titles and links, single signs. */
const escapes = new RegExp(`${escape}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${bell}${escape}]*(?:${bell}|${escape}\\\\)?|[@-Z\\\\^_])`, 'g');
