import { isScored, type Finding } from '#domain/finding.ts';
import type { Review, Tally } from '#domain/review.ts';
import { round, scoreReviews, type ScoreRules } from '#domain/scorecard.ts';

/**
 * How many points a revision would gain if this one finding were gone: score if fixed − score, by the score model itself.
 *
 * In      reviews  of that revision, with all its findings
 * Out     0 and more, one decimal; 0 for what costs no points and where there is no score
 */
export function scoreIfFixed(reviews: readonly Review[], rules: ScoreRules): (finding: Finding) => number {
  const { score } = scoreReviews(reviews, rules);
  const known = new Map<string, number>();
  return (finding) => {
    if (score === null || finding.suppressed !== undefined || !isScored(finding.category)) return 0;
    const key = JSON.stringify([finding.ruleId, finding.category, finding.severity, finding.confidence]);
    const gain = known.get(key) ?? Math.max(0, round((scoreReviews(without(finding, reviews), rules).score ?? score) - score));
    known.set(key, gain);
    return gain;
  };
}

function without(finding: Finding, reviews: readonly Review[]): Review[] {
  let isOpen = true;
  return reviews.map((review) => {
    const index = isOpen ? review.tallies.findIndex((tally) => matches(tally, finding)) : -1;
    if (index < 0) return review;
    isOpen = false;
    const tally = review.tallies[index]!;
    return { ...review, tallies: review.tallies.with(index, { ...tally, count: tally.count - 1 }) };
  });
}

function matches(tally: Tally, { ruleId, category, severity, confidence }: Finding): boolean {
  return tally.count > 0 && tally.ruleId === ruleId && tally.category === category && tally.severity === severity && tally.confidence === confidence;
}
