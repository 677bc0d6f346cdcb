import { CancellationScope, defineSignal, setHandler } from '@temporalio/workflow';
import type { BatchEntry } from '#domain/batch.ts';
import type { DraftReport, RunState } from '#domain/report.ts';
import type { RunSummary } from '#domain/run-summary.ts';
import type { Drafted } from '#activities/draft-artifact.ts';
import type { Opened } from '#activities/open-artifact.ts';
import { endedEntries, reviewChild, type BatchRun } from './batch-child.ts';
import { childWaitsSignal } from './messages.ts';
import type { ReviewRun } from './review-steps.ts';

/** The files that were drafted beside the run's own, each under review in a run of its own. */
export interface DraftedSet {
  readonly batch: BatchRun;
  /** Settles once each has ended, or waits for a person. */
  readonly reviewed: Promise<BatchEntry[]>;
}

/** Begins a review of every drafted file but the first, which is the run's own; null where there is no other. */
export function reviewOthers({ runId, workflowId, startedAt, request }: ReviewRun, opened: Opened, { files, taskSha256 }: Drafted): DraftedSet | null {
  const others = files.slice(1);
  if (others.length === 0) return null;
  const { artifact: _artifact, ...asked } = request as Readonly<Record<string, unknown>>;
  const { budgetUsd } = opened.request;
  const shared = { ...asked, ...(opened.artifact.root === undefined ? {} : { root: opened.artifact.root }), ...(budgetUsd === undefined ? {} : { budget_usd: budgetUsd }) };
  const items = others.map(({ path, sha256 }) => ({ path, request: { artifact: { path, sha256, task_sha256: taskSha256 } } }));
  const cancelled = CancellationScope.current().cancelRequested.catch(() => undefined);
  const batch: BatchRun = {
    workflowId, runId, startedAt, batch: { shared, items, skipped: [], concurrency: items.length }, entries: [], next: items.length, waiting: new Map(), ends: new Map(), cancelled,
  };
  setHandler(defineSignal<[{ workflow_id: string; state: RunState }]>(childWaitsSignal), ({ workflow_id, state }) => void batch.waiting.set(workflow_id, state));
  const review = async (index: number): Promise<BatchEntry> => (batch.entries[index] = await reviewChild(batch, index));
  return { batch, reviewed: Promise.all(items.map((_item, index) => review(index))) };
}

/** What the report says of the draft; the other reviews are waited for, all of them where the run was cancelled. */
export async function draftReport({ runId, drafted, others, opened }: ReviewRun, summary: RunSummary): Promise<DraftReport | undefined> {
  if (drafted === null || opened === null) return undefined;
  const entries = others === null ? [] : await endsOf(others, summary.state === 'cancelled');
  const { state, outcome, ready, initialScore, finalScore, error } = summary;
  const own: BatchEntry = { path: drafted.chosen.name, runId, state, outcome, ready, initialScore, finalScore, error };
  return { by: drafted.by, chosen: drafted.chosen, files: [own, ...entries] };
}

async function endsOf({ batch, reviewed }: DraftedSet, isCancelled: boolean): Promise<BatchEntry[]> {
  const entries = await reviewed;
  return isCancelled ? endedEntries(batch) : entries;
}
