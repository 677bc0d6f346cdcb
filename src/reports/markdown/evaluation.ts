import type { Evaluation } from '#domain/report.ts';
import { scoreWord } from '#reports/wording.ts';
import { paragraphs, text } from './text.ts';

/** The words of a model's judgement, where there are any. */
export function evaluationSection(evaluation: Evaluation | undefined): string[] {
  if (evaluation === undefined) return [];
  const { conclusion, rationale, analysis, recommendations, technicalNotes, modelScore, warnings } = evaluation;
  const blocks = [
    ...paragraphs(conclusion ?? ''),
    ...paragraphs(rationale ?? ''),
    ...list('Strengths', analysis?.strengths),
    ...list('Weaknesses', analysis?.weaknesses),
    ...list('Recommendations', recommendations),
    ...list('Warnings', warnings),
    ...notes(technicalNotes),
    ...(modelScore == null ? [] : [`The model's own score: ${scoreWord(modelScore)}`]),
  ];
  return blocks.length === 0 ? [] : ['## Judgement', ...blocks];
}

function notes(technicalNotes = ''): string[] {
  const told = paragraphs(technicalNotes);
  return told.length === 0 ? [] : ['### Technical notes', ...told];
}

function list(title: string, items: readonly string[] = []): string[] {
  return items.length === 0 ? [] : [`### ${title}`, items.map((item) => `- ${text(item)}`).join('\n')];
}
