import { AppError, summarizeError, type ErrorSummary } from '#domain/errors.ts';
import { asDiskFull } from '#io/disk.ts';
import { visible } from '#reports/visible.ts';
import { exitCodeOfError, type ExitCode } from './exit-code.ts';
import type { Output } from './output.ts';

export const errorSchema = 'koubou.error/1';

export interface TellOptions {
  readonly output: Output;
  readonly json: boolean;
  readonly debug: boolean;
}

/** Tells why a command failed: a sentence on standard error, under --json an object on standard output too. Out: the exit code. */
export function tellError(error: unknown, { output, json, debug }: TellOptions): ExitCode {
  const code = tellFailure(summarizeError(asDiskFull(error)), { output, json });
  if (debug) output.warn(stackOf(error));
  return code;
}

export interface FailureOptions {
  readonly output: Output;
  readonly json: boolean;
  readonly runId?: string;
}

/** The same for the failure of a run, which has an id and perhaps a step. */
export function tellFailure(error: ErrorSummary, { output, json, runId }: FailureOptions): ExitCode {
  if (json) output.json(errorObject(error, runId));
  output.warn(sentence(error, runId));
  return exitCodeOfError(error);
}

/** What `--json` prints on any error (contracts §2). */
export function errorObject({ kind, code, message, step }: ErrorSummary, runId?: string): object {
  const error = { kind, code, message, ...(step === undefined ? {} : { step }) };
  return { schema: errorSchema, error, ...(runId === undefined ? {} : { run_id: runId }), initial_score: null, final_score: null };
}

export function sentence({ kind, code, message }: ErrorSummary, runId: string | undefined): string {
  const run = runId === undefined ? '' : ` (run ${runId})`;
  if (kind !== 'Bug') return `koubou: ${visible(message)} [${code}]${run}`;
  return `koubou: this is a bug in Koubou: ${visible(message)} [${code}]${run}\nRun the command again with --debug to see where; please report it with what it prints.`;
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const kind = error instanceof AppError ? `${error.kind} ${error.code}\n` : '';
  const cause = error.cause === undefined ? '' : `\ncaused by ${stackOf(error.cause)}`;
  return `${kind}${error.stack ?? error.message}${cause}`;
}
