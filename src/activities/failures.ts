import { CancelledFailure, CompleteAsyncError } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { AppError, errorPolicies, summarizeError, type ErrorKind } from '#domain/errors.ts';
import { noUsage, type Usage } from '#domain/review.ts';

/** What a failed activity tells the workflow beside kind and message. */
export interface FailureDetails {
  readonly code: string;
  /** Working time of all attempts so far. */
  readonly workedMs: number;
  /** What models have cost in all attempts so far. */
  readonly usage?: Usage;
}

/** Kinds that Temporal must not try again. */
export const notRetriedKinds: string[] = Object.entries(errorPolicies)
  .filter(([, policy]) => !policy.retried)
  .map(([kind]) => kind);

/** The only place where an error becomes a Temporal failure: kind as type, code and working time as details. */
export function toFailure(error: unknown, { workedMs, usage }: Omit<FailureDetails, 'code'>): Error {
  if (error instanceof CancelledFailure || error instanceof CompleteAsyncError || error instanceof ApplicationFailure) return error;
  const { kind, code, message } = summarizeError(error);
  const spent = usage === undefined || usage === noUsage ? {} : { usage };
  const details: FailureDetails = { code, workedMs: Math.round(workedMs), ...spent };
  return ApplicationFailure.create({
    type: kind satisfies ErrorKind,
    message,
    nonRetryable: !errorPolicies[kind].retried || code === outOfTimeCode || (error instanceof AppError && error.isFinal),
    details: [details],
    ...told(error, kind),
  });
}

function told(error: unknown, kind: ErrorKind): { nextRetryDelay?: number; cause?: Error } {
  return {
    ...(error instanceof AppError && error.retryAfterMs !== undefined ? { nextRetryDelay: error.retryAfterMs } : {}),
    ...(kind === 'Bug' && error instanceof Error ? { cause: error } : {}),
  };
}

/** The iteration or the run has no working time left: never retried, ends the run with the best so far. */
export const outOfTimeCode = 'OUT_OF_TIME';
