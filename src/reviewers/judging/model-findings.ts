import { categories, severities, type Category, type Finding, type Severity } from '#domain/finding.ts';
import type { AnswerFinding } from '#reviewers/answers/read-answer.ts';
import { findingIds } from '#reviewers/finding-ids.ts';
import { redactor } from '#reviewers/redact.ts';
import type { Evidence, Passage } from './evidence.ts';

/** Confidence of a finding whose quote stands in the text: above 0.6, from which a finding is confirmed, and below what engines that compute are given. */
const quotedConfidence = 0.8;
/** Confidence of a finding whose quote does not: half of what confirms, so that it costs little and blocks nothing. */
const unquotedConfidence = 0.3;

const categoryWords: readonly (readonly [RegExp, Category])[] = [
  [/secur|vulnerab|injection|安全|セキュリティ|脆弱/i, 'security'],
  [/perform|efficien|speed|性能|パフォーマンス/i, 'performance'],
  [/syntax|type error|compil|format of|構文/i, 'syntax'],
  [/doc|wording|clarity|文書|表現/i, 'documentation'],
  [/style|naming|format|lint|スタイル|書式/i, 'style'],
];
const severityWords: readonly (readonly [RegExp, Severity])[] = [
  [/^p0|critical|blocker|fatal|致命/i, 'critical'],
  [/^p1|high|error|major|severe|重大|高/i, 'high'],
  [/^p3|low|minor|nit|trivial|軽微|低/i, 'low'],
  [/^p4|info|note|hint|情報/i, 'info'],
];

export interface FindingContext {
  /** Id of the provider that answered. */
  readonly source: string;
  readonly path: string;
  readonly text: string;
  readonly evidence: Evidence;
}

/**
 * What a model found, in the order of the text, each placed where its quote stands, whatever line the model named.
 *
 * Out     rule '<provider>/<category>-<severity>': a model has no rules, and this counts its remarks of one weight as repetitions of
 *         one (score model 1), so that many small ones never outweigh a grave one. The id leaves the severity out: models waver in it
 */
export function toFindings(answered: readonly AnswerFinding[], context: FindingContext): Finding[] {
  const ids = findingIds();
  const clean = redactor(context.text, []);
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

// What names no category of ours is about what the text says.
function categoryOf({ category = '' }: AnswerFinding): Category {
  const exact = categories.find((known) => known === category.trim().toLowerCase());
  return exact ?? categoryWords.find(([words]) => words.test(category.slice(0, 100)))?.[1] ?? 'logic';
}

function severityOf({ severity = '' }: AnswerFinding): Severity {
  const exact = severities.find((known) => known === severity.trim().toLowerCase());
  return exact ?? severityWords.find(([words]) => words.test(severity.slice(0, 100)))?.[1] ?? 'medium';
}
