import { describe, expect, test } from 'vitest';
import { sentencesOf, sizeFactor } from '#reviewers/size-factor.ts';

describe('the size factor', () => {
  test('is 1 up to 100 lines of code and grows with the square root', () => {
    expect(sizeFactor('code', 'a\n'.repeat(100))).toBe(1);
    expect(sizeFactor('config', 'a\n\n'.repeat(400))).toBe(2);
  });

  test('takes the counted lines of code where there are some', () => {
    expect(sizeFactor('code', '# comment\n'.repeat(900), 400)).toBe(2);
  });

  test('goes by sentences for documents: 30 are one unit', () => {
    expect(sizeFactor('document', 'One. Two! Three?\n'.repeat(40))).toBe(2);
    expect(sizeFactor('document', '')).toBe(1);
  });
});

describe('sentences', () => {
  test.each([
    ['One. Two. Three', 2],
    ['版本 1.2.3 is out. 終わり。はい！', 3],
    ['# Title', 1],
    ['- one\n- two\n1. three', 3],
    ['| a | b |\n| --- | --- |', 1],
    ['```\nif (a) { b. }\nc.\n```\nText.', 1],
    ['a line that\ngoes on. And on.', 2],
  ])('are counted in %j', (text, count) => {
    expect(sentencesOf(text)).toBe(count);
  });
});
