import { categories, severities, type Category, type Severity } from '#domain/finding.ts';
import type { AnswerFinding } from '#reviewers/answers/read-answer.ts';

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

/** The category that a model's word means; what names none of ours is about what the text says. */
export function categoryOf({ category = '' }: AnswerFinding): Category {
  const exact = categories.find((known) => known === category.trim().toLowerCase());
  return exact ?? categoryWords.find(([words]) => words.test(category.slice(0, 100)))?.[1] ?? 'logic';
}

/** The severity that a model's word means; 'medium' for words of another kind. */
export function severityOf({ severity = '' }: AnswerFinding): Severity {
  const exact = severities.find((known) => known === severity.trim().toLowerCase());
  return exact ?? severityWords.find(([words]) => words.test(severity.slice(0, 100)))?.[1] ?? 'medium';
}
