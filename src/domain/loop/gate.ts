import type { CheckResult } from '#domain/check.ts';
import { isConfirmed, severityRank } from '#domain/finding.ts';
import { soundTallies, type Review } from '#domain/review.ts';
import { round } from '#domain/scorecard.ts';
import type { Assessed, LoopState } from './state.ts';

/** A candidate shorter than this share of the best revision is taken for truncated, … */
const leastShare = 0.5;
/** … unless the best revision is so short that the share means nothing. */
const shareFromBytes = 200;

/**
 * Why a candidate must not replace the best revision, or null (the no-regression gate).
 * Each answer is one sentence for people and for the improver's next attempt.
 */
export function refusalOf(best: Assessed, candidate: Assessed): string | null {
  return (
    damage(best, candidate) ??
    lostParsing(best, candidate) ??
    lostCategory(best, candidate) ??
    brokenCheck(best, candidate) ??
    newBlocker(best, candidate) ??
    lostParts(candidate) ??
    lowerScore(best, candidate)
  );
}

/** Target reached: the score, no blocker, and no requested category whose engine failed. */
export function isReady(assessed: Assessed | null, targetScore: number): boolean {
  if (assessed?.scorecard.score == null) return false;
  const { score, blockers, failed } = assessed.scorecard;
  return score >= targetScore && blockers === 0 && failed.length === 0;
}

/** The best revision speaks to its judges, and nobody has said that it may. */
export function isSuspicious({ best, trusted }: Pick<LoopState, 'best' | 'trusted'>): boolean {
  return !trusted && suspicionsOf(best).length > 0;
}

/** What made the judges' job suspicious, each sentence once. */
export function suspicionsOf(assessed: Assessed | null): string[] {
  return [...new Set(assessed?.reviews.flatMap((review) => review.suspicions ?? []) ?? [])];
}

/** How much a candidate gained over the best revision so far, in points with one decimal. */
export function gainOf(state: Pick<LoopState, 'best'>, candidate: Assessed): number {
  return round((candidate.scorecard.score ?? 0) - (state.best?.scorecard.score ?? 0));
}

function damage(best: Assessed, candidate: Assessed): string | null {
  const said = candidate.reviews.find((review) => review.damage !== null)?.damage;
  if (said != null) return said;
  if (!(candidate.revision.bytes > 0)) return 'It is empty.';
  const share = candidate.revision.bytes / best.revision.bytes;
  if (best.revision.bytes < shareFromBytes || share >= leastShare) return null;
  return `It looks truncated: ${candidate.revision.bytes} bytes are left of ${best.revision.bytes}.`;
}

function lostParsing(best: Assessed, candidate: Assessed): string | null {
  return best.scorecard.parses !== false && candidate.scorecard.parses === false ? 'It does not parse.' : null;
}

function lostCategory(best: Assessed, candidate: Assessed): string | null {
  for (const [category, { assessed }] of Object.entries(best.scorecard.categories)) {
    const now = candidate.scorecard.categories[category as keyof typeof candidate.scorecard.categories];
    if (assessed && !now.assessed) return `Its ${category} could no longer be assessed.`;
  }
  const failedBefore = new Set(failedEngines(best.reviews));
  const broke = failedEngines(candidate.reviews).find((engine) => !failedBefore.has(engine));
  return broke === undefined ? null : `The engine ${broke} no longer gets through it.`;
}

function failedEngines(reviews: readonly Review[]): string[] {
  return reviews.flatMap((review) => review.engines.filter((engine) => engine.error !== undefined).map((engine) => engine.id));
}

// A failing check is a blocker besides, but one that is in the baseline is none: what passed has to go on passing all the same.
function brokenCheck(best: Assessed, candidate: Assessed): string | null {
  const passed = new Set(checksOf(best).filter(({ outcome }) => outcome !== 'failed').map(({ name }) => name));
  const broken = checksOf(candidate).find(({ name, outcome }) => outcome === 'failed' && passed.has(name));
  return broken === undefined ? null : `It breaks the check ${broken.name}: passed before, fails now.`;
}

/** What came of the user's own checks on a revision. */
export function checksOf({ reviews }: Pick<Assessed, 'reviews'>): CheckResult[] {
  return reviews.flatMap((review) => review.check ?? []);
}

// By rule and count, not by finding id: an edit beside an old finding may change the id of its line.
function newBlocker(best: Assessed, candidate: Assessed): string | null {
  const before = blockersByRule(best.reviews);
  for (const [rule, count] of blockersByRule(candidate.reviews)) {
    if (count > (before.get(rule) ?? 0)) return `It brings a new serious finding (${rule}).`;
  }
  return null;
}

function blockersByRule(reviews: readonly Review[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const tally of soundTallies(reviews)) {
    if (!isConfirmed(tally) || severityRank(tally.severity) > severityRank('high')) continue;
    counts.set(tally.ruleId, (counts.get(tally.ruleId) ?? 0) + tally.count);
  }
  return counts;
}

function lostParts(candidate: Assessed): string | null {
  const lost = [...new Set(candidate.reviews.flatMap((review) => review.lost))];
  return lost.length === 0 ? null : `It drops what has to stay: ${lost.slice(0, 5).join(', ')}.`;
}

function lowerScore(best: Assessed, candidate: Assessed): string | null {
  const before = best.scorecard.score ?? 0;
  const now = candidate.scorecard.score;
  if (now === null) return 'It could not be judged.';
  return now < before ? `It lowers the score from ${before} to ${now}.` : null;
}
