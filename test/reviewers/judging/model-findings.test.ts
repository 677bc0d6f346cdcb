import { describe, expect, test } from 'vitest';
import { isBlocker } from '#domain/finding.ts';
import { evidenceIn } from '#reviewers/judging/evidence.ts';
import { isQuoted, toFindings } from '#reviewers/judging/model-findings.ts';
import { evaluationIn } from '#reviewers/judging/free-words.ts';

const text = 'def add(a, b):\n    return a - b\n\npassword = "correct horse battery staple 42"\n';
const found = (...findings: Parameters<typeof toFindings>[0]) => toFindings(findings, { source: 'codex', path: 'a.py', text, evidence: evidenceIn(text), mask: (words) => words });
const quoted = { quote: 'return a - b', message: 'It subtracts.', category: 'logic', severity: 'high' };

describe('what a model found', () => {
  test('stands where its quote stands, in the order of the text, what has no quote first', () => {
    const findings = found({ message: 'None' }, { quote: 'password = ', message: 'Secret', category: 'security', severity: 'critical', line: 1 }, { ...quoted, line: 77, suggestion: 'Add.' });
    expect(findings.map(({ ruleId, place, confidence }) => [ruleId, place.line, place.column, place.endLine, place.endColumn, confidence])).toEqual([
      ['codex/logic-medium', 1, 1, 1, 15, 0.3],
      ['codex/logic-high', 2, 5, 2, 17, 0.8],
      ['codex/security-critical', 4, 1, 4, 11, 0.8],
    ]);
    expect(findings.map(isQuoted)).toEqual([false, true, true]);
    expect(findings.map((finding) => isBlocker(finding))).toEqual([false, true, true]);
  });

  test('has one id whatever severity a model gives it, and another for each fault of a line', () => {
    const [once] = found(quoted);
    const [again, twin] = found({ ...quoted, severity: 'low', message: 'Other words.' }, quoted);
    expect(again!.id).toBe(once!.id);
    expect(twin!.id).not.toBe(once!.id);
    const [missing] = found({ message: 'A' });
    const [other] = found({ message: 'B' });
    expect(other!.id).not.toBe(missing!.id);
  });

  test.each([
    ['Security', 'security'], ['vulnerability', 'security'], ['Efficiency', 'performance'], ['type error', 'syntax'], ['docs', 'documentation'], ['naming', 'style'], ['性能', 'performance'],
    ['セキュリティ', 'security'], ['bug', 'logic'], ['', 'logic'], [undefined, 'logic'],
  ])('of category %s is counted as %s', (category, counted) => {
    expect(found({ ...quoted, category: category! })[0]!.category).toBe(counted);
  });

  test.each([
    ['CRITICAL', 'critical'], ['blocker', 'critical'], ['P1', 'high'], ['Major', 'high'], ['重大', 'high'], ['minor', 'low'], ['nitpick', 'low'], ['note', 'info'], ['warning', 'medium'], ['', 'medium'], [undefined, 'medium'],
  ])('of severity %s weighs as %s', (severity, weight) => {
    expect(found({ ...quoted, severity: severity! })[0]!.severity).toBe(weight);
  });

  test('is one short line without long literals', () => {
    const [finding] = found({ ...quoted, message: `Uses\n"${'k'.repeat(40)}" ${'x'.repeat(400)}`, suggestion: 'a\tb' });
    expect(finding).toMatchObject({ message: expect.stringMatching(/^Uses "…" x+…$/) as string, suggestion: 'a b' });
    expect(finding!.message).toHaveLength(300);
  });
});

test('the free words of an answer are bounded', () => {
  const long = '長'.repeat(9_000);
  const list = Array.from({ length: 60 }, () => long);
  const none = { outcome: 'ok', score: 8, scoreRaw: '8', scaleMax: 10, ready: null } as const;
  const { conclusion, rationale, analysis, recommendations, technicalNotes, ...rest } = evaluationIn({ ...none, conclusion: long, rationale: long, technicalNotes: long, recommendations: list, analysis: { strengths: list, weaknesses: ['a'] } }, (words) => words);
  expect([conclusion, rationale, technicalNotes].map((words) => words?.length)).toEqual([8_000, 8_000, 8_000]);
  expect([recommendations, analysis?.strengths].map((items) => [items?.length, items?.[0]?.length])).toEqual([[50, 1_000], [50, 1_000]]);
  expect({ ...rest, weaknesses: analysis?.weaknesses }).toEqual({ modelScore: 8, modelReady: null, weaknesses: ['a'] });
  expect(evaluationIn(none, (words) => words)).toEqual({ modelScore: 8, modelReady: null });
});
