import { describe, expect, test } from 'vitest';
import { scanJson } from '#reviewers/answers/scan-json.ts';

/** The objects found, as they stand in the text, and what was said of the rest. */
function scan(text: string, tolerant = true): object {
  const { objects, truncated, malformed, refusal } = scanJson(text, tolerant);
  return { found: objects.map(({ start, end }) => text.slice(start, end)), truncated, malformed, ...(refusal && { refusal }) };
}

const clean = { truncated: false, malformed: false };

describe('the scan', () => {
  test.each<[string, string, string[]]>([
    ['an object in prose', 'Result: {"a": 1}. Done.', ['{"a": 1}']],
    ['several objects', '{"a": 1}\n{"b": {"c": 2}}', ['{"a": 1}', '{"b": {"c": 2}}']],
    ['the elements of an array', '[{"a": 1}, {"b": 2}]', ['{"a": 1}', '{"b": 2}']],
    ['braces in strings', '{"a": "} { \\" }"}', ['{"a": "} { \\" }"}']],
    ['an object after braces in prose', 'Use {braces} or { x }, then {"a": 1}', ['{"a": 1}']],
    ['an object after an escaped one in quotes', 'says "{\\"a\\": 9}" {"a": 1}', ['{"a": 1}']],
    ['an object in a fence', '```json\n{"a": 1}\n```', ['{"a": 1}']],
    ['an object in a fence that is not closed', '~~~\n{"a": 1}\n', ['{"a": 1}']],
    ['no empty object', 'a {} b', []],
  ])('finds %s', (_, text, found) => {
    expect(scan(text)).toEqual({ ...clean, found });
  });

  test('hides what looked like JSON, whole or not, from the reading of prose', () => {
    const text = 'a {"x": 1} b {"y": oops} c';
    expect(scanJson(text, true).spans.map(([start, end]) => text.slice(start, end))).toEqual(['{"x": 1}', '{"y": oops}']);
  });
});

describe('a broken object', () => {
  test.each<[string, string, string[]]>([
    ['keeps the objects inside it', '{"a": oops, "b": {"score": 9}, "c": 1} {"d": 1}', ['{"d": 1}']],
    ['ends at a fence', '{"a": oops\n```\n{"b": 1}', ['{"b": 1}']],
    ['ends at an empty line', '{"a": oops\n\n{"b": 1}', ['{"b": 1}']],
    ['ends nowhere else', '{"a": oops {"b": 1}', []],
  ])('%s', (_, text, found) => {
    expect(scan(text)).toEqual({ found, truncated: false, malformed: true });
  });
});

describe('a text that ends inside an object', () => {
  test.each(['{"a": 1', 'Answer:\n```json\n{', '{"', '{"a": 1} {"b', "{'a"])('is truncated: %j', (text) => {
    expect(scan(text)).toMatchObject({ truncated: true });
  });

  test.each(['function x() {', 'the sign {', 'a { b', '{ c d'])('is not where the brace is prose: %j', (text) => {
    expect(scan(`${text} and words`)).toMatchObject({ truncated: false });
  });
});

describe('the scan gives up', () => {
  test('on depth, and looks no further', () => {
    expect(scan(`${'{"a":'.repeat(100)} {"b": 1}`)).toEqual({ ...clean, found: [], refusal: 'too_deep' });
  });

  test('on more objects than any run of a tool writes', () => {
    expect(scan('{"a":1}'.repeat(40_001))).toEqual({ ...clean, found: [], refusal: 'too_many_objects' });
  });

  test.each<[string, string]>([
    ['{"a": 1, "a": 2}', 'duplicate_key'],
    ['{"b": 1} {"__proto__": 2}', 'forbidden_key'],
  ])('naming the refused key: %j', (text, refusal) => {
    expect(scan(text)).toMatchObject({ refusal });
  });
});

test('strict scans repair nothing', () => {
  expect(scan('{a: 1} {"b": 1,} {"c": 1}', false)).toMatchObject({ found: ['{"c": 1}'] });
});
