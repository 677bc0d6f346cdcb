import { AppError } from '#domain/errors.ts';
import type { Report } from '#domain/report.ts';
import { renderHtml } from './html/page.ts';
import { renderHuman } from './human/human.ts';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown/markdown.ts';
import { renderRdjson } from './rdjson.ts';
import type { RenderOptions } from './render-options.ts';
import { renderSarif } from './sarif.ts';

/** One way to write a report down: a pure function of the report. */
export interface ReportFormat {
  readonly id: FormatId;
  readonly mediaType: string;
  /** Without the dot. */
  readonly extension: string;
  readonly render: (report: Report, options?: RenderOptions) => string;
}

export const formatIds = ['human', 'json', 'markdown', 'html', 'sarif', 'junit', 'rdjson'] as const;
export type FormatId = (typeof formatIds)[number];

export const reportFormats: Readonly<Record<FormatId, ReportFormat>> = {
  human: { id: 'human', mediaType: 'text/plain', extension: 'txt', render: renderHuman },
  json: { id: 'json', mediaType: 'application/json', extension: 'json', render: renderJson },
  markdown: { id: 'markdown', mediaType: 'text/markdown', extension: 'md', render: renderMarkdown },
  html: { id: 'html', mediaType: 'text/html', extension: 'html', render: renderHtml },
  sarif: { id: 'sarif', mediaType: 'application/sarif+json', extension: 'sarif', render: renderSarif },
  junit: { id: 'junit', mediaType: 'application/xml', extension: 'xml', render: renderJunit },
  rdjson: { id: 'rdjson', mediaType: 'application/json', extension: 'rdjson', render: renderRdjson },
};

export function isFormatId(id: string): id is FormatId {
  return formatIds.some((known) => known === id);
}

/** The format of that id. Fails with InvalidInput INPUT_UNKNOWN_FORMAT. */
export function reportFormat(id: string): ReportFormat {
  if (isFormatId(id)) return reportFormats[id];
  throw new AppError('InvalidInput', 'INPUT_UNKNOWN_FORMAT', `There is no such report format. Choose one of: ${formatIds.join(', ')}.`);
}

/** A report in the format of that id, text that ends with a line feed. Fails as `reportFormat` does. */
export function renderReport(id: string, report: Report, options?: RenderOptions): string {
  return reportFormat(id).render(report, options);
}
