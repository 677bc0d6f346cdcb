import { entriesNow } from '#client/run-report.ts';
import { countReviews, type BatchEntry, type BatchSummary } from '#domain/batch.ts';
import { closedStates } from '#domain/report.ts';
import { visibleLine } from '#reports/visible.ts';
import type { Store } from '#store/store.ts';

/** A batch that has ended, as it is now: a review that waits for a person outlives it. */
export interface EndedBatch {
  readonly summary: BatchSummary;
  readonly entries: readonly BatchEntry[];
  /** Reviews that have not ended; `summary.failed` does not count them. */
  readonly waiting: number;
}

/** Null where nothing is recorded of its end. */
export async function readEndedBatch(store: Store, runId: string): Promise<EndedBatch | null> {
  const { summary, entries: atItsEnd = [] } = (await store.getBatch(runId)) ?? {};
  if (summary === undefined) return null;
  const entries = await entriesNow(store, atItsEnd);
  const waiting = entries.filter(({ state }) => !closedStates.includes(state)).length;
  const { ready, belowTarget, notJudged, failed } = countReviews(entries);
  return { summary: { ...summary, ready, belowTarget, notJudged, failed: failed - waiting }, entries, waiting };
}

/** `2 of 5 ready, 1 below the target, …` */
export function batchCounts({ summary: { total, ready, belowTarget, notJudged, failed }, waiting }: EndedBatch): string {
  const waits = waiting === 0 ? '' : `, ${waiting} waiting for a person`;
  return `${ready} of ${total} ready, ${belowTarget} below the target, ${notJudged} not judged, ${failed} failed${waits}.`;
}

/** One line for each review. */
export function batchEntryLine({ path, runId, state, ready, finalScore, error }: BatchEntry): string {
  const place = runId === undefined ? '' : `, run_id ${runId}`;
  return `- ${visibleLine(path)}: ${state.replaceAll('_', ' ')}, score ${finalScore ?? 'none'}, ${ready ? 'ready' : 'not ready'}${place}${error === null ? '' : ` (${error.code})`}`;
}

/** What a model can do about a batch that has ended. */
export function nextStepOfBatch(runId: string, { summary, waiting }: EndedBatch): string {
  if (summary.error !== undefined) return 'Remove what error names, then call review_start again.';
  if (waiting > 0) return 'Reviews of it wait for a person: call review_status with the run_id of each, and do what its next_step says.';
  return `Call review_result with the run_id of a file for its report, text or diff; with ${runId} for the list.`;
}
