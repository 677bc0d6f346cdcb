import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { maxJsonDepth, toCamelKeys, toSnakeKeys } from '#domain/json-keys.ts';

describe('JSON keys', () => {
  test('leave the program in snake_case, all the way down', () => {
    const value = { runId: 'r', iterations: [{ costUsd: 1, revision: { sha256: 'a' } }], codeMetrics: { linesOfCode: 2 }, commit: null };
    expect(toSnakeKeys(value)).toEqual({
      run_id: 'r', iterations: [{ cost_usd: 1, revision: { sha256: 'a' } }], code_metrics: { lines_of_code: 2 }, commit: null,
    });
  });

  test('come back in camelCase, all the way down', () => {
    const value = { run_id: 'r', iterations: [{ cost_usd: 1, revision: { sha256: 'a' } }], code_metrics: { lines_of_code: 2 }, commit: null };
    expect(toCamelKeys(value)).toEqual({
      runId: 'r', iterations: [{ costUsd: 1, revision: { sha256: 'a' } }], codeMetrics: { linesOfCode: 2 }, commit: null,
    });
  });

  test('have types that follow the names', () => {
    expectTypeOf(toSnakeKeys({ costUsd: 1, bestRevision: { sha256: 'a' }, byRule: [{ ruleId: 'x' }] })).toEqualTypeOf<{
      cost_usd: number; best_revision: { sha256: string }; by_rule: { rule_id: string }[];
    }>();
    expectTypeOf(toCamelKeys({ cost_usd: 1, timeout_ms: [2] })).toEqualTypeOf<{ costUsd: number; timeoutMs: number[] }>();
  });

  test('that are names of things stay as they are', () => {
    const value = { reports: { markdown: 'a', json: 'b' }, weights: { syntax: 0.25, logic: 0.3 }, _private: 1, 'with-dash': 2, 'a.b': 3, '': 4, A: 5, page_1: 6 };
    expect(toSnakeKeys(value)).toEqual(value);
    expect(toCamelKeys(value)).toEqual(value);
  });

  test('with undefined are dropped, and in a list undefined is null as in JSON', () => {
    expect(Object.keys(toSnakeKeys({ a: undefined, bC: 1 }))).toEqual(['b_c']);
    expect(toSnakeKeys({ isABlocker: true })).toEqual({ is_a_blocker: true });
    expect(toSnakeKeys([1, undefined, { a: undefined }])).toEqual([1, null, {}]);
  });

  test('that reach a prototype are refused, and nothing is polluted', () => {
    for (const key of ['__proto__', 'constructor', 'prototype']) {
      const hostile: unknown = JSON.parse(`{"score":91,"deep":[{"${key}":{"isAdmin":true}}]}`);
      const refusal = expect.objectContaining({ kind: 'InvalidInput', code: 'INPUT_FORBIDDEN_KEY' }) as Error;
      expect(() => toCamelKeys(hostile)).toThrow(refusal);
      expect(() => toSnakeKeys(hostile)).toThrow(refusal);
    }
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
  });

  test('that become one field are refused: neither of two values wins silently', () => {
    const refusal = expect.objectContaining({ kind: 'InvalidInput', code: 'INPUT_DUPLICATE_KEY' }) as Error;
    expect(() => toCamelKeys({ target_score: 85, targetScore: 1 })).toThrow(refusal);
    expect(() => toSnakeKeys({ target_score: 85, targetScore: 1 })).toThrow(refusal);
  });

  test('may nest as deep as the limit and no deeper, rings included', () => {
    const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
    expect(toCamelKeys(nested(maxJsonDepth))).toEqual(nested(maxJsonDepth));
    const refusal = expect.objectContaining({ kind: 'InvalidInput', code: 'INPUT_TOO_DEEP' }) as Error;
    expect(() => toCamelKeys(nested(maxJsonDepth + 1))).toThrow(refusal);
    expect(() => toCamelKeys(nested(5_000))).toThrow(refusal);
    const ring: Record<string, unknown> = {};
    ring['self'] = ring;
    expect(() => toSnakeKeys(ring)).toThrow(refusal);
  });

  test('the given value is not changed', () => {
    const value = Object.freeze({ runId: Object.freeze(['a', Object.freeze({ costUsd: 1 })]) });
    expect(toSnakeKeys(value)).toEqual({ run_id: ['a', { cost_usd: 1 }] });
  });

  test('go there and back for every name of this program', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
    const name = fc.array(word, { minLength: 1, maxLength: 4 }).map(([first = 'a', ...rest]) => first + rest.map((part) => part[0]!.toUpperCase() + part.slice(1)).join(''));
    const value = fc.letrec((tie) => ({
      node: fc.oneof({ depthSize: 'small' }, fc.integer(), fc.string(), fc.constant(null), fc.array(tie('node')), fc.dictionary(name, tie('node'), { noNullPrototype: true })),
    })).node;
    fc.assert(fc.property(value.filter((json) => !/"(?:constructor|prototype)":/.test(JSON.stringify(json))), (json) => {
      expect(toCamelKeys(toSnakeKeys(json))).toEqual(json);
    }), { seed: 4, numRuns: 500 });
  });
});
