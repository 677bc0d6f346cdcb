import { describe, expect, test } from 'vitest';
import { readAnswer } from '#reviewers/answers/read-answer.ts';
import type { AnswerDetails } from '#reviewers/answers/read-answer.ts';

function details(value: object): AnswerDetails {
  const { outcome: _, score: _score, scoreRaw: _raw, scaleMax: _max, ready: _ready, ...rest } = readAnswer(JSON.stringify({ score: 5, ready: false, ...value }), { mode: 'strict' });
  return rest;
}

test('an answer without more says no more', () => {
  expect(details({})).toEqual({});
});

test('the fields of the seed are all read', () => {
  const given = {
    conclusion: '実装準備が整っています',
    rationale: 'すべての要件が明確に定義されており...',
    analysis: { strengths: ['明確なAPI定義'], weaknesses: ['パフォーマンス考慮が不足'] },
    recommendations: ['キャッシュ戦略の追加を推奨'],
    blockers: [],
    technical_notes: '既存のアーキテクチャと整合性あり',
  };
  const { technical_notes: technicalNotes, ...same } = given;
  expect(details(given)).toEqual({ ...same, technicalNotes });
});

test('lists may be texts, objects with a text, or one text', () => {
  expect(details({ recommendations: ['a', { description: 'b' }, { x: 1 }, 3, ' '], blockers: 'c', strengths: ['d'], notes: ['e', 'f'] })).toEqual({
    recommendations: ['a', 'b'],
    blockers: ['c'],
    analysis: { strengths: ['d'], weaknesses: [] },
    technicalNotes: 'e\nf',
  });
});

describe('findings', () => {
  test('keep what the model wrote, the quote to the letter', () => {
    const finding = { quote: '  retry()  ', line: 12, category: 'logic', severity: 'high', message: 'No limit', suggestion: 'Add one' };
    expect(details({ findings: [finding] })).toEqual({ findings: [finding] });
  });

  test.each<[unknown, unknown]>([
    [['plain'], [{ message: 'plain' }]],
    [[{ title: 'T', code_location: { line_range: { start: 41, end: 41 } }, priority: 1 }], [{ message: 'T', line: 41 }]],
    [[{ issue: 'I', evidence: 'E', level: 'low', fix: 'F', line_number: 3 }], [{ message: 'I', quote: 'E', line: 3, severity: 'low', suggestion: 'F' }]],
    [[{ message: 'M', line: -1 }, { message: 'N', line: 1.5 }, { message: 'O', line: '7' }], [{ message: 'M' }, { message: 'N' }, { message: 'O' }]],
    [[{ severity: 'high' }, {}, null, 4, ''], undefined],
  ])('of other shapes: %j', (findings, read) => {
    expect(details({ findings })).toEqual(read === undefined ? {} : { findings: read });
  });

  test('are at most 200', () => {
    expect(details({ issues: Array.from({ length: 300 }, (_, index) => `finding ${index}`) }).findings).toHaveLength(200);
  });
});

describe('categories', () => {
  test.each<[unknown, unknown]>([
    [{ clarity: 8, depth: { score: 4, comment: 'thin' } }, [{ name: 'clarity', score: 8 }, { name: 'depth', score: 4, comment: 'thin' }]],
    [[{ name: 'Clarity', score: '9/10' }, { criterion: 'Depth', score: 'good' }], [{ name: 'Clarity', score: 9 }, { name: 'Depth', score: null }]],
    [[{ name: 'Beyond', score: 11 }, { score: 4 }], [{ name: 'Beyond', score: null }]],
  ])('have a name and a score from 0 to 10 or none: %j', (categories, read) => {
    expect(details({ categories })).toEqual({ categories: read });
  });

  test('are scaled as the answer is', () => {
    const { categories } = readAnswer('{"score": 80, "categories": {"clarity": 75}}', { mode: 'strict', scaleMax: 100 });
    expect(categories).toEqual([{ name: 'clarity', score: 7.5 }]);
  });
});
