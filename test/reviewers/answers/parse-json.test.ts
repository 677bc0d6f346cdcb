import { describe, expect, test } from 'vitest';
import type { JsonNode } from '#reviewers/answers/json-cursor.ts';
import { maxDepth, parseJsonAt } from '#reviewers/answers/parse-json.ts';

function plain(node: JsonNode | undefined): unknown {
  if (node === undefined) return undefined;
  if (node.kind === 'object') return Object.fromEntries([...node.fields].map(([key, value]) => [key, plain(value)]));
  if (node.kind === 'array') return node.items.map(plain);
  if (node.kind === 'string' || node.kind === 'number') return node.text;
  return node.kind === 'null' ? null : node.value;
}

describe('strict JSON', () => {
  test('keeps numbers as they were written', () => {
    const { node, end } = parseJsonAt('{"a": 8.0, "b": [1e2, -0.50], "c": null}', 0);
    expect({ value: plain(node), end }).toEqual({ value: { a: '8.0', b: ['1e2', '-0.50'], c: null }, end: 40 });
  });

  test('resolves escapes', () => {
    expect(plain(parseJsonAt('"a\\n\\u0041\\"\\\\ \\/"', 0).node)).toBe('a\nA"\\ /');
  });

  test('begins where it is told and says where it ends', () => {
    expect(parseJsonAt('see {"a": 1} there', 4)).toMatchObject({ end: 12, keys: 1, repaired: false });
  });

  test.each([
    ['{"a": 1,}', 8],
    ["{'a': 1}", 1],
    ['{a: 1}', 1],
    ['{"a": True}', 6],
    ['{"a": NaN}', 6],
    ['{"a": 01}', 7],
    ['{"a": 1 // x\n}', 8],
    ['{"a": "line\nbreak"}', 11],
    ['{"a": "\\x"}', 7],
    ['{"a" 1}', 5],
    ['{"a": 8/10}', 7],
  ])('refuses %j', (text, end) => {
    expect(parseJsonAt(text, 0)).toMatchObject({ failure: 'malformed', end });
  });
});

describe('what the text does not finish', () => {
  test.each(['{', '{"a', '{"a"', '{"a":', '{"a": 1', '{"a": 1.', '{"a": -', '{"a": tr', '{"a": "x', '{"a": "x\\', '{"a": "x\\u00', '{"a": [1', '{"a": [1,', '{"a": {"b": 1}', '{"a": 1,'])(
    'is truncated, never a shorter value: %j',
    (text) => {
      for (const tolerant of [false, true]) {
        const { node, failure } = parseJsonAt(text, 0, tolerant);
        expect({ node, failure }).toEqual({ node: undefined, failure: 'truncated' });
      }
    },
  );
});

describe('tolerant JSON', () => {
  test.each<[string, unknown]>([
    ['{"a": 1,}', { a: '1' }],
    ['{"a": [1, 2,],}', { a: ['1', '2'] }],
    ["{'a': 'it\\'s \"so\"'}", { a: 'it\'s "so"' }],
    ['{a: 1, b_c: 2, 総合: 3}', { a: '1', b_c: '2', 総合: '3' }],
    ['{"a": True, "b": False, "c": None}', { a: true, b: false, c: null }],
    ['{"a": NaN, "b": -Infinity}', { a: 'NaN', b: '-Infinity' }],
    ['{ // one\n "a": 1, /* two */ "b": 2 # three\n}', { a: '1', b: '2' }],
    ['{"a": "line\nbreak\ttab"}', { a: 'line\nbreak\ttab' }],
    ['{"a": 8/10, "b": 85%}', { a: '8/10', b: '85%' }],
  ])('repairs %j and says so', (text, value) => {
    const parsed = parseJsonAt(text, 0, true);
    expect({ value: plain(parsed.node), repaired: parsed.repaired, end: parsed.end }).toEqual({ value, repaired: true, end: text.length });
  });

  test('leaves strict JSON unmarked', () => {
    expect(parseJsonAt('{"a": "it\'s // no comment", "b": [true]}', 0, true)).toMatchObject({ repaired: false, keys: 2 });
  });

  test.each(['{"a": 1 "b": 2}', '{"a": maybe}', '{"a": <number>}', '{"a" "b"}', '{"a": 1.2.3}'])('does not guess at %j', (text) => {
    expect(parseJsonAt(text, 0, true).failure).toBe('malformed');
  });
});

describe('an object is refused', () => {
  test.each(['__proto__', 'constructor', 'prototype'])('for the key %s, at any depth, and parsed to its end', (key) => {
    const text = `{"a": {"${key}": {"x": 1}}, "b": 2}`;
    expect(parseJsonAt(text, 0)).toMatchObject({ refusal: 'forbidden_key', end: text.length });
  });

  test('for a key that it holds twice, however it is spelled', () => {
    expect(parseJsonAt('{"score": 1, "\\u0073core": 2}', 0).refusal).toBe('duplicate_key');
    expect(parseJsonAt('{"a": {"score": 1}, "b": {"score": 2}}', 0).refusal).toBeUndefined();
  });

  test('for more depth than any answer has', () => {
    const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
    expect(parseJsonAt(nested(maxDepth), 0).failure).toBeUndefined();
    expect(parseJsonAt(nested(maxDepth + 1), 0)).toMatchObject({ failure: 'too_deep', keys: maxDepth });
  });
});
