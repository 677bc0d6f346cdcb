import fc from 'fast-check';
import { expect, test } from 'vitest';
import { occurrences } from '#reviewers/improving/occurrences.ts';

test('finds overlapping places up to the limit', () => {
  expect(occurrences('aabaabaa', 'aabaa', 9)).toEqual([0, 3]);
  expect(occurrences('aaaa', 'aa', 2)).toEqual([0, 1]);
  expect(occurrences(['x', 'yy', 'x', 'yy'], ['x', 'yy'], 9)).toEqual([0, 2]);
  expect(occurrences([], ['x'], 9)).toEqual([]);
  expect(occurrences('ab', 'abc', 9)).toEqual([]);
});

test('finds what indexOf finds', () => {
  const some = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 30 });
  fc.assert(
    fc.property(some, fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 5 }), (text, sequence) => {
      const places: number[] = [];
      for (let at = text.indexOf(sequence); at !== -1; at = text.indexOf(sequence, at + 1)) places.push(at);
      expect(occurrences(text, sequence, Infinity)).toEqual(places);
      expect(occurrences(Array.from(text), Array.from(sequence), Infinity)).toEqual(places);
    }),
    { numRuns: 1_000 },
  );
});
