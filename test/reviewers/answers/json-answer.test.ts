import { describe, expect, test } from 'vitest';
import { readJsonAnswer, readyOf } from '#reviewers/answers/json-answer.ts';
import type { JsonAnswer } from '#reviewers/answers/json-answer.ts';
import { parseJsonAt } from '#reviewers/answers/parse-json.ts';

function answer(value: unknown, isStrict = false): Omit<JsonAnswer, 'node'> | undefined {
  const { node } = parseJsonAt(JSON.stringify(value), 0);
  if (node?.kind !== 'object') throw new Error('not an object');
  const read = readJsonAnswer(node, isStrict);
  if (read === undefined) return undefined;
  const { node: _, ...claims } = read;
  return claims;
}

const eight = { raw: '8', value: 8, max: null };

describe('a score', () => {
  test.each([{ score: 8 }, { overall_score: 8 }, { overallScore: 8 }, { 'final-score': 8 }, { Rating: 8 }, { 総合評価: 8 }, { スコア: 8 }, { scores: { overall: 8, depth: 3 } }])(
    'is found under the names that models use: %j',
    (value) => {
      expect(answer(value)).toEqual({ score: eight });
    },
  );

  test.each<[unknown, unknown]>([
    [{ score: '8/10' }, { raw: '8/10', value: 8, max: 10 }],
    [{ score: '80%' }, { raw: '80%', value: 80, max: 100 }],
    [{ score: '８２点' }, { raw: '８２点', value: 82, max: null }],
    [{ score: { value: 8, max: 20 } }, { raw: '8', value: 8, max: 20 }],
    [{ score: 8, max_score: 20 }, { raw: '8', value: 8, max: 20 }],
    [{ score: 3, scale: '1-5' }, { raw: '3', value: 3, max: 5 }],
    [{ score: 8, overall: 8 }, eight],
    [{ score: 8, overall_score: 9 }, 'conflicting'],
    [{ score: null }, 'unreadable'],
    [{ score: true }, 'unreadable'],
    [{ score: [8] }, 'unreadable'],
    [{ score: 'N/A' }, 'unreadable'],
    [{ score: '7-8' }, 'unreadable'],
  ])('is read from %j', (value, score) => {
    expect(answer(value)).toEqual({ score });
  });

  test.each([{ target_score: 8 }, { previous_score: 8 }, { confidence: 0.9 }, { criteria: { clarity: { score: 8 } } }, { findings: [{ score: 8 }] }, { user: { score: 8 } }, {}])(
    'is not taken from %j',
    (value) => {
      expect(answer(value)).toBeUndefined();
    },
  );

  test('of one criterion of a list is not the answer’s', () => {
    expect(answer({ name: 'Clarity', score: 8 })).toBeUndefined();
    expect(answer({ name: 'plan.md', score: 8, ready: false })).toEqual({ score: eight, ready: false });
  });

  test('is found one wrapping down, with what the outer object says', () => {
    expect(answer({ nonce: 'n', evaluation: { score: 8, ready: true } })).toEqual({ nonce: 'n', score: eight, ready: true });
    expect(answer({ overall: { score: 8, ready: false } })).toEqual({ score: eight, ready: false });
    expect(answer({ status: 'success', data: { score: 8 } })).toEqual({ score: eight });
  });

  test('is not taken from a schema', () => {
    expect(answer({ type: 'object', properties: { score: { type: 'number' } }, score: 8 })).toBeUndefined();
    expect(answer({ $schema: 'x', score: 8 })).toBeUndefined();
  });
});

describe('readiness', () => {
  test.each<[unknown, boolean | null]>([
    [true, true],
    [false, false],
    ['true', true],
    ['No', false],
    ['not yet', false],
    ['はい', true],
    ['いいえ', false],
    ['yes, once the tests pass', null],
    ['maybe', null],
    [1, null],
    [null, null],
  ])('is what the field says: %j', (value, ready) => {
    expect(answer({ ready_for_implementation: value })).toEqual({ ready });
  });

  test('is null where two fields differ', () => {
    expect(answer({ ready: true, is_ready: false })).toEqual({ ready: null });
  });

  test.each<[unknown, object]>([
    [{ approved: true }, { ready: true, verdict: 'approved' }],
    [{ approved: false }, { ready: false, verdict: 'not approved' }],
    [{ passed: false }, { ready: false, verdict: 'not passed' }],
  ])('is an approval: %j', (value, read) => {
    expect(answer(value)).toEqual(read);
  });

  test.each<[Pick<JsonAnswer, 'ready' | 'verdict'>, boolean | null]>([
    [{ ready: true }, true],
    [{ ready: true, verdict: 'approve' }, true],
    [{ ready: true, verdict: 'comment' }, true],
    [{ ready: true, verdict: 'REJECTED' }, null],
    [{ ready: false, verdict: 'PASS' }, null],
    [{ verdict: 'patch is incorrect' }, false],
    [{ verdict: 'whatever' }, null],
    [{}, null],
  ])('and a verdict agree or cancel each other: %j', (claims, ready) => {
    expect(readyOf(claims)).toBe(ready);
  });
});

describe('verdicts and grades', () => {
  test.each<[unknown, object | undefined]>([
    [{ verdict: 'anything short' }, { verdict: 'anything short' }],
    [{ verdict: 'x'.repeat(81) }, undefined],
    [{ overall_correctness: 'patch is correct' }, { verdict: 'patch is correct' }],
    [{ status: 'REJECTED' }, { verdict: 'REJECTED' }],
    [{ status: 'success' }, undefined],
    [{ recommendation: 'Add an index to the table' }, undefined],
    [{ grade: 'B+' }, { grade: 'B+' }],
    [{ grade: 'good' }, undefined],
    [{ score: 'A-' }, { grade: 'A-' }],
    [{ score: 8, grade: 'A' }, { score: eight, grade: 'A' }],
  ])('%j', (value, read) => {
    expect(answer(value)).toEqual(read);
  });
});

describe('strict mode', () => {
  test.each<[unknown, object | undefined]>([
    [{ score: 8, ready: true }, { score: eight, ready: true }],
    [{ score: '8', ready: 'true' }, { score: 'unreadable', ready: null }],
    [{ score: { value: 8 } }, undefined],
    [{ approved: true }, undefined],
    [{ verdict: 'PASS' }, { verdict: 'PASS' }],
  ])('takes numbers and booleans only: %j', (value, read) => {
    expect(answer(value, true)).toEqual(read);
  });
});
