import { describe, expect, test } from 'vitest';
import { scoredCategories } from '#domain/finding.ts';
import { amount, briefBlockers, briefLimit, countFindings, soundReview, soundTallies, tallyFindings, type Tally } from '#domain/review.ts';
import { scoreReviews } from '#domain/scorecard.ts';
import { aFinding, anEngine, aReview, aTally } from '#test/support/builders.ts';

describe('tallies', () => {
  test('count the findings of a rule apart by category, severity and confidence', () => {
    const findings = [
      aFinding({ ruleId: 'r/1', severity: 'high' }),
      aFinding({ ruleId: 'r/1', severity: 'high' }),
      aFinding({ ruleId: 'r/1', severity: 'low' }),
      aFinding({ ruleId: 'r/1', severity: 'high', confidence: 0.5 }),
      aFinding({ ruleId: 'r/2', severity: 'high', category: 'security' }),
    ];
    expect(tallyFindings(findings)).toEqual([
      { ruleId: 'r/1', category: 'logic', severity: 'high', confidence: 0.9, count: 2 },
      { ruleId: 'r/1', category: 'logic', severity: 'low', confidence: 0.9, count: 1 },
      { ruleId: 'r/1', category: 'logic', severity: 'high', confidence: 0.5, count: 1 },
      { ruleId: 'r/2', category: 'security', severity: 'high', confidence: 0.9, count: 1 },
    ]);
  });

  test('leave out style, documentation and whatever is suppressed', () => {
    const findings = [aFinding({ category: 'style' }), aFinding({ category: 'documentation' }), aFinding({ suppressed: 'outside_lines' })];
    expect(tallyFindings(findings)).toEqual([]);
  });

  test.each([
    ['NaN findings', { count: Number.NaN }],
    ['no findings', { count: 0 }],
    ['fewer than none', { count: -3 }],
    ['half a finding', { count: 0.5 }],
    ['a confidence of NaN', { confidence: Number.NaN }],
    ['an unheard-of severity', { severity: 'fatal' as 'high' }],
    ['an unheard-of category', { category: 'beauty' as 'logic' }],
    ['a category without points', { category: 'style' as 'logic' }],
  ])('of %s do not count', (_what, given) => {
    expect(soundTallies([aReview({ tallies: [aTally(given)] })])).toEqual([]);
  });

  test('with numbers beyond belief are cut to what can be believed', () => {
    const tallies = [aTally({ count: Infinity, confidence: 7 }), aTally({ count: 2.9, confidence: -1 })];
    expect(soundTallies([aReview({ tallies })])).toEqual([aTally({ count: 1_000_000_000, confidence: 1 }), aTally({ count: 2, confidence: 0 })]);
  });
});

describe('what every model\'s review finds alike', () => {
  const planted = (count: number): Tally => ({ ...aTally({ ruleId: 'injection/override', category: 'security', confidence: 0.8, count }), shared: true });

  test('is tallied as shared', () => {
    expect(tallyFindings([aFinding({ ruleId: 'injection/override', source: 'injection', category: 'security', confidence: 0.8 })])).toEqual([planted(1)]);
  });

  test('counts once, as often as the review that saw most of it; what each found itself counts for each', () => {
    const own = aTally();
    const reviews = [aReview({ tallies: [planted(2), own], findingCount: 5 }), aReview({ reviewer: 'claude', tallies: [own, planted(3)], findingCount: 6 })];
    expect(soundTallies(reviews)).toEqual([own, own, planted(3)]);
    expect(countFindings(reviews)).toBe(9);
    expect(scoreReviews(reviews, { sizeFactor: 1, requested: scoredCategories }).categories.security).toEqual(scoreReviews([aReview({ tallies: [planted(3)] })], { sizeFactor: 1, requested: scoredCategories }).categories.security);
  });

  test('was counted for each in reviews of earlier versions, and still is', () => {
    const { shared: _shared, ...earlier } = planted(1);
    expect(soundTallies([aReview({ tallies: [earlier] }), aReview({ reviewer: 'claude', tallies: [earlier] })])).toEqual([earlier, earlier]);
  });
});

describe('blockers in short', () => {
  test('are the first fifty, with at most 200 characters of message', () => {
    const findings = [aFinding({ severity: 'low' }), ...Array.from({ length: 60 }, (_, n) => aFinding({ id: `f${n}`, severity: 'high', message: 'x'.repeat(500) }))];
    const briefs = briefBlockers(findings);
    expect(briefs).toHaveLength(briefLimit);
    expect(briefs[0]).toEqual({ id: 'f0', ruleId: 'typescript/TS2304', severity: 'high', message: 'x'.repeat(200), line: 1 });
  });
});

describe('a sound review', () => {
  test('is what a sound reviewer said, word for word', () => {
    const review = aReview({
      tallies: [aTally()], findingCount: 1, costUsd: 0.2, inputTokens: 10, outputTokens: 3, sizeFactor: 1.5,
      metrics: { linesOfCode: 10, complexityScore: 2, maintainabilityIndex: 71.5 },
    });
    expect(soundReview(review)).toEqual(review);
  });

  test('has only finite numbers that are not negative, whatever the reviewer said', () => {
    const odd = Number.NaN;
    const review = aReview({
      engines: [anEngine({ durationMs: odd })], sizeFactor: -Infinity, tallies: [aTally({ count: odd })],
      findingCount: -1, fixableCount: odd, durationMs: Infinity, costUsd: -2, inputTokens: odd, outputTokens: 1e300,
      metrics: { linesOfCode: odd, complexityScore: 1, maintainabilityIndex: 1 },
    });
    expect(soundReview(review)).toEqual({
      ...aReview(), engines: [anEngine({ durationMs: 0 })], sizeFactor: 1, tallies: [],
      findingCount: 0, fixableCount: 0, durationMs: 0, costUsd: 0, inputTokens: 0, outputTokens: Number.MAX_SAFE_INTEGER, metrics: null,
    });
  });

  test('adds up nonsense as nothing', () => {
    expect([1.5, 0, -1, Number.NaN, Infinity, -Infinity, 1e300].map(amount)).toEqual([1.5, 0, 0, 0, 0, 0, Number.MAX_SAFE_INTEGER]);
  });
});
