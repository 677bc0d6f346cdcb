import { describe, expect, test } from 'vitest';
import { displayWidth, fitTo, padTo } from '#reports/width.ts';
import { cpuMs } from './cpu-time.ts';

describe('width in a terminal', () => {
  test('is 1 for Latin, 2 for Japanese and emoji, 0 for marks', () => {
    const texts = ['abc', '工房', 'カタカナ', 'ｶﾀｶﾅ', '（１）', '한국어', 'e\u0301', 'é', '😀', '👩‍👩‍👧', '❤️', '→✓█', '', 'が', '𠮷', '\u0301'];
    expect(texts.map((text) => displayWidth(text))).toEqual([3, 4, 8, 4, 6, 6, 1, 1, 2, 2, 2, 3, 0, 2, 2, 0]);
  });

  test('is filled up by columns, not by characters', () => {
    expect([padTo('ab', 6), padTo('工房', 6), padTo('toolong', 6)]).toEqual(['ab    ', '工房  ', 'toolong']);
  });

  test('is cut between characters, with an ellipsis', () => {
    expect(fitTo('short', 10, '…')).toBe('short');
    expect(fitTo('a longer text', 8, '…')).toBe('a longe…');
    expect(fitTo('日本語の文章です', 9, '…')).toBe('日本語の…');
    expect(fitTo('日本語の文章です', 10, '...')).toBe('日本語...');
    expect(fitTo('👩‍👩‍👧'.repeat(4), 5, '…')).toBe('👩‍👩‍👧👩‍👩‍👧…');
  });

  test('of a megabyte is measured only as far as it is shown', () => {
    const text = '文'.repeat(1_000_000);
    expect(fitTo(text, 21, '…')).toBe(`${'文'.repeat(10)}…`);
    expect(cpuMs(() => fitTo(text, 21, '…'))).toBeLessThan(100);
  });
});
