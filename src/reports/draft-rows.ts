import type { BatchEntry } from '#domain/batch.ts';
import type { DraftReport } from '#domain/report.ts';
import { headline, scoreWord } from './wording.ts';

/** What a task was drafted as, and why: one sentence or two. Untrusted text in it. */
export function draftSentence({ by, chosen }: Pick<DraftReport, 'by' | 'chosen'>): string {
  return `Drafted ${chosen.name} (${chosen.language}) by ${by}. ${chosen.why}`;
}

/** Path, verdict, score and run of every drafted file; none where there is one alone, which the report is about. */
export function draftedRows({ files }: DraftReport): string[][] {
  return files.length < 2 ? [] : files.map((file) => [file.path, verdictOf(file), scoreWord(file.finalScore), file.runId ?? '']);
}

function verdictOf({ state, outcome, error }: BatchEntry): string {
  return headline({ state, outcome, error, iterations: [] });
}
