import type { Evaluation } from '#domain/report.ts';
import type { Reading } from '#reviewers/answers/read-answer.ts';

/** What people read of it; a report is no place for more. UTF-16 units. */
const longestText = 8_000;
const longestItem = 1_000;
const mostItems = 50;

/**
 * The free words of an answer and its own number and word, of bounded size. Untrusted.
 *
 * In      mask takes secrets out of them
 */
export function evaluationIn({ conclusion, rationale, analysis, recommendations, technicalNotes, score, ready }: Reading, mask: (words: string) => string): Evaluation {
  const cut = (text: string, length: number): string => shorten(mask(text), length);
  const list = (items: readonly string[]): string[] => items.slice(0, mostItems).map((item) => cut(item, longestItem));
  return {
    ...(conclusion === undefined ? {} : { conclusion: cut(conclusion, longestText) }),
    ...(rationale === undefined ? {} : { rationale: cut(rationale, longestText) }),
    ...(analysis === undefined ? {} : { analysis: { strengths: list(analysis.strengths), weaknesses: list(analysis.weaknesses) } }),
    ...(recommendations === undefined ? {} : { recommendations: list(recommendations) }),
    ...(technicalNotes === undefined ? {} : { technicalNotes: cut(technicalNotes, longestText) }),
    modelScore: score,
    modelReady: ready,
  };
}

function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1).toWellFormed()}…` : text;
}
