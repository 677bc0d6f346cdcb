import { ActivityFailure, ApplicationFailure, ContinueAsNew, isCancellation, TimeoutFailure } from '@temporalio/workflow';
import { isErrorKind, type ErrorSummary } from '#domain/errors.ts';
import type { LoopEvent } from '#domain/loop/state.ts';
import type { Usage } from '#domain/review.ts';
import type { FailureDetails } from '#activities/failures.ts';

/** Told by the activities when no working time is left (their constant, kept in step by a test). */
export const outOfTimeCode = 'OUT_OF_TIME';

export interface StepFailure {
  readonly error: ErrorSummary;
  readonly workedMs: number;
  readonly usage?: Usage;
  readonly outOfTime: boolean;
}

/** What a step's failure means to the loop. Cancellation, and what is not a step's failure, is thrown on. */
export function readFailure(error: unknown): StepFailure {
  if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
  const { cause } = error;
  if (cause instanceof ApplicationFailure) return fromApplication(cause);
  const what = cause instanceof TimeoutFailure ? timeoutSentence(cause) : 'the step failed for an unknown reason';
  return { error: { kind: 'TimedOut', code: 'STEP_TIMED_OUT', message: `After all attempts: ${what}.` }, workedMs: 0, outOfTime: false };
}

function fromApplication(failure: ApplicationFailure): StepFailure {
  const [details] = (failure.details ?? []) as (Partial<FailureDetails> | undefined)[];
  const kind = isErrorKind(failure.type) ? failure.type : 'Bug';
  const code = details?.code ?? 'UNEXPECTED';
  return { error: { kind, code, message: failure.message }, workedMs: details?.workedMs ?? 0, ...(details?.usage === undefined ? {} : { usage: details.usage }), outOfTime: code === outOfTimeCode };
}

function timeoutSentence(cause: TimeoutFailure): string {
  return cause.timeoutType === 'HEARTBEAT' ? 'the worker that had the step fell silent' : 'the step took too long';
}

export function toEvent({ error, outOfTime, ...spent }: StepFailure): LoopEvent {
  return outOfTime ? { type: 'out_of_time', ...spent } : { type: 'failed', error, ...spent };
}

/** Ends the workflow as failed, with the kind as the failure's type. */
export function workflowFailure(error: ErrorSummary): ApplicationFailure {
  return ApplicationFailure.create({ type: error.kind, message: error.message, nonRetryable: true, details: [{ code: error.code, step: error.step }] });
}

/** Workflow code throws ApplicationFailure only: a plain throw would leave the run hanging for ever. */
export function asWorkflowFailure(error: unknown): unknown {
  if (isCancellation(error) || error instanceof ApplicationFailure || error instanceof ContinueAsNew) return error;
  const message = error instanceof Error ? error.message : String(error);
  return ApplicationFailure.create({ type: 'Bug', message, nonRetryable: true, details: [{ code: 'UNEXPECTED' }], ...(error instanceof Error ? { cause: error } : {}) });
}
