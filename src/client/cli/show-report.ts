import { AppError } from '#domain/errors.ts';
import type { Report } from '#domain/report.ts';
import { askedReportStem, usualReportStem, writeReportFiles } from '#client/report-files.ts';
import { renderReport } from '#reports/registry.ts';
import type { LoadedConfig } from '#config.ts';
import type { Output } from './output.ts';
import { exitCodeOfBatch, exitCodes, type ExitCode } from './exit-code.ts';
import type { ReportOptions } from './report-options.ts';

export interface ShowContext {
  readonly output: Output;
  readonly config: LoadedConfig;
  readonly options: ReportOptions;
  /** How the user calls this program: 'koubou', 'npm start --'. */
  readonly command: string;
  /** Where a run can be looked at; undefined without a Web UI of our own. */
  readonly webUi: (place: Pick<Report, 'runId' | 'workflowId'>) => string | undefined;
}

/** Writes a run's report files, prints its result in the form asked for, and gives the exit code: the worst of those that were drafted together. */
export function showReport(report: Report, context: ShowContext): ExitCode {
  const { output, options } = context;
  const complete = writeFiles(report, context, true);
  if (options.print === 'human') output.print(humanReport(complete, context));
  else output.print(renderReport(options.print, complete));
  return exitCodeOfBatch([report, ...(report.drafted?.files.slice(1) ?? [])], exitCodes.nothing);
}

/** Writes the files of one report: into the folder asked for, else where reports usually lie. Out: the report with their paths. */
export function writeFiles(report: Report, { config, options, output }: ShowContext, isAlone: boolean): Report {
  const { out } = options;
  if (out !== undefined) return writeReportFiles(report, out.formats, askedReportStem(out.folder, report, isAlone));
  const { formats, directory } = config.settings.reports;
  // Nobody asked for these: a folder that cannot be written must not cost the result.
  try {
    return writeReportFiles(report, formats, usualReportStem(directory, report.runId));
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'OUTPUT_NOT_WRITABLE') throw error;
    output.warn(`koubou: no report files: ${error.message} The settings name it as reports.directory.`);
    return { ...report, reports: {} };
  }
}

function humanReport(report: Report, { output, command, webUi }: ShowContext): string {
  const { color, width, unicode } = output.result;
  const link = webUi(report);
  return renderReport('human', report, { color, unicode, command, ...(width === undefined ? {} : { width }), ...(link === undefined ? {} : { links: { webUi: link } }) });
}
