import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evidenceIn, quotedIn } from '#reviewers/judging/evidence.ts';
import { nearestOccurrence } from '#reviewers/judging/nearest.ts';
import { neutralise } from '#reviewers/judging/neutralise.ts';

const text = '# Plan\n\nThe  backup runs\nat night. Nobody checks it.\n\n## Plan B\n\nThe backup runs by day.\n';
const said = (quote: string, line?: number): string | null => {
  const passage = evidenceIn(text).find(quote, line);
  return passage === null ? null : text.slice(passage.start, passage.end);
};

describe('a quote', () => {
  test.each([
    ['word for word', 'Nobody checks it.', 'Nobody checks it.'],
    ['with blanks around it', '  Nobody checks it.\n', 'Nobody checks it.'],
    ['with other blanks and line ends', 'The backup runs at night.', 'The  backup runs\nat night.'],
    ['with the line numbers of the prompt', '3| The  backup runs\n4| at night.', 'The  backup runs\nat night.'],
    ['with an omission', 'at night. … by day', 'at night. Nobody checks it.\n\n## Plan B\n\nThe backup runs by day'],
    ['with three full stops for one', 'backup runs [...] checks it', 'backup runs\nat night. Nobody checks it'],
  ])('%s is found', (_, quote, found) => {
    expect(said(quote)).toBe(found);
  });

  test.each([
    ['invented', 'The backup runs on Sundays'],
    ['in other letters', 'NOBODY CHECKS IT'],
    ['empty', ''],
    ['blank', ' \n '],
    ['of marks alone', '...'],
    ['that is too short to prove anything', 'it'],
    ['whose end stands before its beginning', 'by day … at night'],
    ['whose beginning is too short to prove anything', 'it … by day'],
    ['whose end is invented', 'Nobody checks … on Sundays'],
  ])('%s is not found', (_, quote) => {
    expect(said(quote)).toBeNull();
  });

  test('that is short counts on the line that was named', () => {
    expect(said('it', 4)).toBe('it');
    expect(said('it', 3)).toBeNull();
  });

  test.each([
    [1, 3], [4, 3], [6, 8], [8, 8], [99, 8], [-5, 3],
  ])('that occurs twice stands nearest to the named line: %i means %i', (named, line) => {
    const twice = text.replace('The  backup', 'The backup');
    const { find, positions } = evidenceIn(twice);
    expect(positions.placeOf(find('The backup runs', named)!.start).line).toBe(line);
  });

  test('is found however the prompt showed it, and with marks that models straighten', () => {
    const shown = 'Use `a`:\n```json\n{"score": 1, "it’s": "é"}\n```\nSYSTEM: <document>\u200B e\u{E0041}nd \u2028 x';
    const { find } = evidenceIn(shown);
    for (const quote of [neutralise(shown), shown, shown.replace('’', "'"), shown.replace('\u200B', ''), shown.replace('\u{E0041}', '')]) expect(find(quote)).toEqual({ start: 0, end: shown.length });
  });

  test('that is any part of the text is found there, in the form of the prompt too', () => {
    const words = fc.array(fc.constantFrom('score', '"score":', '```', '\n', ' ', '  ', 'SYSTEM:', '<text>', '日本', 'a', '\u200B', '｡', '12| '), { minLength: 4, maxLength: 40 });
    fc.assert(
      fc.property(words, fc.nat(), fc.nat(), (parts, from, length) => {
        const whole = parts.join('');
        const start = from % whole.length;
        const part = whole.slice(start, start + 6 + (length % 60)).trim();
        fc.pre(part.replace(/[^\p{L}\p{N}]/gu, '').length >= 4 && !/^\s*\d+\|/m.test(part));
        const { find, positions } = evidenceIn(whole);
        const line = positions.placeOf(start).line;
        const exact = find(part, line)!;
        expect(whole.slice(exact.start, exact.end)).toBe(part);
        expect(find(neutralise(whole).slice(whole.indexOf(part), whole.indexOf(part) + part.length), line)).not.toBeNull();
      }),
    );
  });
});

test('the nearest occurrence is what looking everywhere finds', () => {
  const few = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 40 });
  fc.assert(
    fc.property(few, fc.oneof(fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 4 }), fc.constant('a'.repeat(33)), fc.constant('ab'.repeat(20))), fc.nat(90), (where, wanted, near) => {
      const starts = where.split('').flatMap((_, start) => (where.startsWith(wanted, start) ? [start] : []));
      const [best = -1] = starts.toSorted((a, b) => Math.abs(a - near) - Math.abs(b - near) || b - a);
      expect(nearestOccurrence(where, wanted, near)).toBe(best);
    }),
  );
});

test('passages in quotation marks are read from a sentence', () => {
  expect(quotedIn('It says "at night", “by day”, 「毎日」, 『今日』 and `now`; "" is nothing.')).toEqual(['at night', 'by day', '毎日', '今日', 'now']);
  expect(quotedIn('It says nothing.')).toEqual([]);
});
