import { bareReport } from '#domain/build-report.ts';
import type { BatchEntry, BatchSummary } from '#domain/batch.ts';
import { AppError, type ErrorSummary } from '#domain/errors.ts';
import { toCamelKeys } from '#domain/json-keys.ts';
import { initialState } from '#domain/loop/state.ts';
import { closedStates, type Report } from '#domain/report.ts';
import { summarizeRun } from '#domain/run-summary.ts';
import type { BatchRecord, Store } from '#store/store.ts';

/** A batch with the report of each review that has one. */
export interface BatchReport {
  readonly runId: string;
  readonly workflowId: string;
  readonly summary: BatchSummary;
  readonly reviews: readonly BatchReview[];
}

export interface BatchReview {
  readonly entry: BatchEntry;
  /** Null where the review never got so far. */
  readonly report: Report | null;
}

/** The full report of a run, with what has been saved or committed since; null where none was written. */
export async function loadReport(store: Store, runId: string): Promise<Report | null> {
  const [json, saved, commit] = await Promise.all([store.getReport(runId, 'json'), store.getEffect(runId, 'saved'), store.getEffect(runId, 'committed')]);
  if (json === null) return null;
  const report = toCamelKeys(JSON.parse(json)) as Report;
  return { ...report, ...(await draftedNow(store, report)), saved: report.saved ?? saved, commit: report.commit ?? commit };
}

// A drafted file whose review waited for a person when the report was written may have ended since.
async function draftedNow(store: Store, { drafted }: Report): Promise<Pick<Report, 'drafted'>> {
  if (drafted === undefined) return {};
  const files = drafted.files.map(async (file) => {
    const isOver = file.runId === undefined || closedStates.includes(file.state);
    return isOver ? file : upToDate(file, await loadReport(store, file.runId!));
  });
  return { drafted: { ...drafted, files: await Promise.all(files) } };
}

/** What a cancelled run leaves where it was cancelled before it could write a report. */
export async function cancelledReport(store: Store, place: { readonly runId: string; readonly workflowId: string }): Promise<Report> {
  const [report, record] = await Promise.all([loadReport(store, place.runId), store.getRun(place.runId)]);
  if (report !== null) return report;
  const now = new Date().toISOString();
  const summary = { ...summarizeRun({ ...initialState, cancelled: true }), targetScore: record?.targetScore ?? initialState.limits.targetScore };
  return bareReport({ ...place, artifact: record?.artifact, summary, startedAt: record?.startedAt ?? now, closedAt: record?.closedAt ?? now });
}

/**
 * The batch with its reviews' reports.
 *
 * Fails   InvalidInput RUN_NOT_FINISHED
 */
export async function loadBatchReport(store: Store, batch: BatchRecord): Promise<BatchReport> {
  const { runId, workflowId, summary, entries } = batch;
  if (summary === undefined || entries === undefined) {
    throw new AppError('InvalidInput', 'RUN_NOT_FINISHED', `Batch ${runId} has not ended. Wait for it with \`koubou wait ${runId}\`.`);
  }
  const reviews = await Promise.all(entries.map(async (entry) => ({ entry, report: entry.runId === undefined ? null : await loadReport(store, entry.runId) })));
  return { runId, workflowId, summary, reviews: reviews.map(({ entry, report }) => ({ entry: upToDate(entry, report), report })) };
}

/** The entries of a batch with what has become of the reviews that waited for a person when it closed. */
export function entriesNow(store: Store, entries: readonly BatchEntry[]): Promise<BatchEntry[]> {
  const isOver = ({ runId, state }: BatchEntry): boolean => runId === undefined || closedStates.includes(state);
  return Promise.all(entries.map(async (entry) => (isOver(entry) ? entry : upToDate(entry, await loadReport(store, entry.runId!)))));
}

// A review that waited for a person when its batch closed may have ended since.
function upToDate(entry: BatchEntry, report: Report | null): BatchEntry {
  if (report === null) return entry;
  const { state, outcome, ready, initialScore, finalScore, error } = report;
  return { ...entry, state, outcome, ready, initialScore, finalScore, error };
}

/** Why a run has no report: its own error, else that it has not ended. */
export async function missingReport(store: Store, runId: string): Promise<ErrorSummary> {
  const record = await store.getRun(runId);
  if (record?.error !== undefined) return record.error;
  return { kind: 'InvalidInput', code: 'RUN_NOT_FINISHED', message: `Run ${runId} has not ended. Wait for it with \`koubou wait ${runId}\`.` };
}
