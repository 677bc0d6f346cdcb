import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { ErrorSummary } from '#domain/errors.ts';
import { toCamelKeys } from '#domain/json-keys.ts';
import type { Progress } from '#domain/loop/progress.ts';
import type { RunState } from '#domain/report.ts';
import { progressQuery } from '#workflows/messages.ts';
import { readWorkflowFailure } from './failures.ts';
import type { RunPlace } from './run-place.ts';

/** What the query `progress` answers; a batch counts its reviews. */
export interface RunProgress extends Progress {
  readonly done?: number;
  readonly total?: number;
}

export interface WaitOptions {
  /** Told at most once a second, whether or not something changed. */
  readonly onProgress?: (progress: RunProgress) => void;
  /** Told once each time nothing has moved for 10 s. */
  readonly onStall?: () => void;
  readonly waitMs?: number | undefined;
  /** Goes on waiting while the run needs a person. */
  readonly passWaiting?: boolean;
  /** Ends the waiting, never the run. */
  readonly signal?: AbortSignal;
}

/** Why a wait ended; `progress` is the last one that was heard of. */
export type WaitEnd =
  | { readonly why: 'completed'; readonly result: unknown }
  | { readonly why: 'cancelled' }
  | { readonly why: 'failed'; readonly error: ErrorSummary }
  | { readonly why: 'needs_person'; readonly progress: RunProgress }
  | { readonly why: 'time_up'; readonly progress: RunProgress | null }
  | { readonly why: 'interrupted'; readonly progress: RunProgress | null };

/** Contracts §3: watching costs no history; at most one query a second. */
const pollEveryMs = 1_000;
const queryDeadlineMs = 2_000;
const stallMs = 10_000;

const waitingStates: readonly RunState[] = ['parked', 'paused', 'waiting_for_decision'];

/** Waits until a run ends, needs a person, or the caller's time or patience is over. */
export async function awaitRun(client: Client, place: Pick<RunPlace, 'runId' | 'workflowId'>, options: WaitOptions): Promise<WaitEnd> {
  const giveUp = new AbortController();
  const ended = client.connection.withAbortSignal(giveUp.signal, () => resultOf(client, place));
  const stopped = stopOf(options, giveUp.signal);
  try {
    return await Promise.race([ended, watch(client, place, { ...options, giveUp: giveUp.signal, stopped })]);
  } finally {
    giveUp.abort();
    ended.catch(() => undefined);
  }
}

/** One look at a run, or null where no worker answers in time. */
export async function askProgress(client: Client, { workflowId, runId }: Pick<RunPlace, 'runId' | 'workflowId'>, signal?: AbortSignal): Promise<RunProgress | null> {
  const ask = (): Promise<unknown> => client.workflow.getHandle(workflowId, undefined, { firstExecutionRunId: runId }).query<unknown>(progressQuery);
  const limited = (): Promise<unknown> => client.connection.withDeadline(Date.now() + queryDeadlineMs, ask);
  try {
    return toCamelKeys(await (signal === undefined ? limited() : client.connection.withAbortSignal(signal, limited))) as RunProgress;
  } catch {
    return null;
  }
}

async function resultOf(client: Client, { workflowId, runId }: Pick<RunPlace, 'runId' | 'workflowId'>): Promise<WaitEnd> {
  try {
    return { why: 'completed', result: await client.workflow.getHandle(workflowId, runId).result() };
  } catch (error) {
    const failure = readWorkflowFailure(error);
    return failure.kind === 'cancelled' ? { why: 'cancelled' } : { why: 'failed', error: failure.error };
  }
}

type Stop = 'time_up' | 'interrupted';

function stopOf({ waitMs, signal }: WaitOptions, giveUp: AbortSignal): Promise<Stop> {
  const timeUp = waitMs === undefined ? new Promise<never>(() => undefined) : sleep(waitMs, 'time_up' as const, { signal: giveUp }).catch(() => 'time_up' as const);
  if (signal === undefined) return timeUp;
  const interrupted = new Promise<Stop>((resolve) => {
    if (signal.aborted) resolve('interrupted');
    signal.addEventListener('abort', () => resolve('interrupted'), { once: true, signal: giveUp });
  });
  return Promise.race([timeUp, interrupted]);
}

interface Watch extends WaitOptions {
  readonly giveUp: AbortSignal;
  readonly stopped: Promise<Stop>;
}

async function watch(client: Client, place: Pick<RunPlace, 'runId' | 'workflowId'>, options: Watch): Promise<WaitEnd> {
  const stall = stallWatch(options.onStall);
  let last: RunProgress | null = null;
  for (;;) {
    const asked = performance.now();
    const heard = await Promise.race([askProgress(client, place, options.giveUp), options.stopped]);
    if (typeof heard === 'string') return { why: heard, progress: last };
    if (options.giveUp.aborted) return { why: 'interrupted', progress: last };
    stall(heard);
    if (heard !== null) {
      last = heard;
      options.onProgress?.(heard);
      if (options.passWaiting !== true && waitingStates.includes(heard.state)) return { why: 'needs_person', progress: heard };
    }
    const pause = sleep(Math.max(0, asked + pollEveryMs - performance.now()), null, { signal: options.giveUp }).catch(() => null);
    const stop = await Promise.race([pause, options.stopped]);
    if (stop !== null) return { why: stop, progress: last };
  }
}

function stallWatch(onStall: (() => void) | undefined): (progress: RunProgress | null) => void {
  let [seen, since] = ['', performance.now()];
  return (progress) => {
    const now = JSON.stringify(progress);
    if (now !== seen && progress !== null) [seen, since] = [now, performance.now()];
    if (performance.now() - since < stallMs) return;
    since = performance.now();
    onStall?.();
  };
}

