import { ApplicationFailure, ChildWorkflowFailure, condition, isCancellation, startChild } from '@temporalio/workflow';
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
}

/**
 * Reviews one item as a child workflow and tells how it ended. A child that waits for a person is left to itself, so that
 * it holds up nobody; a child that fails is an entry, never a failure of the batch.
 */
export async function reviewChild(run: BatchRun, index: number): Promise<BatchEntry> {
  const item = run.batch.items[index]!;
  const workflowId = `${run.workflowId}/${run.runId.slice(0, 8)}/${index + 1}`;
  try {
    const child = await startChild(workflowTypes.review, { workflowId, args: [{ ...run.batch.shared, ...item.request }], parentClosePolicy: 'ABANDON' });
    const closed = child.result().then((result) => fromResult(item.path, result), (error: unknown) => fromError({ path: item.path, runId: child.firstExecutionRunId }, error));
    const waits = condition(() => run.waiting.has(workflowId)).then(() => waitingEntry(item.path, child.firstExecutionRunId, run.waiting.get(workflowId) ?? 'parked'));
    return await Promise.race([closed, waits]);
  } catch (error) {
    return fromError({ path: item.path }, error);
  }
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
  if (isCancellation(error) || isCancellation(cause)) return { ...place, state: 'cancelled', ...nothing, error: null };
  return { ...place, state: 'failed', ...nothing, error: summaryOf(cause) };
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
