import { CancelledFailure, CancellationScope, continueAsNew, defineQuery, defineSignal, isCancellation, setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow';
import { summarizeBatch, type BatchEntry } from '#domain/batch.ts';
import { toSnakeKeys } from '#domain/json-keys.ts';
import type { RunState } from '#domain/report.ts';
import type { ExpandedBatch } from '#activities/expand-batch.ts';
import { reportStep, workspaceStep } from './activity-options.ts';
import { endedEntries, reviewChild, type BatchRun } from './batch-child.ts';
import { asWorkflowFailure, readFailure, workflowFailure } from './failures.ts';
import { childWaitsSignal, progressQuery } from './messages.ts';

/** What one run of a batch hands to the next (continue-as-new). */
interface Carried {
  readonly batch: ExpandedBatch;
  readonly entries: readonly BatchEntry[];
  readonly startedAt: string;
}

/** A run hands over after so many reviews, at the latest; each costs about 10 events of the 4,096 that Temporal suggests. */
const reviewsPerRun = 300;

/**
 * Reviews many artifacts, some at a time; one bad item never stops the others. A cancelled batch starts no further review,
 * cancels those at work and is Canceled once they have ended. In and out: contracts §3.
 */
export async function reviewBatch(request: unknown, carried?: Carried, perRun = reviewsPerRun): Promise<unknown> {
  const stop = CancellationScope.current();
  try {
    const run = carried === undefined ? await startBatch(request) : takeOver(carried);
    listen(run);
    await reviewSome(run, perRun, stop);
    if (stop.consideredCancelled) return await closeCancelled(run);
    const { batch, entries, startedAt } = run;
    if (run.next < batch.items.length) return await continueAsNew<typeof reviewBatch>(request, { batch, entries, startedAt }, perRun);
    return await close(run, {});
  } catch (error) {
    throw explain(error);
  }
}

async function startBatch(request: unknown): Promise<BatchRun> {
  const { firstExecutionRunId: runId, workflowId, startTime } = workflowInfo();
  const startedAt = startTime.toISOString();
  try {
    const batch = await workspaceStep('list the files').expandBatch({ request, runId, workflowId, startedAt });
    return takeOver({ batch, entries: [], startedAt });
  } catch (error) {
    if (isCancellation(error)) await closeCancelled(takeOver({ batch: nothingListed, entries: [], startedAt }), request);
    throw error;
  }
}

const nothingListed: ExpandedBatch = { shared: {}, items: [], skipped: [], concurrency: 1 };

function takeOver({ batch, entries, startedAt }: Carried): BatchRun {
  const { firstExecutionRunId: runId, workflowId } = workflowInfo();
  const cancelled = CancellationScope.current().cancelRequested.catch(() => undefined);
  return { workflowId, runId, startedAt, batch, entries: [...entries], next: entries.length, waiting: new Map(), ends: new Map(), cancelled };
}

function listen(run: BatchRun): void {
  setHandler(defineSignal<[{ workflow_id: string; state: RunState }]>(childWaitsSignal), ({ workflow_id, state }) => void run.waiting.set(workflow_id, state));
  setHandler(defineQuery<unknown>(progressQuery), () => progress(run));
}

/** `request` only where the batch may not have been recorded yet. */
interface Ending {
  readonly cancelled?: true;
  readonly request?: unknown;
}

// Once all is reviewed a cancellation comes too late: the end is recorded as it is.
function close({ runId, workflowId, batch, entries, startedAt }: BatchRun, { cancelled, request }: Ending): Promise<unknown> {
  const closedAt = new Date().toISOString();
  const facts = { skipped: batch.skipped, startedAt, closedAt, ...(cancelled === undefined ? {} : { cancelled }) };
  const input = { runId, workflowId, summary: summarizeBatch(entries, facts), entries, closedAt, ...(request === undefined ? {} : { request }) };
  return CancellationScope.nonCancellable(() => reportStep('close the batch').publishBatch(input));
}

async function closeCancelled(run: BatchRun, request?: unknown): Promise<never> {
  const entries = await CancellationScope.nonCancellable(() => endedEntries(run));
  await close({ ...run, entries }, { cancelled: true, request });
  throw new CancelledFailure('The batch was cancelled.');
}

/** Takes items until the batch or this run's share of it is done, or it is to stop; each lane reviews one at a time. */
async function reviewSome(run: BatchRun, perRun: number, stop: CancellationScope): Promise<void> {
  const end = Math.min(run.batch.items.length, run.next + perRun);
  const lane = async (): Promise<void> => {
    while (run.next < end && !workflowInfo().continueAsNewSuggested && !stop.consideredCancelled) {
      const index = run.next;
      run.next += 1;
      run.entries[index] = await reviewChild(run, index);
      setCurrentDetails(story(run));
    }
  };
  await Promise.all(Array.from({ length: run.batch.concurrency }, lane));
}

function progress(run: BatchRun): unknown {
  const done = run.entries.filter((entry) => entry !== undefined).length;
  const total = run.batch.items.length;
  return toSnakeKeys({
    state: 'reviewing', phase: 'review', iteration: done, maxIterations: total, score: null, targetScore: run.batch.shared.target_score ?? 85,
    scores: run.entries.map((entry) => entry?.finalScore ?? null), startedAt: run.startedAt, done, total, nextStep: `koubou wait ${run.runId}`,
  });
}

function story(run: BatchRun): string {
  const rows = run.entries.flatMap((entry) => (entry === undefined ? [] : [`| ${entry.path} | ${entry.initialScore ?? '-'} | ${entry.finalScore ?? '-'} | ${entry.outcome ?? entry.state} |`]));
  return [`${rows.length} of ${run.batch.items.length} reviewed`, '', '| artifact | before | after | outcome |', '|---|---|---|---|', ...rows.slice(-50)].join('\n');
}

function explain(error: unknown): unknown {
  if (isCancellation(error)) return error;
  try {
    return workflowFailure(readFailure(error).error);
  } catch (other) {
    return asWorkflowFailure(other);
  }
}
