import { describe, expect, test } from 'vitest';
import { tallyFindings } from '#domain/review.ts';
import { round, scoreReviews } from '#domain/scorecard.ts';
import { scoreIfFixed } from '#reports/expected-improvement.ts';
import { findingsByIteration } from '#test/fixtures/reports/sample-findings.ts';
import { sampleReviews, sampleRules } from '#test/fixtures/reports/sample.ts';

const [findings] = findingsByIteration as [(typeof findingsByIteration)[0]];
const review = sampleReviews[0]!;
const score = scoreReviews([review], sampleRules).score!;

describe('score if fixed', () => {
  test('is what the score model says of the same findings without that one', () => {
    const gain = scoreIfFixed([review], sampleRules);
    for (const finding of findings) {
      const rest = { ...review, tallies: tallyFindings(findings.filter((other) => other !== finding)) };
      expect(gain(finding)).toBe(round(scoreReviews([rest], sampleRules).score! - score));
    }
    expect(gain(findings[0]!)).toBeGreaterThan(10);
  });

  test('takes the finding from one reviewer only', () => {
    const both = [review, { ...review, reviewer: 'second' }];
    const one = [review, { ...review, reviewer: 'second', tallies: tallyFindings(findings.slice(1)) }];
    const expected = round(scoreReviews(one, sampleRules).score! - scoreReviews(both, sampleRules).score!);
    expect(scoreIfFixed(both, sampleRules)(findings[0]!)).toBe(expected);
  });

  test('is nothing for what costs no points, does not count, is not there, or where there is no score', () => {
    const gain = scoreIfFixed([review], sampleRules);
    const [worst] = findings as [(typeof findings)[0]];
    expect([
      gain(findings.find((finding) => finding.category === 'style')!),
      gain({ ...worst, suppressed: 'baseline' }),
      gain({ ...worst, ruleId: 'unknown/rule' }),
      scoreIfFixed([], sampleRules)(worst),
    ]).toEqual([0, 0, 0, 0]);
  });
});
