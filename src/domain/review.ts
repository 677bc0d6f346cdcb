import type { CheckResult } from './check.ts';
import type { Evaluation } from './report.ts';
import { isBlocker, isScored, severityRank, type Finding, type ScoredCategory, type Severity } from './finding.ts';

/** What the score needs of a rule's findings: bounded by the number of rules, not of findings. */
export interface Tally {
  readonly ruleId: string;
  readonly category: ScoredCategory;
  readonly severity: Severity;
  readonly confidence: number;
  readonly count: number;
  /** What every model's review finds alike, because this program finds it itself: of several reviews it counts once. */
  readonly shared?: true;
}

/** How one engine of a reviewer fared. */
export interface EngineRun {
  readonly id: string;
  readonly version: string;
  /** Categories the engine judges in this language. */
  readonly categories: readonly ScoredCategory[];
  readonly durationMs: number;
  /** Why it gave no answer: crashed, overran its time or memory. Its categories are then not assessed. */
  readonly error?: string;
}

export interface CodeMetrics {
  readonly linesOfCode: number;
  /** Highest cyclomatic complexity of a function, 1 for code without functions. */
  readonly complexityScore: number;
  /** 0–100, weighted by lines over the functions (Visual Studio's formula). */
  readonly maintainabilityIndex: number;
  readonly functions?: number;
  readonly commentLines?: number;
}

/** What asking a model cost. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Null where neither the provider nor the price table knows. */
  readonly costUsd: number | null;
}

/** A model's mark for one criterion of the request. */
export interface CriterionScore {
  readonly name: string;
  /** 0–100. */
  readonly score: number;
}

/** What a reviewer hands back about one revision; findings may be many. */
export interface ReviewerResult {
  readonly findings: readonly Finding[];
  readonly engines: readonly EngineRun[];
  /** Null where nothing parses this language. */
  readonly parses: boolean | null;
  /** N of score model 1: √max(1, lines/100) for code, √max(1, sentences/30) for documents. */
  readonly sizeFactor: number;
  readonly metrics: CodeMetrics | null;
  /** Exports, tests or headings of the previous revision that are missing here, at most 20. */
  readonly lost: readonly string[];
  /** A model's free words and its own number; never part of the score. */
  readonly evaluation?: Evaluation;
  readonly criteria?: readonly CriterionScore[];
  /** Why a person should look before this passes: the text speaks to its judge. At most `suspicionLimit` sentences, none quotes the text. */
  readonly suspicions?: readonly string[];
  readonly usage?: Usage;
}

export const suspicionLimit = 5;

/** A serious finding in short, for the gate and for progress; at most 200 characters of message. */
export interface FindingBrief {
  readonly id: string;
  readonly ruleId: string;
  readonly severity: Severity;
  readonly message: string;
  readonly line: number;
}

/** What the workflow knows of one reviewer's review: no text, bounded size. The findings lie in the store. */
export interface Review {
  readonly reviewer: string;
  readonly version: string;
  readonly engines: readonly EngineRun[];
  readonly parses: boolean | null;
  readonly sizeFactor: number;
  readonly metrics: CodeMetrics | null;
  readonly lost: readonly string[];
  /** What is plainly wrong with the text beside the previous revision: empty, only its beginning, or checks weakened. */
  readonly damage: string | null;
  /** Why less was looked at than the language allows, for people; absent where nothing was left out. */
  readonly limited?: string;
  readonly tallies: readonly Tally[];
  /** Blockers, worst first, at most `briefLimit`. */
  readonly blockers: readonly FindingBrief[];
  readonly findingCount: number;
  readonly fixableCount: number;
  readonly durationMs: number;
  readonly costUsd?: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly criteria?: readonly CriterionScore[];
  /** At most `suspicionLimit` sentences. */
  readonly suspicions?: readonly string[];
  /** Where a check of the user's own sat in this seat. */
  readonly check?: CheckResult;
}

/** At most this many blockers go into workflow history per review: 50 × ~300 bytes stay below 16 KB. */
export const briefLimit = 50;
const messageLimit = 200;

/** Source of what this program itself finds in a text that speaks to its judge: the same in the review of every model. */
export const injectionSource = 'injection';

export function tallyFindings(findings: readonly Finding[]): Tally[] {
  const tallies = new Map<string, Tally>();
  for (const { ruleId, category, severity, confidence, suppressed, source } of findings) {
    if (suppressed !== undefined || !isScored(category)) continue;
    const key = keyOf({ ruleId, category, severity, confidence });
    const known = tallies.get(key);
    tallies.set(key, { ruleId, category, severity, confidence, count: (known?.count ?? 0) + 1, ...(source === injectionSource ? { shared: true } : {}) });
  }
  return [...tallies.values()];
}

function keyOf({ ruleId, category, severity, confidence }: Omit<Tally, 'count' | 'shared'>): string {
  return JSON.stringify([ruleId, category, severity, confidence]);
}

/** Findings of one revision, what several reviews share counted once. */
export function countFindings(reviews: readonly Review[]): number {
  const sum = (tallies: readonly Tally[]): number => tallies.reduce((total, { count }) => total + count, 0);
  const repeated = sum(reviews.flatMap(({ tallies }) => tallies)) - sum(countedOnce(reviews.flatMap(({ tallies }) => tallies)));
  return reviews.reduce((total, { findingCount }) => total + findingCount, 0) - repeated;
}

// In the order given, the shared ones last, each as often as the review that saw most of it.
function countedOnce(tallies: readonly Tally[]): Tally[] {
  const shared = new Map<string, Tally>();
  for (const tally of tallies.filter((each) => each.shared === true)) {
    const known = shared.get(keyOf(tally));
    if (known === undefined || tally.count > known.count) shared.set(keyOf(tally), tally);
  }
  return [...tallies.filter((each) => each.shared !== true), ...shared.values()];
}

/** The blockers in short, in the order given, cut to `briefLimit`. */
export function briefBlockers(findings: readonly Finding[]): FindingBrief[] {
  return findings
    .filter((finding) => isBlocker(finding))
    .slice(0, briefLimit)
    .map(({ id, ruleId, severity, message, place }) => ({ id, ruleId, severity, message: message.slice(0, messageLimit), line: place.line }));
}

/** No text has more findings of one rule; a larger count is a broken reviewer's and is cut to this. */
const countLimit = 1_000_000_000;

/** The tallies that can be counted: a broken reviewer's NaN, negative, endless or unheard-of values never reach a score. */
export function soundTallies(reviews: readonly Review[]): Tally[] {
  return countedOnce(reviews.flatMap((review) => review.tallies.flatMap(soundTally)));
}

function soundTally(tally: Tally): Tally[] {
  const { category, severity, confidence, count } = tally;
  const readable = isScored(category) && severityRank(severity) >= 0 && !Number.isNaN(confidence) && count >= 1;
  if (!readable) return [];
  return [{ ...tally, confidence: Math.min(1, Math.max(0, confidence)), count: Math.floor(Math.min(count, countLimit)) }];
}

/** A review whose every number is finite and not negative, so that it can be counted, added up and stored as JSON. */
export function soundReview(review: Review): Review {
  const { metrics, costUsd, inputTokens, outputTokens } = review;
  return {
    ...review,
    engines: review.engines.map((engine) => ({ ...engine, durationMs: amount(engine.durationMs) })),
    sizeFactor: Math.max(1, amount(review.sizeFactor)),
    metrics: metrics !== null && Object.values(metrics).every((value) => Number.isFinite(value)) ? metrics : null,
    tallies: soundTallies([review]),
    findingCount: amount(review.findingCount),
    fixableCount: amount(review.fixableCount),
    durationMs: amount(review.durationMs),
    ...(costUsd === undefined ? {} : { costUsd: amount(costUsd) }),
    ...(inputTokens === undefined ? {} : { inputTokens: amount(inputTokens) }),
    ...(outputTokens === undefined ? {} : { outputTokens: amount(outputTokens) }),
  };
}

export const noUsage: Usage = { inputTokens: 0, outputTokens: 0, costUsd: 0 };

/** A sum; a price that is not known makes the sum unknown. */
export function addUsage(a: Usage, b: Usage): Usage {
  const costUsd = a.costUsd === null || b.costUsd === null ? null : a.costUsd + b.costUsd;
  return { inputTokens: a.inputTokens + b.inputTokens, outputTokens: a.outputTokens + b.outputTokens, costUsd };
}

/** A time, a count or a sum of money that can be added up: nonsense counts as nothing. */
export function amount(value: number): number {
  return Number.isFinite(value) ? Math.min(Math.max(0, value), Number.MAX_SAFE_INTEGER) : 0;
}
