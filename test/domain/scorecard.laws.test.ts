import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scoredCategories, severities } from '#domain/finding.ts';
import type { EngineRun, Review, Tally } from '#domain/review.ts';
import { round, scoreReviews, type Scorecard, type ScoreRules } from '#domain/scorecard.ts';
import { anEngine, aReview, aTally } from '#test/support/builders.ts';

const runs = { seed: 20_250_706, numRuns: 1_000 };

const aCategory = fc.constantFrom(...scoredCategories);
const tally: fc.Arbitrary<Tally> = fc.record({
  ruleId: fc.constantFrom('r/1', 'r/2', 'r/3'),
  category: aCategory,
  severity: fc.constantFrom(...severities),
  confidence: fc.oneof(fc.constantFrom(0, 0.5, 0.59, 0.6, 0.9, 1), fc.double({ min: 0, max: 1, noNaN: true })),
  count: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5_000 })),
});
const engine: fc.Arbitrary<EngineRun> = fc
  .record({ id: fc.constantFrom('typescript', 'biome', 'secretlint'), categories: fc.uniqueArray(aCategory), broken: fc.integer({ min: 0, max: 4 }) })
  .map(({ id, categories, broken }) => anEngine({ id, categories, ...(broken === 0 ? { error: 'crashed' } : {}) }));
const review: fc.Arbitrary<Review> = fc
  .record({ engines: fc.array(engine, { maxLength: 3 }), tallies: fc.array(tally, { maxLength: 6 }), parses: fc.constantFrom(true, false, null) })
  .map((given) => aReview(given));
const reviews = fc.array(review, { minLength: 1, maxLength: 3 });
const rules: fc.Arbitrary<ScoreRules> = fc.record({
  sizeFactor: fc.double({ min: 1, max: 50, noNaN: true }),
  requested: fc.uniqueArray(aCategory),
  weights: fc.dictionary(aCategory, fc.double({ min: 0, max: 1, noNaN: true })),
});

function scoresOf(card: Scorecard): (number | null)[] {
  return [card.score, ...scoredCategories.map((category) => card.categories[category].score)];
}

/** No score of `now` is above its score of `before`, and what had none has none. */
function expectNoneRaised(before: Scorecard, now: Scorecard): void {
  const old = scoresOf(before);
  for (const [index, value] of scoresOf(now).entries()) {
    expect(value === null).toBe(old[index] === null);
    expect(value ?? 0).toBeLessThanOrEqual(old[index] ?? 0);
  }
}

describe('a law of scores', () => {
  test('is that one finding more never raises any of them, and so one finding fixed never lowers any', () => {
    fc.assert(fc.property(reviews, tally, rules, fc.boolean(), (all, extra, given, oneMore) => {
      const [first, ...rest] = all as [Review, ...Review[]];
      const [known, ...others] = first.tallies;
      const grown = oneMore && known !== undefined ? [{ ...known, count: known.count + 1 }, ...others] : [...first.tallies, extra];
      expectNoneRaised(scoreReviews(all, given), scoreReviews([{ ...first, tallies: grown }, ...rest], given));
    }), runs);
  });

  test('is that a worse severity or a surer word never raises any of them', () => {
    fc.assert(fc.property(reviews, tally, rules, fc.double({ min: 0, max: 1, noNaN: true }), (all, finding, given, surer) => {
      const worse: Tally = { ...finding, severity: severities[Math.max(0, severities.indexOf(finding.severity) - 1)]!, confidence: Math.max(finding.confidence, surer) };
      expectNoneRaised(scoreReviews([...all, aReview({ tallies: [finding] })], given), scoreReviews([...all, aReview({ tallies: [worse] })], given));
    }), runs);
  });

  test('is that the order of reviews, engines and tallies does not show', () => {
    const shuffled = reviews.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }), fc.array(fc.nat(), { minLength: 6, maxLength: 6 })),
    );
    const turn = <T>(list: readonly T[], by: number): T[] => list.map((_, n) => list[(n + by) % list.length]!);
    fc.assert(fc.property(shuffled, rules, ([all, order, turns], given) => {
      const other = order.map((one, n) => ({ ...one, tallies: turn(one.tallies, turns[n]!), engines: turn(one.engines, turns[n + 3]!) }));
      expect(scoreReviews(other, given)).toEqual(scoreReviews(all, given));
    }), runs);
  });

  test('is that a thousand tallies added in any order give the same number to the last bit', () => {
    const tallies = Array.from({ length: 1_000 }, (_, n) => aTally({ ruleId: `r/${n}`, severity: 'low', confidence: (n % 97) / 970 }));
    expect(scoreReviews([aReview({ tallies })], { sizeFactor: 3, requested: ['logic'] })).toEqual(
      scoreReviews([aReview({ tallies: tallies.toReversed() })], { sizeFactor: 3, requested: ['logic'] }),
    );
  });

  test('is that each is a number from 0 to 100 with at most one decimal, or null', () => {
    fc.assert(fc.property(reviews, rules, (all, given) => {
      for (const value of scoresOf(scoreReviews(all, given))) expectScore(value);
    }), runs);
  });

  test.each<[string, readonly (readonly [confidence: number, count: number])[], number]>([
    ['150,000 findings', [[0.01, 150_000]], 89.1],
    ['95,000 findings', [[0.05, 95_000]], 63.1],
    ['1,500 findings before 320,000 less sure ones', [[0.02, 1_500], [0.01, 320_000]], 83.4],
  ])('is that many repetitions, counted in a blink, make the very number that counting one by one makes: %s', (_what, counts, shown) => {
    let k = 0;
    let penalty = 0;
    for (const [confidence, count] of counts) for (let n = 0; n < count; n += 1) penalty += (1.5 * confidence) / Math.sqrt((k += 1));
    const tallies = counts.map(([confidence, count]) => aTally({ severity: 'low', confidence, count }));
    expect(round(100 * Math.exp(-penalty / 100))).toBe(shown);
    expect(scoreReviews([aReview({ tallies })], { sizeFactor: 1, requested: ['logic'] }).score).toBe(shown);
  });

  test('is that no reviewer can claim a text so large that its findings vanish', () => {
    const tallies = Array.from({ length: 20 }, (_, n) => aTally({ ruleId: `r/${n}`, severity: 'critical', confidence: 0.5 }));
    expect([1_000, 1e308, Infinity].map((sizeFactor) => scoreReviews([aReview({ tallies })], { sizeFactor, requested: ['logic'] }).score)).toEqual([99.7, 99.7, 99.7]);
  });
});

function expectScore(value: number | null): void {
  if (value === null) return;
  expect(value).toBeGreaterThanOrEqual(0);
  expect(value).toBeLessThanOrEqual(100);
  expect(Math.round(value * 10) / 10).toBe(value);
}

describe('a broken reviewer', () => {
  const odd = fc.oneof(fc.constantFrom(Number.NaN, Infinity, -Infinity, -1, 0, -0, 1e308, Number.MIN_VALUE, 0.5, 2 ** 53), fc.double());
  const oddTally: fc.Arbitrary<Tally> = fc.record({
    ruleId: fc.constantFrom('r/1', '', '__proto__'),
    category: fc.constantFrom(...scoredCategories, 'style' as 'logic', 'nonsense' as 'logic'),
    severity: fc.constantFrom(...severities, 'fatal' as 'high', 'toString' as 'high'),
    confidence: odd,
    count: odd,
  });

  test('never makes NaN, a score above 100, or a run that counts for ever', () => {
    const broken = fc.record({ tallies: fc.array(oddTally, { maxLength: 8 }), sizeFactor: odd }).map((given) => aReview(given));
    const oddRules = fc.record({ sizeFactor: odd, weights: fc.dictionary(aCategory, odd), requested: fc.constant(scoredCategories) });
    fc.assert(fc.property(broken, oddRules, (one, given) => {
      const card = scoreReviews([aReview(), one], given);
      for (const value of scoresOf(card)) expectScore(value);
      expect(Number.isSafeInteger(card.blockers)).toBe(true);
      expect(card.blockers).toBeGreaterThanOrEqual(0);
    }), runs);
  });

  test('never raises what the sound reviewers found', () => {
    fc.assert(fc.property(reviews, fc.array(oddTally, { maxLength: 8 }), rules, (all, tallies, given) => {
      expectNoneRaised(scoreReviews(all, given), scoreReviews([...all, aReview({ engines: [], tallies, parses: null })], given));
    }), runs);
  });
});
