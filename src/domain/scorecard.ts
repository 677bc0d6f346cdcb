import { confirmedFrom, scoredCategories, severityRank, type ScoredCategory, type Severity } from './finding.ts';
import type { Review, Tally } from './review.ts';

/** Changing a number below changes every score: raise this with it. */
export const scoreModel = '1';

/** Points a finding costs by severity (score model 1). */
const points: Readonly<Record<Severity, number>> = { critical: 30, high: 15, medium: 5, low: 1.5, info: 0 };

/** The most a category can score while it holds a confirmed finding of that severity. */
const caps: Readonly<Record<Severity, number>> = { critical: 59, high: 84, medium: 94, low: 99, info: 100 };

/** The most a text that does not parse can score. */
const unparsedCap = 40;

export const defaultWeights: Readonly<Record<ScoredCategory, number>> = { syntax: 0.25, logic: 0.3, performance: 0.15, security: 0.3 };

/** Engines that support a score but never make one alone: a text without secrets is not thereby good. */
const supportingEngines: readonly string[] = ['secretlint'];

export interface CategoryScore {
  /** 0–100 with one decimal; null where nothing assessed it, never 100. */
  readonly score: number | null;
  readonly assessed: boolean;
  readonly by: readonly string[];
}

export interface Scorecard {
  /** 0–100 with one decimal; null where nothing could be judged. */
  readonly score: number | null;
  readonly categories: Readonly<Record<ScoredCategory, CategoryScore>>;
  readonly blockers: number;
  /** Categories whose engine failed or overran: they forbid `ready`. */
  readonly failed: readonly ScoredCategory[];
  readonly parses: boolean | null;
}

export interface ScoreRules {
  /** N of revision 0, so that deleting code never lowers and padding never raises a score. */
  readonly sizeFactor: number;
  readonly weights?: Partial<Record<ScoredCategory, number>>;
  /** Requested categories; the others are not assessed. */
  readonly requested: readonly ScoredCategory[];
}

/** All reviews of one revision merged into a score (score model 1). Pure and exact: no clock, no order of arrival. */
export function scoreReviews(reviews: readonly Review[], rules: ScoreRules): Scorecard {
  const tallies = reviews.flatMap((review) => review.tallies);
  const entries = scoredCategories.map((category) => [category, scoreCategory(category, reviews, rules)] as const);
  const scores = Object.fromEntries(entries) as Record<ScoredCategory, CategoryScore>;
  const parses = parseVerdict(reviews);
  const counted = tallies.filter((tally) => rules.requested.includes(tally.category));
  return {
    score: judgedBySomeone(reviews) ? overall(scores, { tallies: counted, weights: { ...defaultWeights, ...rules.weights }, parses }) : null,
    categories: scores,
    blockers: counted.filter(isBlocking).reduce((sum, tally) => sum + tally.count, 0),
    failed: failedCategories(reviews, rules.requested),
    parses,
  };
}

function scoreCategory(category: ScoredCategory, reviews: readonly Review[], rules: ScoreRules): CategoryScore {
  const by = reviews.flatMap((review) => review.engines.filter((engine) => engine.error === undefined && engine.categories.includes(category)).map((engine) => engine.id));
  if (by.length === 0 || !rules.requested.includes(category)) return { score: null, assessed: false, by: [] };
  const tallies = reviews.flatMap((review) => review.tallies.filter((tally) => tally.category === category));
  const raw = 100 * Math.exp(-penalty(tallies) / (100 * rules.sizeFactor));
  return { score: round(Math.min(raw, worstCap(tallies))), assessed: true, by: [...new Set(by)] };
}

// P = Σ W(s)·q/√k, where k counts the repetitions of one rule by descending W·q, so that a finding more never costs less.
function penalty(tallies: readonly Tally[]): number {
  const byRule = new Map<string, Tally[]>();
  for (const tally of tallies) byRule.set(tally.ruleId, [...(byRule.get(tally.ruleId) ?? []), tally]);
  let sum = 0;
  for (const group of byRule.values()) {
    let k = 0;
    for (const tally of group.toSorted((a, b) => weight(b) - weight(a))) {
      for (let n = 0; n < tally.count; n += 1) sum += weight(tally) / Math.sqrt((k += 1));
    }
  }
  return sum;
}

function weight(tally: Tally): number {
  return points[tally.severity] * tally.confidence;
}

function worstCap(tallies: readonly Tally[]): number {
  return Math.min(100, ...tallies.filter(isConfirmedTally).map((tally) => caps[tally.severity]));
}

function isConfirmedTally(tally: Tally): boolean {
  return tally.confidence >= confirmedFrom && tally.count > 0;
}

function isBlocking(tally: Tally): boolean {
  return isConfirmedTally(tally) && severityRank(tally.severity) <= severityRank('high');
}

interface OverallInput {
  readonly tallies: readonly Tally[];
  readonly weights: Readonly<Record<ScoredCategory, number>>;
  readonly parses: boolean | null;
}

// Weighted geometric mean over what was assessed: one bad category cannot be bought off by the others.
function overall(scores: Readonly<Record<ScoredCategory, CategoryScore>>, input: OverallInput): number | null {
  let logSum = 0;
  let weightSum = 0;
  for (const category of scoredCategories) {
    const { score } = scores[category];
    if (score === null) continue;
    logSum += input.weights[category] * Math.log(score);
    weightSum += input.weights[category];
  }
  if (weightSum === 0) return null;
  const serious = worstCap(input.tallies.filter(isBlocking));
  return round(Math.min(Math.exp(logSum / weightSum), serious, input.parses === false ? unparsedCap : 100));
}

function judgedBySomeone(reviews: readonly Review[]): boolean {
  return reviews.some((review) =>
    review.engines.some((engine) => engine.error === undefined && engine.categories.length > 0 && !supportingEngines.includes(engine.id)),
  );
}

function failedCategories(reviews: readonly Review[], requested: readonly ScoredCategory[]): ScoredCategory[] {
  const failed = new Set(reviews.flatMap((review) => review.engines.filter((engine) => engine.error !== undefined).flatMap((engine) => engine.categories)));
  return requested.filter((category) => failed.has(category));
}

function parseVerdict(reviews: readonly Review[]): boolean | null {
  if (reviews.some((review) => review.parses === false)) return false;
  return reviews.some((review) => review.parses === true) ? true : null;
}

/** One decimal, the precision of every score that is shown or compared. */
export function round(score: number): number {
  return Math.round(score * 10) / 10;
}
