import { cancellationSignal, Context, heartbeat, CancelledFailure } from '@temporalio/activity';
import { AppError } from '#domain/errors.ts';
import { addUsage, amount, noUsage, type Usage } from '#domain/review.ts';
import { firstRetryWaitMs, retryBackoff } from '#domain/limits.ts';
import { outOfTimeCode, toFailure } from './failures.ts';
import { startStopwatch } from './stopwatch.ts';

/** What heartbeats carry from one attempt to the next. */
interface Heartbeat {
  readonly workedMs: number;
  /** What models have cost so far: an attempt that failed was paid for too. */
  readonly usage?: Usage;
}

export interface TimeLimits {
  /** Working time left in the iteration when the step was commanded. */
  readonly remainingMs: number;
  /** The most that one attempt may take. */
  readonly attemptMs: number;
}

export interface Work {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Performs what is no working time, such as loading an engine. */
  readonly aside: <T>(work: () => Promise<T>) => Promise<T>;
  /** Tells what a model has just cost. */
  readonly spend: (usage: Usage) => void;
}

/** What one step came to, over all its attempts. */
export interface Worked<T> {
  readonly value: T;
  readonly workedMs: number;
  readonly usage: Usage;
}

/** Beats this often: three beats fit into the shortest heartbeat timeout in use. */
const beatMs = 500;

/**
 * Runs one attempt of a step within its working time and returns the result with the time spent in all attempts.
 *
 * Time is monotonic and of this process only, carried from attempt to attempt by heartbeats, so that neither a wrong
 * clock nor a queue without workers counts. Retry waits count as working time (seed 004: 2 s and 4 s within the 60 s).
 * Fails  TimedOut/OUT_OF_TIME (the iteration is over, not retried) · TimedOut/ATTEMPT_TIMED_OUT (retried)
 */
export async function withinTime<T>(limits: TimeLimits, work: (context: Work) => Promise<T>): Promise<Worked<T>> {
  const { workedMs: before, usage: paid } = toldBefore();
  let usage = paid;
  const spend = (more: Usage): void => void (usage = addUsage(usage, more));
  const left = limits.remainingMs - before;
  const timer = new AbortController();
  const timeoutMs = Math.min(left, limits.attemptMs);
  const watch = startStopwatch(timeoutMs, () => timer.abort(timeUp(left <= limits.attemptMs)));
  const workedMs = (): number => before + watch.workedMs();
  const beat = setInterval(() => heartbeat({ workedMs: workedMs(), usage } satisfies Heartbeat), beatMs);
  try {
    if (left <= 0) throw timeUp(true);
    const signal = AbortSignal.any([timer.signal, cancellationSignal()]);
    const value = await Promise.race([work({ signal, timeoutMs, aside: watch.aside, spend }), rejectOnAbort(timer.signal)]);
    return { value, workedMs: workedMs(), usage };
  } catch (error) {
    throw reportFailure(timer.signal.aborted ? timer.signal.reason : error, { workedMs: workedMs(), usage });
  } finally {
    clearInterval(beat);
    watch.stop();
  }
}

function reportFailure(error: unknown, spent: Required<Heartbeat>): Error {
  if (cancellationSignal().aborted && !(error instanceof AppError)) return new CancelledFailure('The step was cancelled.');
  heartbeat(spent);
  return toFailure(error, spent);
}

function timeUp(iterationOver: boolean): AppError {
  return iterationOver
    ? new AppError('TimedOut', outOfTimeCode, 'The working time of the iteration is used up.')
    : new AppError('TimedOut', 'ATTEMPT_TIMED_OUT', 'The attempt took longer than its share of the iteration.');
}

// A worker that died has told its last working time by heartbeat; what it did after that is lost and not counted.
function toldBefore(): Required<Heartbeat> {
  const { attempt, heartbeatDetails } = Context.current().info;
  if (attempt <= 1) return { workedMs: 0, usage: noUsage };
  const told = heartbeatDetails as Partial<Heartbeat> | null | undefined;
  const known = typeof told?.workedMs === 'number' ? amount(told.workedMs) : 0;
  return { workedMs: known + firstRetryWaitMs * retryBackoff ** (attempt - 2), usage: told?.usage ?? noUsage };
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

/** A short step without a time budget of its own: saving, committing, reporting. */
export async function asStep<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { value } = await withinTime({ remainingMs: stepMs, attemptMs: stepMs }, ({ signal }) => work(signal));
  return value;
}

/** A step that is not judged by the iteration's limit still ends: half a minute for local disk and git. */
export const stepMs = 30_000;
