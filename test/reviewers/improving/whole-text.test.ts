import { describe, expect, test } from 'vitest';
import { applyWhole, isShort } from '#reviewers/improving/whole-text.ts';

const refused = (reason: string) => ({ kind: 'refused', reasons: [reason] });

describe('a text that may be written as a whole', () => {
  test.each([
    ['200 lines', 'a\n'.repeat(200), true],
    ['201 lines', 'a\n'.repeat(201), false],
    ['8,000 characters', 'a'.repeat(8_000), true],
    ['8,001 characters', 'a'.repeat(8_001), false],
    ['carriage returns', 'a\r\nb\n', false],
    ['nothing', '', true],
  ])('%s: %#', (_, text, short) => {
    expect(isShort(text)).toBe(short);
  });
});

describe('a whole text', () => {
  test('keeps the final newline of the one before', () => {
    expect(applyWhole('a\n', 'b')).toEqual({ kind: 'applied', text: 'b\n' });
    expect(applyWhole('a', 'b\n\n')).toEqual({ kind: 'applied', text: 'b' });
  });

  test('is taken out of its fence', () => {
    expect(applyWhole('a\n', '```python\nb\n\nc\n```\n')).toEqual({ kind: 'applied', text: 'b\n\nc\n' });
    expect(applyWhole('a\n', '\n~~~~\nb\n~~~~')).toEqual({ kind: 'applied', text: 'b\n' });
  });

  test('keeps its fence where the text before begins with one', () => {
    expect(applyWhole('\n```js\na\n```\n', '```js\nb\n```')).toEqual({ kind: 'applied', text: '```js\nb\n```\n' });
  });

  test('keeps a fence that is only its beginning', () => {
    expect(applyWhole('a\n', '```js\nb\n```\nmore')).toEqual({ kind: 'applied', text: '```js\nb\n```\nmore\n' });
    expect(applyWhole('a\n', '````\nb\n```')).toEqual({ kind: 'applied', text: '````\nb\n```\n' });
  });

  test.each([
    ['of a long text', 'a\n'.repeat(300), 'b', 'The text is too long to be written as a whole; write search and replace blocks.'],
    ['that is empty', 'a\n', ' \n', 'The whole text is empty.'],
    ['with NUL', 'a\n', 'b\0', 'The text holds characters that no text has.'],
    ['with half a character', 'a\n', 'b\udc00', 'The text holds characters that no text has.'],
    ['with a placeholder', 'a\n', 'b\n// ... rest of the code', 'It leaves text out and says so in a placeholder; write every line in full.'],
    ['that has grown beyond measure', 'a\n', 'b'.repeat(20_002), 'The result would have 20003 characters, more than the 20002 that an improvement may have.'],
  ])('%s is refused', (_, before, written, reason) => {
    expect(applyWhole(before, written)).toEqual(refused(reason));
  });
});
