import { expect, test } from 'vitest';
import { pageOf } from '#mcp/page.ts';

const page = (text: string, offset: number, maxChars: number): string => pageOf(text, { offset, maxChars, again: 'review_result' });

test.each([
  ['a short text is given as it is', 'short', 0, 100, 'short'],
  ['the first page of a long one says how to read on', 'abcdef', 0, 4, 'abcd\n\n[Characters 0 to 4 of 6. Call review_result and offset 4 for more.]'],
  ['the last page says that it is', 'abcdef', 4, 4, 'ef\n\n[Characters 4 to 6 of 6. That is the end.]'],
  ['behind the end there is nothing', 'abc', 3, 4, '(nothing: the text has 3 characters)'],
  ['an empty text says so', '', 0, 4, '(empty)'],
  ['no character is torn apart at its beginning', 'ab😀d', 3, 4, '😀d\n\n[Characters 2 to 5 of 5. That is the end.]'],
  ['no character is torn apart', 'abc😀d', 0, 4, 'abc\n\n[Characters 0 to 3 of 6. Call review_result and offset 3 for more.]'],
])('%s', (_, text, offset, maxChars, expected) => {
  expect(page(text, offset, maxChars)).toBe(expected);
});

test('pages put together are the text', () => {
  const text = '工房 😀 abc '.repeat(50);
  let [read, offset] = ['', 0];
  while (offset < text.length) {
    const [body, told] = page(text, offset, 37).split('\n\n[Characters ') as [string, string];
    read += body;
    offset = Number(/ to (\d+) of/.exec(told)![1]);
  }
  expect(read).toBe(text);
});
