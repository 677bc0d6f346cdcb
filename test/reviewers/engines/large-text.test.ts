import { describe, expect, test } from 'vitest';
import { beginningOf, fitsFully, isMinified, nonBlankLines, tooLongLine } from '#reviewers/engines/large-text.ts';

describe('large texts', () => {
  test('fit fully up to 20,000 lines and 1 MB in UTF-8', () => {
    expect(fitsFully('a\n'.repeat(19_999))).toBe(true);
    expect(fitsFully('a\n'.repeat(20_000))).toBe(false);
    expect(fitsFully('a'.repeat(1_000_000))).toBe(true);
    expect(fitsFully('é'.repeat(500_001))).toBe(false);
  });

  test('are represented by a beginning of whole lines', () => {
    expect(beginningOf('line\n'.repeat(6_000))).toBe('line\n'.repeat(1_000));
    const line = `${'x'.repeat(9_999)}\n`;
    expect(beginningOf(line.repeat(5))).toBe(line.repeat(2));
    expect(beginningOf('x'.repeat(400_000))).toBe('');
  });

  test('with a line of more than 100,000 characters are recognised by that line', () => {
    expect(tooLongLine(`a\n${'b'.repeat(100_000)}\n`)).toBeNull();
    expect(tooLongLine(`a\n${'b'.repeat(100_001)}\nc`)).toBe(2);
    expect(tooLongLine('b'.repeat(100_001))).toBe(1);
  });

  test('are taken for minified when lines are longer than 500 on average', () => {
    expect(isMinified(`${'a'.repeat(600)}\n`.repeat(10))).toBe(true);
    expect(isMinified(`${'a'.repeat(80)}\n`.repeat(100))).toBe(false);
    expect(isMinified('a'.repeat(4_000))).toBe(false);
  });

  test('are counted by their lines that are not blank', () => {
    expect(nonBlankLines('a\n\n \t\nb')).toBe(2);
  });
});
