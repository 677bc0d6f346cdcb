import { isConfirmed, scoredCategories, severityRank, type ScoredCategory, type Severity } from './finding.ts';
import { criteriaScore, markFor, marksOf, tempered, type Mark } from './marks.ts';
import type { Criterion } from './request.ts';
import { soundTallies, type Review, type Tally } from './review.ts';

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

/** Above N of 20 MB of one-byte sentences (816): no artifact is larger, so no reviewer can claim more. */
const largestSize = 1_000;

/** Weights are shares; what is larger, or no number at all, was not meant. */
const largestWeight = 1_000_000;

/** So many repetitions are added one by one; beyond, the closed form is exact to eleven digits. */
const summedTerms = 1_000;

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
  /** What models were asked to judge by besides. */
  readonly criteria?: readonly Pick<Criterion, 'name' | 'weight'>[];
}

/** All reviews of one revision merged into a score (score model 1). Pure and exact: no clock, no order of arrival. */
export function scoreReviews(reviews: readonly Review[], rules: ScoreRules): Scorecard {
  const tallies = soundTallies(reviews).filter((tally) => rules.requested.includes(tally.category));
  const marks = marksOf(reviews);
  const assessments = scoredCategories.filter((category) => rules.requested.includes(category)).flatMap((category) => assess(category, reviews, { tallies, rules, marks }));
  const parses = parseVerdict(reviews);
  return {
    score: judgedBySomeone(reviews, rules.requested) ? overall(assessments, { tallies, weights: rules.weights ?? {}, parses, criteria: criteriaScore(marks, rules.criteria ?? []) }) : null,
    categories: showCategories(assessments),
    blockers: tallies.filter(isBlocking).reduce((sum, tally) => sum + tally.count, 0),
    failed: failedCategories(reviews, rules.requested),
    parses,
  };
}

/** What was assessed, before rounding: only what is shown or compared is rounded, never what is calculated with. */
interface Assessment {
  readonly category: ScoredCategory;
  readonly exact: number;
  readonly by: readonly string[];
}

function assess(category: ScoredCategory, reviews: readonly Review[], input: { readonly tallies: readonly Tally[]; readonly rules: ScoreRules; readonly marks: readonly Mark[] }): Assessment[] {
  const engines = reviews.flatMap((review) => review.engines.filter((engine) => engine.error === undefined && engine.categories.includes(category)));
  if (engines.length === 0) return [];
  const tallies = input.tallies.filter((tally) => tally.category === category);
  const raw = 100 * Math.exp(-penalty(tallies) / (100 * soundSize(input.rules.sizeFactor)));
  return [{ category, exact: tempered(Math.min(raw, worstCap(tallies)), markFor(input.marks, category)), by: [...new Set(engines.map((engine) => engine.id))].toSorted() }];
}

function showCategories(assessments: readonly Assessment[]): Record<ScoredCategory, CategoryScore> {
  const shown = scoredCategories.map((category) => {
    const found = assessments.find((assessment) => assessment.category === category);
    const score: CategoryScore = found === undefined ? { score: null, assessed: false, by: [] } : { score: round(found.exact), assessed: true, by: found.by };
    return [category, score] as const;
  });
  return Object.fromEntries(shown) as Record<ScoredCategory, CategoryScore>;
}

function soundSize(sizeFactor: number): number {
  return Number.isNaN(sizeFactor) ? 1 : Math.min(Math.max(1, sizeFactor), largestSize);
}

// P = Σ W(s)·q/√k, where k counts the repetitions of one rule by descending W·q, so that a finding more never costs less.
// Sums are added smallest first: floating point must not show in which order reviews arrived.
function penalty(tallies: readonly Tally[]): number {
  const byRule = new Map<string, Tally[]>();
  for (const tally of tallies) byRule.set(tally.ruleId, [...(byRule.get(tally.ruleId) ?? []), tally]);
  const sums = [...byRule.values()].map(rulePenalty).toSorted((a, b) => a - b);
  return sums.reduce((sum, value) => sum + value, 0);
}

function rulePenalty(tallies: readonly Tally[]): number {
  let repetitions = 0;
  let sum = 0;
  for (const tally of tallies.toSorted((a, b) => weight(b) - weight(a) || b.count - a.count)) {
    sum += weight(tally) * discounts(repetitions, repetitions + tally.count);
    repetitions += tally.count;
  }
  return sum;
}

// Σ 1/√k for from < k ≤ to: term by term at first, further on by Euler and Maclaurin, so that a million repetitions cost no time.
function discounts(from: number, to: number): number {
  let sum = 0;
  for (let k = from + 1; k <= Math.min(to, summedTerms); k += 1) sum += 1 / Math.sqrt(k);
  return to <= summedTerms ? sum : sum + discountsUpTo(to) - discountsUpTo(Math.max(from, summedTerms));
}

function discountsUpTo(k: number): number {
  const rootK = Math.sqrt(k);
  return 2 * rootK + 1 / (2 * rootK) - 1 / (24 * k * rootK);
}

function weight(tally: Tally): number {
  return points[tally.severity] * tally.confidence;
}

function worstCap(tallies: readonly Tally[]): number {
  return Math.min(100, ...tallies.filter(isConfirmed).map((tally) => caps[tally.severity]));
}

function isBlocking(tally: Tally): boolean {
  return isConfirmed(tally) && severityRank(tally.severity) <= severityRank('high');
}

interface OverallInput {
  readonly tallies: readonly Tally[];
  readonly weights: Partial<Record<ScoredCategory, number>>;
  readonly parses: boolean | null;
  readonly criteria: number | null;
}

// Weighted geometric mean over what was assessed: one bad category cannot be bought off by the others.
function overall(assessments: readonly Assessment[], { tallies, weights, parses, criteria }: OverallInput): number | null {
  let logSum = 0;
  let weightSum = 0;
  for (const { category, exact } of assessments) {
    const share = soundWeight(weights[category] ?? defaultWeights[category]);
    if (share === 0) continue;
    logSum += share * Math.log(exact);
    weightSum += share;
  }
  if (weightSum === 0) return null;
  const serious = worstCap(tallies.filter(isBlocking));
  return round(Math.min(tempered(Math.exp(logSum / weightSum), criteria), serious, parses === false ? unparsedCap : 100));
}

function soundWeight(share: number): number {
  return share > 0 && share <= largestWeight ? share : 0;
}

// At least one category that was asked for must have been seen by an engine that can speak for it alone.
function judgedBySomeone(reviews: readonly Review[], requested: readonly ScoredCategory[]): boolean {
  const engines = reviews.flatMap((review) => review.engines.filter((engine) => engine.error === undefined && !supportingEngines.includes(engine.id)));
  return engines.some((engine) => engine.categories.some((category) => requested.includes(category)));
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
