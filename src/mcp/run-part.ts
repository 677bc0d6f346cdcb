import { evaluationResult } from '#client/evaluate-result.ts';
import { cancelledReport, loadReport, missingReport } from '#client/run-report.ts';
import type { RunPlace } from '#client/run-place.ts';
import { AppError } from '#domain/errors.ts';
import type { Report } from '#domain/report.ts';
import { safeJson } from '#reports/json.ts';
import { visibleLine } from '#reports/visible.ts';
import type { Store } from '#store/store.ts';
import { batchCounts, batchEntryLine, readEndedBatch } from './batch-standing.ts';
import { findVisibleRun } from './run-access.ts';
import type { McpReading } from './server-options.ts';
import type { ToolCall } from './tools/tool.ts';

export const resultParts = ['report', 'text', 'diff', 'json', 'evaluation', 'messages'] as const;
export type ResultPart = (typeof resultParts)[number];

/**
 * A part of what an ended run left; of one that waits for a person also the text and the diff that the decision is about.
 *
 * Fails   InvalidInput RUN_UNKNOWN, RUN_NOT_FINISHED, NO_REVISION, BATCH_HAS_NONE · the run's own error where it left nothing
 */
export async function runPart({ service, principal }: Pick<ToolCall, 'service' | 'principal'>, runId: string, part: ResultPart): Promise<string> {
  const reading = await service.read();
  const place = await findVisibleRun(runId, reading, principal);
  if (place.kind === 'batch') return batchPart(reading.store, place, part);
  const pending = place.closed ? null : await pendingPart(reading, place, part);
  if (pending !== null) return pending;
  const report = await reportOf(reading.store, place);
  return partOf(reading.store, report, part);
}

// Nobody can approve what he has not seen.
async function pendingPart({ store, reviews }: McpReading, place: RunPlace, part: ResultPart): Promise<string | null> {
  if (part !== 'text' && part !== 'diff') return null;
  const { revisions, artifact = 'artifact' } = (await reviews?.progress(place)) ?? {};
  if (revisions === undefined) return null;
  const after = await store.getText(revisions.best);
  if (part === 'text') return after;
  const [before, { unifiedDiff }] = await Promise.all([store.getText(revisions.first), import('#reports/diff.ts')]);
  return unifiedDiff({ name: artifact, before, after });
}

/** The report of an ended run. Fails with RUN_NOT_FINISHED, or with the run's own error where it has none. */
export async function reportOf(store: Store, place: RunPlace): Promise<Report> {
  const report = await loadReport(store, place.runId);
  if (report !== null) return report;
  if ((await store.getRun(place.runId))?.state === 'cancelled') return cancelledReport(store, place);
  const { kind, code, message } = await missingReport(store, place.runId);
  throw new AppError(kind, code, message);
}

async function partOf(store: Store, report: Report, part: ResultPart): Promise<string> {
  switch (part) {
    case 'report':
      return (await import('#reports/registry.ts')).renderReport('markdown', report);
    case 'json':
      return (await import('#reports/registry.ts')).renderReport('json', report);
    case 'diff':
      return report.diff ?? '';
    case 'evaluation':
      return `${safeJson(evaluationResult(report, report.targetScore / 10))}\n`;
    case 'messages':
      return (await import('#client/run-messages.ts')).runMessages(store, report);
    case 'text':
      if (report.bestRevision === null) throw new AppError('InvalidInput', 'NO_REVISION', 'The run has no revision: nothing could be opened.');
      return store.getText(report.bestRevision.sha256);
  }
}

/** The same of a batch, which has a report alone. */
export async function batchPart(store: Store, { runId }: Pick<RunPlace, 'runId'>, part: ResultPart): Promise<string> {
  if (part !== 'report') throw new AppError('InvalidInput', 'BATCH_HAS_NONE', `${part} is of one run, and this is a batch. Its report names the run of each file.`);
  const batch = await readEndedBatch(store, runId);
  if (batch === null) throw new AppError('InvalidInput', 'RUN_NOT_FINISHED', 'The batch has not ended.');
  const { error, skipped } = batch.summary;
  if (error !== undefined) throw new AppError(error.kind, error.code, error.message);
  const left = skipped.map(({ path, because }) => `- ${visibleLine(path)}: ${visibleLine(because)}`);
  return [`# Batch ${runId}`, '', batchCounts(batch), '', ...batch.entries.map(batchEntryLine), ...(left.length === 0 ? [] : ['', '## Left out', '', ...left]), ''].join('\n');
}
