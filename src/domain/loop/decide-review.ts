import type { Revision } from '#domain/artifact.ts';
import { errorPolicies } from '#domain/errors.ts';
import type { IterationReport } from '#domain/report.ts';
import type { Review } from '#domain/review.ts';
import { scoreReviews } from '#domain/scorecard.ts';
import { gainOf, refusalOf } from './gate.ts';
import { goOn, spend } from './next-command.ts';
import { leastGain, type Assessed, type LoopEvent, type LoopState, type ReviewerFailure } from './state.ts';

type Reviewed = Extract<LoopEvent, { type: 'reviewed' }>;

/** Takes in what the reviewers said; a reviewer that failed parks the run, the others' reviews are kept. */
export function takeReviews(state: LoopState, event: Reviewed): LoopState {
  if (state.command.do !== 'review') return state;
  const fresh = event.reviews.filter((review) => !state.gathered.some((known) => known.reviewer === review.reviewer));
  const cost = fresh.reduce((sum, review) => sum + (review.costUsd ?? 0), 0);
  const next: LoopState = { ...spend(state, event.workedMs, cost), gathered: [...state.gathered, ...fresh] };
  const [failure] = event.failures;
  if (failure !== undefined) return failReview(next, failure, event.failures);
  return judge(next, state.command.revision);
}

function failReview(state: LoopState, { error }: ReviewerFailure, failures: readonly ReviewerFailure[]): LoopState {
  const named = { ...error, step: 'review' };
  if (errorPolicies[error.kind].run === 'fails') return { ...state, error: named, command: { do: 'fail', error: named } };
  const reviewers = failures.map((failure) => failure.reviewer);
  return { ...state, parked: { step: 'review', error: named, reviewers, command: state.command }, command: { do: 'wait', for: 'parked' } };
}

/** Scores the candidate, lets the gate speak, and keeps whichever revision is better. */
export function judge(state: LoopState, revision: Revision): LoopState {
  const first = state.initial === null;
  const sizeFactor = first ? sizeOf(state.gathered) : state.sizeFactor;
  const scorecard = scoreReviews(state.gathered, { sizeFactor, weights: state.weights, requested: state.requested });
  const candidate: Assessed = { iteration: state.iteration, revision, reviews: state.gathered, scorecard };
  const refusedBecause = state.best === null ? null : refusalOf(state.best, candidate);
  const weak = !first && (refusedBecause !== null || gainOf(state, candidate) < leastGain);
  return goOn({
    ...state,
    sizeFactor,
    initial: state.initial ?? candidate,
    best: refusedBecause === null ? candidate : state.best,
    weak: weak ? state.weak + 1 : 0,
    refused: refusedBecause === null ? state.refused : [...state.refused, { sha256: revision.sha256, because: refusedBecause }],
    iterations: [...state.iterations, record(state, candidate, refusedBecause)],
  });
}

function record(state: LoopState, { revision, scorecard, reviews, iteration }: Assessed, refusedBecause: string | null): IterationReport {
  const costUsd = reviews.reduce((sum, review) => sum + (review.costUsd ?? 0), 0);
  return {
    iteration,
    revision,
    score: scorecard.score,
    categories: scorecard.categories,
    findings: reviews.reduce((sum, review) => sum + review.findingCount, 0),
    accepted: refusedBecause === null,
    ...(refusedBecause === null ? {} : { refusedBecause }),
    changes: state.changes,
    durationMs: Math.round(state.iterationMs),
    ...(costUsd > 0 ? { costUsd } : {}),
  };
}

function sizeOf(reviews: readonly Review[]): number {
  const sizes = reviews.map((review) => review.sizeFactor).filter((size) => Number.isFinite(size));
  return Math.max(1, ...sizes);
}
