import type { Report } from '#domain/report.ts';
import { draftedRows, draftSentence } from '#reports/draft-rows.ts';
import { code, table, text } from './text.ts';

/** What the task was drafted as; where it became several files, each with its verdict and its run. */
export function draftSection({ drafted }: Report): string[] {
  if (drafted === undefined) return [];
  const rows = draftedRows(drafted).map(([path = '', verdict = '', score = '', run = '']) => [code(path), text(verdict), score, code(run)]);
  return ['## Draft', text(draftSentence(drafted)), ...(rows.length === 0 ? [] : [table(['File', 'Verdict', 'Score', 'Run'], rows)])];
}
