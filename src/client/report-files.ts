import { join } from 'node:path';
import type { Report } from '#domain/report.ts';
import { writeNamedFile } from '#io/named-files.ts';
import { renderReport, reportFormat } from '#reports/registry.ts';

/**
 * Writes a report once per format and says in it where: the paths of `reports` exist when this returns.
 *
 * In      stem  path without the ending, such as '<folder>/<run id>/report'
 * Fails   InvalidInput OUTPUT_NOT_WRITABLE, INPUT_UNKNOWN_FORMAT
 */
export function writeReportFiles(report: Report, formats: readonly string[], stem: string): Report {
  const paths = Object.fromEntries([...new Set(formats)].map((id) => [id, `${stem}.${reportFormat(id).extension}`]));
  const complete: Report = { ...report, reports: paths };
  for (const [id, path] of Object.entries(paths)) writeNamedFile(path, renderReport(id, complete));
  return complete;
}

/** Where a run's report files stand below the usual folder, if no other one was asked for. */
export function usualReportStem(folder: string, runId: string): string {
  return join(folder, runId, 'report');
}

/** Where a review's report stands in a folder that was asked for: alone 'report', within a batch as its artifact's own path. */
export function askedReportStem(folder: string, report: Report, isAlone: boolean): string {
  if (isAlone) return join(folder, 'report');
  const segments = (report.artifact.path ?? report.artifact.name).split('/').filter((segment) => segment !== '' && segment !== '.' && segment !== '..');
  return join(folder, ...segments);
}
