import { join } from 'node:path';
import { toSnakeKeys } from '#domain/json-keys.ts';
import { stateOfBatch } from '#domain/batch.ts';
import { batchSchema } from '#domain/report.ts';
import { AppError } from '#domain/errors.ts';
import { writeNamedFile } from '#io/named-files.ts';
import { safeJson } from '#reports/json.ts';
import { scoreWord } from '#reports/wording.ts';
import type { BatchReport, BatchReview } from '#client/run-report.ts';
import { exitCodeOfBatch, exitCodes, type ExitCode } from './exit-code.ts';
import { writeFiles, type ShowContext } from './show-report.ts';
import { table } from './table.ts';
import { errorObject } from './tell-error.ts';

/** Refuses formats that a batch cannot print at once. Fails with InvalidInput INPUT_INVALID. */
export function checkBatchFormat({ print, out }: ShowContext['options']): void {
  if (print === 'human' || print === 'json' || out !== undefined) return;
  throw new AppError('InvalidInput', 'INPUT_INVALID', `A batch has one ${print} report per file: name a folder for them with --out DIR.`);
}

/** The same for a batch as `showReport` for one run. */
export function showBatch(batch: BatchReport, context: ShowContext, empty: ExitCode): ExitCode {
  const { output, options } = context;
  const complete = { ...batch, reviews: batch.reviews.map(({ entry, report }) => ({ entry, report: report === null ? null : writeFiles(report, context, false) })) };
  const json = batchJson(complete);
  if (options.out?.formats.includes('json') === true) writeNamedFile(join(options.out.folder, 'batch.json'), `${safeJson(json, 2)}\n`);
  if (options.print === 'json') output.json(json);
  else output.print(batchText(complete, context));
  return batch.summary.cancelled === true ? exitCodes.below : exitCodeOfBatch(batch.reviews.map(({ entry }) => entry), empty);
}

/** The one object that `--json` prints for a batch. */
export function batchJson({ runId, workflowId, summary, reviews }: BatchReport): object {
  const state = stateOfBatch(summary);
  return { schema: batchSchema, run_id: runId, workflow_id: workflowId, ...(state === 'completed' ? {} : { state }), summary: toSnakeKeys(summary), reports: reviews.map(reviewJson) };
}

function reviewJson({ entry, report }: BatchReview): object {
  if (report !== null) return toSnakeKeys(report);
  const { path, runId, state, error } = entry;
  if (error !== null) return { ...errorObject(error, runId), artifact: { path }, state };
  return { ...(runId === undefined ? {} : { run_id: runId }), artifact: { path }, state, initial_score: null, final_score: null };
}

function batchText(batch: BatchReport, context: ShowContext): string {
  const { summary, reviews } = batch;
  const { total, ready, belowTarget, notJudged, failed, skipped } = summary;
  const counts = [`${ready} of ${total} at the target`, ...told(belowTarget, 'below it'), ...told(notJudged, 'not judged'), ...told(failed, 'without a result'), ...told(skipped.length, 'skipped')];
  const rows = reviews.map(({ entry }) => [entry.path, scoreWord(entry.initialScore), scoreWord(entry.finalScore), entry.error?.message ?? (entry.outcome ?? entry.state).replaceAll('_', ' ')]);
  const left = skipped.map(({ path, because }) => [path, because]);
  const first = summary.cancelled === true ? 'Cancelled: ' : total === 0 ? `${nothingFound(skipped.length)}\n` : '';
  const parts = [`${first}${counts.join(', ')}\n`, table(['FILE', 'BEFORE', 'AFTER', 'OUTCOME'], rows), table(['SKIPPED', 'BECAUSE'], left.slice(0, skippedShown)), nextText(batch, context)];
  return parts.filter((part) => part !== '').join('\n');
}

function nothingFound(skipped: number): string {
  return skipped > 0 ? 'Nothing to review: no engine judges what was found.' : 'Nothing to review: no file was found. What git ignores does not count.';
}

/** The rest is in the JSON. */
const skippedShown = 10;

function told(count: number, what: string): string[] {
  return count === 0 ? [] : [`${count} ${what}`];
}

function nextText(batch: BatchReport, { command, options, config, webUi }: ShowContext): string {
  const { runId, reviews } = batch;
  const unsaved = reviews.filter(({ report }) => report !== null && report.saved === null && (report.bestRevision?.iteration ?? 1) > 1);
  const folder = options.out?.folder ?? config.settings.reports.directory;
  const link = webUi(batch);
  return [
    ...(unsaved.length === 0 ? [] : [`Result   Nothing was written for ${unsaved.length} improved. To save: ${command} apply ${runId} [--commit]`]),
    `Reports  ${folder}`,
    ...(link === undefined ? [] : [`Web UI   ${link}`]),
    '',
  ].join('\n');
}
