import type { Report } from '#domain/report.ts';
import { agreementWord, contextLines, markRows, reviewerRows } from '#reports/panel-rows.ts';
import { visibleLine } from '#reports/visible.ts';
import { displayWidth, fitTo, padTo } from '#reports/width.ts';
import type { Paint } from './paint.ts';

const header = ['', 'syntax', 'logic', 'performance', 'security', 'own, of 10'];

/** How the reviewers agree, where there are several: what each would give alone, then the marks of models. */
export function panelLines({ panel }: Report, paint: Paint, width: number): string[] {
  if (panel === undefined) return [];
  const marks = markRows(panel).map(([name = '', by = '', median = '', agreement = '', outliers = '']) => {
    const odd = outliers === '' ? '' : paint.fair(`  far off: ${visibleLine(outliers)}`);
    return `${fitTo(`  ${visibleLine(name)}: ${visibleLine(by)}`, width - 30, paint.signs.ellipsis)}${paint.dim(`  median ${median}, agreement ${agreement}`)}${odd}`;
  });
  return [
    `${paint.bold(`Panel of ${panel.reviewers.length}`)}${panel.agreement === null ? '' : paint.dim(`, agreement ${agreementWord(panel.agreement)}`)}`,
    ...columns([header, ...reviewerRows(panel)]).map((line, index) => (index === 0 ? paint.dim(line) : line)),
    ...marks,
  ];
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const cells = rows.map((row) => row.map((cell) => visibleLine(cell)));
  const widths = header.map((_, column) => Math.max(...cells.map((row) => displayWidth(row[column] ?? ''))));
  return cells.map((row) => `  ${row.map((cell, column) => padTo(cell, widths[column]!)).join('  ')}`.trimEnd());
}

/** What models were shown of the project. */
export function projectLines({ context }: Report, paint: Paint, width: number): string[] {
  if (context === undefined) return [];
  const [first = '', ...others] = contextLines(context).map((line) => visibleLine(line));
  return [`${paint.bold('Project')} ${fitTo(first, width - 8, paint.signs.ellipsis)}`, ...others.map((line) => fitTo(`  ${line}`, width, paint.signs.ellipsis))];
}
