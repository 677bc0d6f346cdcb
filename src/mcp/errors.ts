import { AppError, summarizeError, type ErrorKind } from '#domain/errors.ts';
import { asDiskFull } from '#io/disk.ts';
import { visibleLine } from '#reports/visible.ts';
import { withoutPaths } from './hide-paths.ts';

/** An error as a model is told it: one line what, one line what to do. */
export interface ToolError {
  readonly code: string;
  readonly what: string;
  readonly next: string;
}

const nextByKind: Readonly<Record<ErrorKind, string>> = {
  InvalidInput: 'Correct the arguments and call again.',
  Misconfigured: 'Tell the user; `koubou doctor` in a terminal shows what is wrong with the set-up.',
  Unavailable: 'Call again in a few seconds; if it stays so, `koubou status` in a terminal tells the user whether the service runs.',
  TimedOut: 'Call again; runs that were started go on meanwhile.',
  UnreadableOutput: 'Call again, or name another reviewer.',
  Conflict: 'The file or branch has changed meanwhile. Call review_start again.',
  Refused: 'Name another reviewer, or reviewer static.',
  Bug: 'Call again. If it stays so, ask the user to run `koubou doctor` and to report it.',
};

const startIt = 'Ask the user to run `koubou up --detach` in a terminal, then call again. Runs that were started are not lost.';
const pathHint = 'Give a path below a root of this server, written relative to it: src/app.ts.';

/** Where a code says more than its kind. */
const nextByCode: Readonly<Record<string, string>> = {
  RUN_UNKNOWN: 'Call review_list; it shows the runs there are.',
  SERVICE_NOT_RUNNING: startIt,
  SERVICE_NOT_ANSWERING: 'Ask the user to start that service, then call again. Runs that were started are not lost.',
  SERVICE_START_FAILED: 'Ask the user to run `koubou doctor` in a terminal, which tells what is missing, then call again.',
  SERVICE_STARTING: 'Call again in a few seconds.',
  NO_WORKER: startIt,
  RUN_NOT_OPEN: 'Call review_status.',
  DECISION_REFUSED: 'Call review_status; it says what the run waits for.',
  RUN_NOT_FINISHED: 'Call review_wait. Of a run that waits for a decision part diff and part text can be read.',
  PROFILE_UNKNOWN: nextByKind.InvalidInput,
  CHECK_UNKNOWN: 'Leave checks out, or ask the user to add it to the settings.',
  REVIEWER_UNKNOWN: 'Name another reviewer, or reviewer static.',
  ROOT_NOT_ALLOWED: pathHint,
  NOT_FOUND: pathHint,
  TOO_LARGE: 'Give a smaller part of it.',
  TEXT_TOO_LARGE: 'Save it to a file below a root of this server and give its path.',
};

// What a message that was written for the command line says better here.
const whatByCode: Readonly<Record<string, string>> = {
  RUN_UNKNOWN: 'There is no run with this id.',
  RUN_NOT_OPEN: 'The run has ended already.',
  RUN_NOT_FINISHED: 'The run has not ended.',
  SERVICE_NOT_RUNNING: 'No Koubou service is running, and the settings do not let this server start one.',
  SERVICE_START_FAILED: 'The local service could not be started.',
  SERVICE_UNREACHABLE: 'The Temporal service does not answer at this moment.',
  BUG: 'Koubou failed in a way that it should not.',
};

/**
 * Explains any error that ends a call; what was not raised on purpose says nothing of itself.
 *
 * In      given  the call's arguments as JSON: a path in them may be repeated
 */
export function explainError(error: unknown, given: string): ToolError {
  const { kind, code, message } = summarizeError(asDiskFull(error));
  if (kind === 'Bug') return { code: 'BUG', what: whatByCode['BUG']!, next: nextByKind.Bug };
  const firstLine = message.split('\n')[0] ?? '';
  const what = whatByCode[code] ?? withoutPaths(visibleLine(firstLine), given);
  const next = nextByCode[code] ?? (code.startsWith('PATH_') ? pathHint : nextByKind[kind]);
  return { code, what, next };
}

/** Two lines. */
export function errorText({ code, what, next }: ToolError): string {
  return `${what} [${code}]\n${next}`;
}

/** The whole of it, for the log of the process; null for errors that are the caller's own affair. */
export function errorForLog(error: unknown): string | null {
  if (error instanceof AppError && error.kind === 'InvalidInput') return null;
  if (error instanceof AppError) return `${error.kind} ${error.code}: ${error.message}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
