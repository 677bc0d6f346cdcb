import type { Report } from '#domain/report.ts';
import { draftedRows, draftSentence } from '#reports/draft-rows.ts';
import { visibleLine } from '#reports/visible.ts';
import { displayWidth, fitTo, padTo } from '#reports/width.ts';
import { counted } from '#reports/wording.ts';
import type { Paint } from './paint.ts';

/** What the task was drafted as; where it became several files, each with its verdict and its run. */
export function draftLines({ drafted }: Report, paint: Paint, width: number): string[] {
  if (drafted === undefined) return [];
  const sentence = fitTo(visibleLine(draftSentence(drafted)), width, paint.signs.ellipsis);
  const rows = draftedRows(drafted).map((row) => row.map(visibleLine));
  if (rows.length === 0) return [sentence];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => displayWidth(row[column] ?? ''))));
  const lines = rows.map(([path = '', verdict = '', score = '', run = '']) => `  ${padTo(path, widths[0]!)}  ${padTo(verdict, widths[1]!)}  ${padTo(score, widths[2]!)}  ${paint.dim(run)}`);
  return [sentence, `${paint.bold(counted(rows.length, 'drafted file'))}, each reviewed by a run of its own`, ...lines];
}
