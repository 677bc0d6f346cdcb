import type { Report } from '#domain/report.ts';
import { agreementWord, contextLines, markRows, reviewerRows } from '#reports/panel-rows.ts';
import { table, text } from './text.ts';

/** How several reviewers agree; nothing for one alone. */
export function panelSection({ panel }: Report): string[] {
  if (panel === undefined) return [];
  const reviewers = table(['Reviewer, alone', 'Syntax', 'Logic', 'Performance', 'Security', 'Its own, of 10'], reviewerRows(panel).map((row) => row.map((cell) => text(cell) || '–')));
  const marks = table(['Mark for', 'By', 'Median', 'Agreement', 'Far off'], markRows(panel).map((row) => row.map((cell) => text(cell) || '–')));
  const agreement = panel.agreement === null ? [] : [`Agreement ${agreementWord(panel.agreement)} of 1.`];
  return ['## Panel', ...agreement, reviewers, ...(panel.marks.length === 0 ? [] : [marks])];
}

/** What models were shown of the project. */
export function projectSection({ context }: Report): string[] {
  if (context === undefined) return [];
  return ['## Project', 'Beside the text, reviewers were given:', contextLines(context).map((line) => `- ${text(line)}`).join('\n')];
}
