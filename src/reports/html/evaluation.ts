import type { Evaluation } from '#domain/report.ts';
import { scoreWord } from '#reports/wording.ts';
import { html, type Html } from './template.ts';

/** The words of a model's judgement; null where there are none. */
export function evaluationText(evaluation: Evaluation | undefined): Html | null {
  if (evaluation === undefined) return null;
  const { conclusion, rationale, analysis, recommendations, technicalNotes, modelScore, warnings } = evaluation;
  const blocks = [
    words('lead', conclusion),
    words('words', rationale),
    list('Strengths', analysis?.strengths),
    list('Weaknesses', analysis?.weaknesses),
    list('Recommendations', recommendations),
    list('Warnings', warnings),
    technicalNotes === undefined ? null : html`<h3>Technical notes</h3>${words('words', technicalNotes)}`,
    modelScore == null ? null : html`<p class="quiet">The model’s own score: ${scoreWord(modelScore)}</p>`,
  ].filter((block) => block !== null);
  return blocks.length === 0 ? null : html`${blocks}`;
}

function words(name: string, text: string | undefined): Html | null {
  return text === undefined || text === '' ? null : html`<p class="${name}">${text}</p>
`;
}

function list(title: string, items: readonly string[] = []): Html | null {
  return items.length === 0 ? null : html`<h3>${title}</h3><ul class="points">${items.map((item) => html`<li>${item}</li>`)}</ul>
`;
}
