import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { positionsOf, utf16Offsets } from '#reviewers/engines/text-positions.ts';

const anyText = fc.string({ unit: fc.constantFrom('a', '\n', '\r', 'é', '日', '😀', '\ud800', '\udc00', ' ') });

describe('positions in a text', () => {
  test('are 1-based and count UTF-16 units', () => {
    const positions = positionsOf('a😀b\n\nc');
    expect([0, 3, 4, 5, 6, 7].map((offset) => positions.placeOf(offset))).toEqual([
      { line: 1, column: 1 },
      { line: 1, column: 4 },
      { line: 1, column: 5 },
      { line: 2, column: 1 },
      { line: 3, column: 1 },
      { line: 3, column: 2 },
    ]);
  });

  test('outside the text are pulled to its nearest end', () => {
    const positions = positionsOf('ab\ncd');
    expect([positions.offsetOf(0, 5), positions.offsetOf(1, 99), positions.offsetOf(9, 1), positions.offsetOf(2, -3)]).toEqual([0, 2, 5, 3]);
    expect([positions.placeOf(-1), positions.placeOf(99)]).toEqual([{ line: 1, column: 1 }, { line: 2, column: 3 }]);
  });

  test('know the text of a line without its line end', () => {
    const positions = positionsOf('one\r\ntwo\n');
    expect([0, 1, 2, 3, 4].map((line) => positions.lineText(line))).toEqual(['', 'one', 'two', '', '']);
    expect(positions.lineCount).toBe(3);
  });

  test('lead back to the offset they came from', () => {
    fc.assert(
      fc.property(anyText, fc.nat(), (text, seed) => {
        const offset = seed % (text.length + 1);
        const positions = positionsOf(text);
        const { line, column } = positions.placeOf(offset);
        expect(positions.offsetOf(line, column)).toBe(offset);
      }),
    );
  });
});

describe('offsets into the UTF-8 form', () => {
  test('become UTF-16 offsets, lone surrogates included', () => {
    fc.assert(
      fc.property(anyText, fc.array(fc.nat(), { maxLength: 5 }), (text, seeds) => {
        const toUnits = utf16Offsets(text);
        for (const seed of seeds) {
          const points = Array.from(text);
          const before = points.slice(0, seed % (points.length + 1)).join('');
          expect(toUnits(Buffer.byteLength(before))).toBe(before.length);
        }
      }),
    );
  });

  test('behind the end mean the end', () => {
    expect(utf16Offsets('é')(100)).toBe(1);
  });
});
