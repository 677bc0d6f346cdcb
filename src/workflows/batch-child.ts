import { ApplicationFailure, CancellationScope, ChildWorkflowFailure, condition, getExternalWorkflowHandle, isCancellation, startChild } from '@temporalio/workflow';
import type { BatchEntry } from '#domain/batch.ts';
import { isErrorKind, type ErrorSummary } from '#domain/errors.ts';
import type { Outcome, Report, RunState } from '#domain/report.ts';
import { toCamelKeys } from '#domain/json-keys.ts';
import type { ExpandedBatch } from '#activities/expand-batch.ts';
import { workflowTypes } from './messages.ts';

/** What a batch's workflow keeps while its children run. */
export interface BatchRun {
  readonly workflowId: string;
  readonly runId: string;
  readonly startedAt: string;
  readonly batch: ExpandedBatch;
  /** By index of the item; a hole is still under review. */
  readonly entries: BatchEntry[];
  next: number;
  /** Children that told us they wait for a person: workflow id → state. */
  readonly waiting: Map<string, RunState>;
  /** Ends of the children of this execution, those that were left to themselves among them: index of the item → entry. */
  readonly ends: Map<number, Promise<BatchEntry>>;
  /** Settles once the batch is to stop. */
  readonly cancelled: Promise<void>;
}

/**
 * Reviews one item as a child workflow and tells how it ended. A child that waits for a person is left to itself, so that
 * it holds up nobody; a child that fails is an entry, never a failure of the batch. Where the batch is cancelled the child
 * is, and its end is waited for: a request that leaves together with the batch's own end would never arrive.
 */
export function reviewChild(run: BatchRun, index: number): Promise<BatchEntry> {
  return CancellationScope.nonCancellable(() => followChild(run, index));
}

async function followChild(run: BatchRun, index: number): Promise<BatchEntry> {
  const { path, request } = run.batch.items[index]!;
  const workflowId = childId(run, index);
  const scope = new CancellationScope();
  try {
    const child = await scope.run(() => startChild(workflowTypes.review, { workflowId, args: [{ ...run.batch.shared, ...request }], parentClosePolicy: 'ABANDON' }));
    // Only a child that has started can be asked to stop.
    void run.cancelled.then(() => scope.cancel());
    const runId = child.firstExecutionRunId;
    const closed = child.result().then((result) => fromResult(path, result), (error: unknown) => fromError({ path, runId }, error));
    run.ends.set(index, closed);
    const waits = condition(() => run.waiting.has(workflowId)).then(() => waitingEntry(path, runId, run.waiting.get(workflowId) ?? 'parked'));
    return await Promise.race([closed, waits]);
  } catch (error) {
    return fromError({ path }, error);
  }
}

function childId({ workflowId, runId }: BatchRun, index: number): string {
  return `${workflowId}/${runId.slice(0, 8)}/${index + 1}`;
}

/** What a cancelled batch comes to: every child has ended or been told to, and what was never begun is cancelled too. */
export async function endedEntries(run: BatchRun): Promise<BatchEntry[]> {
  return Promise.all(run.batch.items.map(async ({ path }, index) => {
    const own = run.ends.get(index);
    if (own !== undefined) return own;
    const entry = run.entries[index];
    if (entry === undefined) return cancelledEntry({ path });
    if (waitsForPerson(entry)) await cancelEarlierChild(childId(run, index));
    return entry;
  }));
}

function waitsForPerson({ state }: BatchEntry): boolean {
  return state !== 'completed' && state !== 'failed' && state !== 'cancelled';
}

// A child of an execution that has handed over is no child of this one. It may have ended since, which is as good.
async function cancelEarlierChild(workflowId: string): Promise<void> {
  await getExternalWorkflowHandle(workflowId).cancel().catch(() => undefined);
}

function fromResult(path: string, result: unknown): BatchEntry {
  const report = toCamelKeys(result) as Report;
  const { runId, state, outcome, ready, initialScore, finalScore, error } = report;
  return { path, runId, state, outcome, ready, initialScore, finalScore, error };
}

function waitingEntry(path: string, runId: string, state: RunState): BatchEntry {
  return { path, runId, state, ...nothing, error: null };
}

const nothing = { outcome: null as Outcome | null, ready: false, initialScore: null, finalScore: null };

function fromError(place: Pick<BatchEntry, 'path' | 'runId'>, error: unknown): BatchEntry {
  const cause = error instanceof ChildWorkflowFailure ? error.cause : error;
  if (isCancellation(error) || isCancellation(cause)) return cancelledEntry(place);
  return { ...place, state: 'failed', ...nothing, error: summaryOf(cause) };
}

function cancelledEntry(place: Pick<BatchEntry, 'path' | 'runId'>): BatchEntry {
  return { ...place, state: 'cancelled', ...nothing, error: null };
}

function summaryOf(cause: unknown): ErrorSummary {
  const message = cause instanceof Error ? cause.message : 'The review ended without a word.';
  if (!(cause instanceof ApplicationFailure)) return { kind: 'Bug', code: 'UNEXPECTED', message };
  const [details] = (cause.details ?? []) as ({ code?: string; step?: string } | undefined)[];
  return {
    kind: isErrorKind(cause.type) ? cause.type : 'Bug',
    code: details?.code ?? 'UNEXPECTED',
    message,
    ...(details?.step === undefined ? {} : { step: details.step }),
  };
}
