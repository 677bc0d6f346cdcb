import type { Artifact, Revision } from '#domain/artifact.ts';
import type { ErrorSummary } from '#domain/errors.ts';
import type { ScoredCategory } from '#domain/finding.ts';
import { codeLimits, type Limits } from '#domain/limits.ts';
import type { Decision, IterationReport, Outcome, Step } from '#domain/report.ts';
import type { Approval, Criterion, ReviewRequest, SaveMode } from '#domain/request.ts';
import type { Review, Usage } from '#domain/review.ts';
import type { Scorecard } from '#domain/scorecard.ts';

/** What the run does next; the loop performs exactly one at a time and answers with one event. */
export type Command =
  | { readonly do: 'open' }
  | { readonly do: 'review'; readonly revision: Revision; readonly reviewers: readonly string[]; readonly remainingMs: number }
  | { readonly do: 'improve'; readonly from: Revision; readonly remainingMs: number }
  | { readonly do: 'wait'; readonly for: WaitReason }
  | { readonly do: 'save'; readonly revision: Revision }
  | { readonly do: 'commit'; readonly revision: Revision }
  | { readonly do: 'report' }
  | { readonly do: 'finish' }
  | { readonly do: 'fail'; readonly error: ErrorSummary };

/** approval: before saving; suspicion: before passing; budget: money or tokens spent; parked: attempts of a step used up. */
export type WaitReason = 'approval' | 'suspicion' | 'budget' | 'parked';

export type LoopEvent =
  | { readonly type: 'opened'; readonly request: ReviewRequest; readonly artifact: Artifact; readonly workedMs?: number; readonly usage?: Usage }
  | { readonly type: 'reviewed'; readonly reviews: readonly Review[]; readonly failures: readonly ReviewerFailure[]; readonly workedMs: number; readonly replaced?: readonly Replacement[]; readonly usage?: Usage }
  | { readonly type: 'improved'; readonly revision: Revision | null; readonly changes: readonly string[]; readonly workedMs: number; readonly usage?: Usage }
  | { readonly type: 'saved'; readonly path: string; readonly sha256: string }
  | { readonly type: 'committed'; readonly id: string; readonly branch: string | null }
  | { readonly type: 'reported' }
  | { readonly type: 'failed'; readonly error: ErrorSummary; readonly workedMs: number; readonly usage?: Usage }
  | { readonly type: 'out_of_time'; readonly workedMs: number; readonly usage?: Usage }
  | { readonly type: 'decided'; readonly decision: Decision }
  | { readonly type: 'cancelled' };

export interface ReviewerFailure {
  readonly reviewer: string;
  readonly error: ErrorSummary;
}

/** A reviewer that failed and the one of the fallback order that answered in its place. */
export interface Replacement {
  readonly from: string;
  readonly to: string;
}

/** A revision together with what the reviewers said of it. */
export interface Assessed {
  readonly iteration: number;
  readonly revision: Revision;
  readonly reviews: readonly Review[];
  readonly scorecard: Scorecard;
}

export interface Refusal {
  readonly sha256: string;
  readonly because: string;
}

export interface Parked {
  readonly step: Step;
  readonly error: ErrorSummary;
  /** Reviewers that failed; empty for other steps. */
  readonly reviewers: readonly string[];
  /** What `retry` performs again. */
  readonly command: Command;
}

/** Everything a run knows. Plain data, a few kilobytes: no text. */
export interface LoopState {
  readonly command: Command;
  readonly limits: Limits;
  readonly requested: readonly ScoredCategory[];
  readonly weights: Partial<Record<ScoredCategory, number>>;
  readonly reviewers: readonly string[];
  /** What models judge by besides: names and weights, no descriptions. */
  readonly criteria: readonly Pick<Criterion, 'name' | 'weight'>[];
  readonly save: SaveMode;
  readonly approval: Approval;
  readonly budgetUsd: number | null;
  readonly budgetTokens: number | null;
  /** Of the review that runs or ran last; 0 before the first. */
  readonly iteration: number;
  /** Working time of the current iteration and of the run. */
  readonly iterationMs: number;
  readonly workedMs: number;
  readonly costUsd: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** N of score model 1, from revision 0. */
  readonly sizeFactor: number;
  readonly initial: Assessed | null;
  readonly best: Assessed | null;
  /** The candidate under review with its improver's words. */
  readonly changes: readonly string[];
  /** Reviews of the current iteration that are in, while others failed. */
  readonly gathered: readonly Review[];
  readonly iterations: readonly IterationReport[];
  readonly seen: readonly string[];
  readonly refused: readonly Refusal[];
  /** Candidates in a row that were refused or gained less than `leastGain`. */
  readonly weak: number;
  readonly outcome: Outcome | null;
  readonly error: ErrorSummary | null;
  readonly parked: Parked | null;
  readonly cancelled: boolean;
  readonly approved: boolean;
  /** A person has looked at what made a revision suspicious and lets it pass. */
  readonly trusted: boolean;
  /** The artifact is no file yet: revision 0 is worth saving too. */
  readonly isNew: boolean;
  readonly saved: { readonly path: string; readonly sha256: string } | null;
  readonly commit: { readonly id: string; readonly branch: string | null } | null;
}

/** A candidate that gains less is no progress (contracts §3). */
export const leastGain = 1;
/** So many weak candidates in a row end the run. */
export const weakLimit = 2;

export const initialState: LoopState = {
  command: { do: 'open' },
  limits: codeLimits,
  requested: [],
  weights: {},
  reviewers: [],
  criteria: [],
  save: 'none',
  approval: 'none',
  budgetUsd: null,
  budgetTokens: null,
  iteration: 0,
  iterationMs: 0,
  workedMs: 0,
  costUsd: 0,
  inputTokens: 0,
  outputTokens: 0,
  sizeFactor: 1,
  initial: null,
  best: null,
  changes: [],
  gathered: [],
  iterations: [],
  seen: [],
  refused: [],
  weak: 0,
  outcome: null,
  error: null,
  parked: null,
  cancelled: false,
  approved: false,
  trusted: false,
  isNew: false,
  saved: null,
  commit: null,
};

export function isOver(state: LoopState): boolean {
  return state.command.do === 'finish' || state.command.do === 'fail';
}
