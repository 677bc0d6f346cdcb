import type { Finding } from '#domain/finding.ts';
import type { AnswerFinding } from '#reviewers/answers/read-answer.ts';
import { findingIds } from '#reviewers/finding-ids.ts';
import { redactor } from '#reviewers/redact.ts';
import type { Evidence, Passage } from './evidence.ts';
import { categoryOf, severityOf } from './finding-words.ts';

/** Confidence of a finding whose quote stands in the text: above 0.6, from which a finding is confirmed, and below what engines that compute are given. */
const quotedConfidence = 0.8;
/** Confidence of a finding whose quote does not: half of what confirms, so that it costs little and blocks nothing. */
const unquotedConfidence = 0.3;

export interface FindingContext {
  /** Id of the provider that answered. */
  readonly source: string;
  readonly path: string;
  readonly text: string;
  readonly evidence: Evidence;
  /** Takes secrets out of a message. */
  readonly mask: (words: string) => string;
}

/**
 * What a model found, in the order of the text, each placed where its quote stands, whatever line the model named.
 *
 * Out     rule '<provider>/<category>-<severity>': a model has no rules, and this counts its remarks of one weight as repetitions of
 *         one (score model 1), so that many small ones never outweigh a grave one. The id leaves the severity out: models waver in it
 */
export function toFindings(answered: readonly AnswerFinding[], context: FindingContext): Finding[] {
  const ids = findingIds();
  const redact = redactor(context.text, []);
  const clean = (words: string): string => redact(context.mask(words));
  return answered
    .map((finding) => ({ finding, passage: finding.quote === undefined ? null : context.evidence.find(finding.quote, finding.line) }))
    .toSorted((a, b) => (a.passage?.start ?? -1) - (b.passage?.start ?? -1))
    .map(({ finding, passage }) => {
      const [category, severity] = [categoryOf(finding), severityOf(finding)];
      const message = clean(finding.message);
      const told = passage === null ? `Unverified, the text does not hold its quote: ${message}` : message;
      const rule = `${context.source}/${category}`;
      const place = placeOf(passage, context);
      return {
        id: ids.next(rule, passage === null ? told : context.evidence.positions.lineText(place.line)),
        ruleId: `${rule}-${severity}`,
        category,
        severity,
        confidence: passage === null ? unquotedConfidence : quotedConfidence,
        message: told,
        ...(finding.suggestion === undefined ? {} : { suggestion: clean(finding.suggestion) }),
        place,
        source: context.source,
        fixable: false,
      };
    });
}

/** Whether the finding's quote was found in the text. */
export function isQuoted({ confidence }: Finding): boolean {
  return confidence === quotedConfidence;
}

function placeOf(passage: Passage | null, { path, evidence: { positions } }: FindingContext): Finding['place'] {
  if (passage === null) return { path, line: 1, column: 1, endLine: 1, endColumn: positions.lineText(1).length + 1 };
  const { line, column } = positions.placeOf(passage.start);
  const end = positions.placeOf(passage.end);
  return { path, line, column, endLine: end.line, endColumn: end.column };
}
