import { describe, expect, test } from 'vitest';
import { scoredCategories, type ScoredCategory, type Severity } from '#domain/finding.ts';
import type { Review, Tally } from '#domain/review.ts';
import { defaultWeights, round, scoreModel, scoreReviews, type Scorecard, type ScoreRules } from '#domain/scorecard.ts';
import { anEngine, aReview, aTally } from '#test/support/builders.ts';

const rules: ScoreRules = { sizeFactor: 1, requested: scoredCategories };

function score(tallies: readonly Tally[], given: Partial<ScoreRules> = {}): Scorecard {
  return scoreReviews([aReview({ tallies })], { ...rules, ...given });
}

function only(category: ScoredCategory, tallies: readonly Tally[]): Review {
  return aReview({ engines: [anEngine({ categories: [category] })], tallies });
}

/** Scores by category, in the order syntax, logic, performance, security. */
function byCategory({ categories }: Scorecard): (number | null)[] {
  return scoredCategories.map((category) => categories[category].score);
}

describe('score model 1', () => {
  test('is named, and weighs syntax .25, logic .30, performance .15, security .30', () => {
    expect([scoreModel, defaultWeights]).toEqual(['1', { syntax: 0.25, logic: 0.3, performance: 0.15, security: 0.3 }]);
  });

  test('gives 100 to a text in which nothing was found', () => {
    expect(score([])).toEqual({
      score: 100,
      categories: {
        syntax: { score: 100, assessed: true, by: ['typescript'] },
        logic: { score: 100, assessed: true, by: ['typescript'] },
        performance: { score: 100, assessed: true, by: ['typescript'] },
        security: { score: 100, assessed: true, by: ['typescript'] },
      },
      blockers: 0,
      failed: [],
      parses: true,
    });
  });

  // raw = 100·e^(−P/(100·N)) and P = Σ W·q/√k, worked out with pencil and paper for one category.
  test.each<[string, readonly Tally[], number, number]>([
    ['2 medium of one rule', [aTally({ count: 2 })], 100 * Math.exp(-(5 + 5 / Math.sqrt(2)) / 100), 91.8],
    ['2 medium of two rules', [aTally(), aTally({ ruleId: 'other' })], 100 * Math.exp(-10 / 100), 90.5],
    ['4 low of one rule', [aTally({ severity: 'low', count: 4 })], 100 * Math.exp((-1.5 * (1 + 1 / Math.SQRT2 + 1 / Math.sqrt(3) + 1 / 2)) / 100), 95.9],
    ['3 suspected high', [aTally({ severity: 'high', confidence: 0.5, count: 3 })], 100 * Math.exp((-7.5 * (1 + 1 / Math.SQRT2 + 1 / Math.sqrt(3))) / 100), 84.3],
    ['10 critical of one rule', [aTally({ severity: 'critical', count: 10 })], 100 * Math.exp((-30 * 5.020997899) / 100), 22.2],
    ['half-sure medium, three rules', ['a', 'b', 'c'].map((ruleId) => aTally({ ruleId, confidence: 0.5 })), 100 * Math.exp(-7.5 / 100), 92.8],
    ['any number of remarks of weight 0', [aTally({ severity: 'info', count: 500 })], 100, 100],
  ])('counts the findings of a category: %s', (_what, tallies, raw, shown) => {
    expect(round(raw)).toBe(shown);
    expect(score(tallies).categories.logic.score).toBe(shown);
  });

  test('counts k by descending W·q, so that the dearest finding of a rule is never the discounted one', () => {
    const tallies = [aTally({ severity: 'low', count: 3 }), aTally({ severity: 'medium', confidence: 0.5, count: 2 }), aTally({ severity: 'high', confidence: 0.5 })];
    // W·q: 7.5 · 2.5 2.5 · 1.5 1.5 1.5
    const penalty = 7.5 + 2.5 / Math.sqrt(2) + 2.5 / Math.sqrt(3) + 1.5 / Math.sqrt(4) + 1.5 / Math.sqrt(5) + 1.5 / Math.sqrt(6);
    expect(score(tallies).categories.logic.score).toBe(round(100 * Math.exp(-penalty / 100)));
  });

  test('counts the repetitions of a rule across reviewers, and each category for itself', () => {
    const reviews = [aReview({ tallies: [aTally()] }), aReview({ reviewer: 'second', tallies: [aTally(), aTally({ category: 'syntax' })] })];
    expect(byCategory(scoreReviews(reviews, rules))).toEqual([94, 91.8, 100, 100]);
  });

  test('divides by N, so that a large text is not a worse one', () => {
    const tallies = [aTally({ count: 20 })];
    const penalty = 5 * Array.from({ length: 20 }, (_, n) => 1 / Math.sqrt(n + 1)).reduce((sum, term) => sum + term, 0);
    expect([1, 2, 10].map((sizeFactor) => score(tallies, { sizeFactor }).categories.logic.score)).toEqual([
      68.4,
      round(100 * Math.exp(-penalty / 200)),
      94,
    ]);
  });

  test.each<[Severity, number]>([['critical', 59], ['high', 84], ['medium', 94], ['low', 99], ['info', 100]])(
    'holds a category with a confirmed %s finding to at most %i',
    (severity, cap) => {
      const one = [aTally({ severity, confidence: 0.6 })];
      expect(score(one, { sizeFactor: 100 }).categories.logic.score).toBe(cap);
      expect(score([aTally({ severity, confidence: 0.59 })], { sizeFactor: 900 }).categories.logic.score).toBe(100);
    },
  );

  test('takes the weighted geometric mean of the categories', () => {
    const tallies = [aTally({ category: 'syntax' }), aTally({ count: 3 }), aTally({ category: 'performance', severity: 'low' })];
    const logic = 100 * Math.exp((-5 * (1 + 1 / Math.SQRT2 + 1 / Math.sqrt(3))) / 100);
    const performance = 100 * Math.exp(-1.5 / 100);
    const expected = Math.pow(94, 0.25) * Math.pow(logic, 0.3) * Math.pow(performance, 0.15) * Math.pow(100, 0.3);
    expect(score(tallies).score).toBe(round(expected));
    expect(score(tallies).score).toBe(94.9);
  });

  test('calculates with exact numbers and rounds what it shows, once', () => {
    // Logic is 87.0033…, syntax 91.8185…: together 89.16, but 89.1499 had they been rounded first.
    const reviews = [only('logic', [aTally({ count: 4 })]), only('syntax', [aTally({ category: 'syntax', count: 2 })])];
    const card = scoreReviews(reviews, rules);
    expect([card.score, card.categories.logic.score, card.categories.syntax.score]).toEqual([89.2, 87, 91.8]);
    expect(round(Math.pow(87, 0.3 / 0.55) * Math.pow(91.8, 0.25 / 0.55))).toBe(89.1);
  });

  test('takes weights from the request, and shares out those of categories that were not assessed', () => {
    const tallies = [aTally({ count: 3 })];
    const logic = 100 * Math.exp((-5 * (1 + 1 / Math.SQRT2 + 1 / Math.sqrt(3))) / 100);
    const two = [only('logic', tallies), only('syntax', [])];
    expect(scoreReviews(two, rules).score).toBe(round(Math.pow(logic, 0.3 / 0.55) * Math.pow(100, 0.25 / 0.55)));
    expect(scoreReviews(two, { ...rules, weights: { logic: 3, syntax: 1 } }).score).toBe(round(Math.pow(logic, 0.75) * Math.pow(100, 0.25)));
    expect(scoreReviews(two, { ...rules, weights: { logic: 0 } }).score).toBe(100);
  });

  test.each<[Severity, number, number]>([['high', 0.6, 84], ['critical', 0.6, 59], ['high', 0.59, 97.4], ['medium', 1, 98.2]])(
    'holds the whole score down when a %s finding has confidence %d: %d',
    (severity, confidence, whole) => {
      expect(score([aTally({ severity, confidence })]).score).toBe(whole);
    },
  );

  test('holds a text that does not parse to 40', () => {
    expect(scoreReviews([aReview({ parses: false })], rules)).toMatchObject({ score: 40, parses: false });
    expect(scoreReviews([aReview({ parses: true }), aReview({ reviewer: 'second', parses: false })], rules).score).toBe(40);
    expect(scoreReviews([aReview({ parses: null })], rules)).toMatchObject({ score: 100, parses: null });
  });

  test('rounds to one decimal before anything is compared', () => {
    expect([84.949, 84.95, 99.96, 0.04, 100.00000000000004].map(round)).toEqual([84.9, 85, 100, 0, 100]);
  });
});

describe('a scorecard', () => {
  test('leaves a category that nothing assessed without a score, and never calls it 100', () => {
    expect(scoreReviews([only('logic', [])], rules).categories).toEqual({
      syntax: { score: null, assessed: false, by: [] },
      logic: { score: 100, assessed: true, by: ['typescript'] },
      performance: { score: null, assessed: false, by: [] },
      security: { score: null, assessed: false, by: [] },
    });
  });

  test('looks at requested categories only: nothing else costs points, blocks or fails', () => {
    const engines = [anEngine(), anEngine({ id: 'biome', categories: ['security'], error: 'crashed' })];
    const review = aReview({ engines, tallies: [aTally({ category: 'security', severity: 'critical' }), aTally({ severity: 'low' })] });
    expect(scoreReviews([review], { ...rules, requested: ['syntax', 'logic'] })).toEqual({
      score: round(100 * Math.exp((-1.5 / 100) * (0.3 / 0.55))),
      categories: {
        syntax: { score: 100, assessed: true, by: ['typescript'] },
        logic: { score: 98.5, assessed: true, by: ['typescript'] },
        performance: { score: null, assessed: false, by: [] },
        security: { score: null, assessed: false, by: [] },
      },
      blockers: 0,
      failed: [],
      parses: true,
    });
  });

  test('has no score without a reviewer, without an engine, without a category that was asked for', () => {
    const nobody = { score: null, blockers: 0, failed: [] };
    expect(scoreReviews([], rules)).toMatchObject({ ...nobody, parses: null });
    expect(scoreReviews([aReview({ engines: [] })], rules)).toMatchObject(nobody);
    expect(scoreReviews([aReview()], { ...rules, requested: [] })).toMatchObject(nobody);
    expect(scoreReviews([only('logic', [])], { ...rules, requested: ['security'] })).toMatchObject(nobody);
    expect(score([], { weights: { syntax: 0, logic: 0, performance: 0, security: 0 } })).toMatchObject(nobody);
  });

  test('has no score from an engine that only supports one: a text without secrets is not thereby good', () => {
    const secretlint = anEngine({ id: 'secretlint', categories: ['security'] });
    const typescript = anEngine({ categories: ['logic'] });
    const alone = scoreReviews([aReview({ engines: [secretlint] })], rules);
    expect([alone.score, alone.categories.security]).toEqual([null, { score: 100, assessed: true, by: ['secretlint'] }]);
    expect(scoreReviews([aReview({ engines: [secretlint, { ...typescript, error: 'crashed' }] })], rules).score).toBeNull();
    expect(scoreReviews([aReview({ engines: [secretlint, typescript] })], { ...rules, requested: ['security'] }).score).toBeNull();
    expect(scoreReviews([aReview({ engines: [secretlint, typescript] })], rules).score).toBe(100);
  });

  test('names the categories whose engine failed, even where another engine looked at them', () => {
    const engines = [anEngine(), anEngine({ id: 'biome', categories: ['security', 'syntax'], error: 'overran its time' })];
    const card = scoreReviews([aReview({ engines })], rules);
    expect([card.failed, card.categories.syntax.by]).toEqual([['syntax', 'security'], ['typescript']]);
    expect(scoreReviews([aReview({ engines: [engines[1]!] })], rules)).toMatchObject({ score: null, failed: ['syntax', 'security'] });
  });

  test('names every engine once, in one order', () => {
    const reviews = [aReview({ engines: [anEngine(), anEngine({ id: 'biome' })] }), aReview({ reviewer: 'second', engines: [anEngine()] })];
    expect(scoreReviews(reviews, rules).categories.logic.by).toEqual(['biome', 'typescript']);
  });

  test('counts the confirmed high and critical findings as blockers', () => {
    const tallies = [aTally({ severity: 'critical' }), aTally({ severity: 'high', count: 2, confidence: 0.6 }), aTally({ severity: 'high', confidence: 0.5 }), aTally()];
    expect(score(tallies).blockers).toBe(3);
  });
});
