import { describe, expect, test } from 'vitest';
import { scoredCategories } from '#domain/finding.ts';
import { panelOf } from '#domain/panel.ts';
import type { Review } from '#domain/review.ts';
import { aReview, aReviewWith, anEngine } from '#test/support/builders.ts';

const by = (reviewer: string, marks: Readonly<Record<string, number>>, given: Partial<Review> = {}): Review =>
  aReview({ reviewer, engines: [anEngine({ id: reviewer, categories: ['logic'] })], criteria: Object.entries(marks).map(([name, score]) => ({ name, score })), ...given });
const panel = (reviews: readonly Review[], evaluations = {}) => panelOf({ reviews, sizeFactor: 1, requested: scoredCategories, evaluations });
const none = { syntax: null, logic: null, performance: null, security: null };

describe('a panel', () => {
  test('shows what each would give alone, the marks, their median, how far they agree, and who is far off', () => {
    const reviews = [by('codex', { logic: 80, Clarity: 60 }), by('claude', { logic: 90, clarity: 70 }), by('gemini', { logic: 30 }), aReviewWith(1, { reviewer: 'static' })];
    expect(panel(reviews, { codex: { modelScore: 8, modelReady: true }, claude: { conclusion: 'x' } })).toEqual({
      agreement: 0.65,
      reviewers: [
        { id: 'codex', categories: { ...none, logic: 90 }, modelScore: 8, modelReady: true },
        { id: 'claude', categories: { ...none, logic: 95 } },
        { id: 'gemini', categories: { ...none, logic: 65 } },
        { id: 'static', categories: { ...none, logic: 94 } },
      ],
      marks: [
        { name: 'logic', median: 80, agreement: 0.4, by: [{ reviewer: 'codex', mark: 80 }, { reviewer: 'claude', mark: 90 }, { reviewer: 'gemini', mark: 30 }], outliers: ['gemini'] },
        { name: 'Clarity', median: 65, agreement: 0.9, by: [{ reviewer: 'codex', mark: 60 }, { reviewer: 'claude', mark: 70 }], outliers: [] },
      ],
    });
  });

  test('without two marks for anything agrees by the categories that two assessed', () => {
    expect(panel([aReviewWith(0, { reviewer: 'static' }), by('codex', { logic: 60 })])).toMatchObject({ agreement: 0.8, marks: [{ agreement: null }] });
  });

  test('of which no two speak of the same thing has no agreement', () => {
    expect(panel([aReviewWith(0), by('codex', {}, { engines: [anEngine({ categories: ['security'] })] })])).toMatchObject({ agreement: null, marks: [] });
  });

  test('has no seat for the user\'s own checks', () => {
    const check = aReview({ reviewer: 'check:tests', engines: [], check: { name: 'tests', outcome: 'passed', exitCode: 0, timedOut: false, output: 'f'.repeat(64) } });
    expect(panel([aReview(), check])).toBe(null);
  });

  test('is none of one reviewer', () => {
    expect([panel([aReview()]), panel([])]).toEqual([null, null]);
  });
});
