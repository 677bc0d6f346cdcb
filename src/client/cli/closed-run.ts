import type { BatchSummary } from '#domain/batch.ts';
import type { Store } from '#store/store.ts';
import type { RunPlace } from '#client/run-place.ts';
import type { FollowedEnd } from './follow-run.ts';

/** How a run that the store knows to be closed has ended: the service may have forgotten it. */
export async function closedEnd(store: Store, { kind, runId }: RunPlace): Promise<FollowedEnd> {
  if (kind === 'batch') return closedBatchEnd((await store.getBatch(runId))?.summary ?? {});
  const run = await store.getRun(runId);
  if (run?.state === 'cancelled') return { why: 'cancelled' };
  const hasReport = (await store.listReportFormats(runId)).includes('json');
  if (hasReport) return { why: 'completed', result: null };
  return { why: 'failed', error: run?.error ?? { kind: 'Unavailable', code: 'REPORT_MISSING', message: 'The run has ended, but its report is not in this store. Start it again.' } };
}

function closedBatchEnd({ cancelled, error }: Pick<BatchSummary, 'cancelled' | 'error'>): FollowedEnd {
  if (error !== undefined) return { why: 'failed', error };
  return cancelled === true ? { why: 'cancelled' } : { why: 'completed', result: null };
}
