import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scoredCategories } from '#domain/finding.ts';
import { criteriaScore, markFor, marksOf, tempered } from '#domain/marks.ts';
import { scoreReviews } from '#domain/scorecard.ts';
import { aReview } from '#test/support/builders.ts';

const by = (reviewer: string, ...criteria: readonly [string, number][]) => aReview({ reviewer, criteria: criteria.map(([name, score]) => ({ name, score })) });

describe('the marks of a panel', () => {
  test('are medians by criterion, with those who are far off named', () => {
    expect(marksOf([by('codex', ['Logic', 80], ['clarity', 60]), by('claude', ['logic', 90]), by('gemini', ['logic', 30])])).toEqual([
      { name: 'logic', score: 80, by: { codex: 80, claude: 90, gemini: 30 }, outliers: ['gemini'] },
      { name: 'clarity', score: 60, by: { codex: 60 }, outliers: [] },
    ]);
  });

  test('lie between two voices, of which neither is called odd', () => {
    expect(marksOf([by('codex', ['logic', 10]), by('claude', ['logic', 95])])).toEqual([{ name: 'logic', score: 52.5, by: { codex: 10, claude: 95 }, outliers: [] }]);
  });

  test.each([Number.NaN, -1, 101, Infinity])('do not hear %d', (odd) => {
    expect(marksOf([by('codex', ['logic', odd])])).toEqual([]);
  });

  test('of the same reviewer count once', () => {
    expect(marksOf([by('codex', ['logic', 10], ['LOGIC', 90])])[0]).toMatchObject({ by: { codex: 10 } });
  });

  test('are null where nobody gave one', () => {
    expect([markFor([], 'logic'), criteriaScore([], [{ name: 'x', weight: 1 }])]).toEqual([null, null]);
  });
});

describe('criteria of a request', () => {
  test('are weighted, those without a mark or a weight left out', () => {
    const marks = marksOf([by('codex', ['Clarity', 60], ['depth', 90], ['odd', 0])]);
    expect(criteriaScore(marks, [{ name: 'clarity', weight: 3 }, { name: 'Depth', weight: 1 }, { name: 'absent', weight: 9 }, { name: 'odd', weight: 0 }])).toBe(67.5);
  });
});

describe('a score', () => {
  const rules = { sizeFactor: 1, requested: scoredCategories };

  test('is lowered by half of the difference to a mark, in its category and on the whole', () => {
    const { score, categories } = scoreReviews([by('codex', ['logic', 60], ['clarity', 50])], { ...rules, criteria: [{ name: 'clarity', weight: 1 }] });
    expect([categories.logic.score, categories.syntax.score, score]).toEqual([80, 100, 71.8]);
  });

  test('is never raised by praise', () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 100, noNaN: true }), fc.option(fc.double({ min: 0, max: 100, noNaN: true })), (given, mark) => {
      const after = tempered(given, mark);
      expect(after).toBeLessThanOrEqual(given);
      expect(after).toBeGreaterThanOrEqual(given / 2);
    }));
  });

  test('does not depend on who speaks first', () => {
    const panel = [by('codex', ['logic', 60]), by('claude', ['logic', 75]), by('gemini', ['logic', 20])];
    expect(scoreReviews(panel, rules)).toEqual(scoreReviews(panel.toReversed(), rules));
  });
});
