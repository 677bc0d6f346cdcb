import { describe, expect, test } from 'vitest';
import { asData, beginning, oneLine } from '#reviewers/improving/prompt-data.ts';

describe('text as data', () => {
  test('stands between delimiters, with numbers where asked', () => {
    expect(asData('a\n\nb', { nonce: 'n1', label: 'TEXT', firstLine: 9 })).toBe('BEGIN TEXT n1\n9| a\n10| \n11| b\nEND TEXT n1');
    expect(asData('a', { nonce: 'n1', label: 'TASK' })).toBe('BEGIN TASK n1\na\nEND TASK n1');
  });

  test('says where there is none', () => {
    expect(asData(' \n', { nonce: 'n1', label: 'TASK' })).toBe('(none)');
  });
});

describe('one line', () => {
  test('has no control characters, line ends or invisible signs', () => {
    expect(oneLine(' a\n\tb\u001b[2J\u202ec\u0007 ', 50)).toBe('a b [2J c');
  });

  test('is cut with a sign, and not through a character', () => {
    expect(oneLine('abcdef', 4)).toBe('abc…');
    expect(oneLine('ab😀d', 4)).toBe('ab…');
    expect(oneLine('abcd', 4)).toBe('abcd');
  });
});

describe('a beginning', () => {
  test('ends at a line where one ends in its second half', () => {
    expect(beginning('aaaa\nbbbb\ncccc', 12)).toBe('aaaa\nbbbb\n[cut here]');
    expect(beginning('a\nbbbbbbbbbbbbbbb', 12)).toBe('a\nbbbbbbbbbb\n[cut here]');
    expect(beginning('short', 12)).toBe('short');
  });
});
