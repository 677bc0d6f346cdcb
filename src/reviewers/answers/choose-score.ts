import type { TextClaim } from './score-claims.ts';
import type { ScoreClaim } from './score-value.ts';

export type PlacedClaim = TextClaim & { readonly indent: number };

/** The one score that a text claims, or why there is none. */
export type ChosenScore =
  | { readonly kind: 'one'; readonly claim: ScoreClaim; readonly rank: number }
  | { readonly kind: 'none' }
  | { readonly kind: 'conflict' | 'unclear' | 'count' | 'cut' };

/**
 * The claim with the plainest label: the current or final score, the overall one, "score", an unlabelled one with its scale.
 * Two different numbers of the same rank are a conflict. In YAML and lists the least indented is the whole's.
 */
export function chooseScore(claims: readonly PlacedClaim[]): ChosenScore {
  if (claims.some(({ kind }) => kind === 'cut')) return { kind: 'cut' };
  const rank = Math.max(0, ...claims.map((claim) => claim.rank));
  if (rank === 0) return { kind: claims.length === 0 ? 'none' : 'count' };
  const plainest = claims.filter((claim) => claim.rank === rank);
  const indent = Math.min(...plainest.map((claim) => claim.indent));
  return agreedScore(plainest.filter((claim) => claim.indent === indent));
}

function agreedScore(claims: readonly PlacedClaim[]): ChosenScore {
  const scores = claims.flatMap((claim) => (claim.kind === 'score' ? [claim] : []));
  const [first] = scores;
  if (first === undefined || scores.length < claims.length) return { kind: 'unclear' };
  const chosen = scores.find(({ claim }) => claim.max !== null) ?? first;
  const isAgreed = scores.every(({ claim }) => isSame(claim, chosen.claim));
  return isAgreed ? { kind: 'one', claim: chosen.claim, rank: chosen.rank } : { kind: 'conflict' };
}

// 8 and 8/10 are the same; 8/10 and 80/100 too; 8/10 and 8/100 are not.
function isSame(a: ScoreClaim, b: ScoreClaim): boolean {
  if (a.max === null || b.max === null) return a.value === b.value;
  return Math.abs(a.value / a.max - b.value / b.max) < 1e-9;
}
