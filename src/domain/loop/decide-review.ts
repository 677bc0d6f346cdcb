import type { Revision } from '#domain/artifact.ts';
import type { IterationReport } from '#domain/report.ts';
import { amount, countFindings, soundReview, type Review, type Usage } from '#domain/review.ts';
import { scoreReviews, type ScoreRules } from '#domain/scorecard.ts';
import { failStep, fateOf } from './decide-failure.ts';
import { gainOf, refusalOf } from './gate.ts';
import { goOn, spend } from './next-command.ts';
import { leastGain, type Assessed, type LoopEvent, type LoopState, type Replacement, type ReviewerFailure } from './state.ts';

type Reviewed = Extract<LoopEvent, { type: 'reviewed' }>;

/** A refusal is told in one sentence; names that a text brings along must not make it a page. */
const refusalLength = 300;

/** Takes in what the reviewers said; a reviewer that failed parks the run, the others' reviews are kept. */
export function takeReviews(state: LoopState, event: Reviewed): LoopState {
  if (state.command.do !== 'review') return state;
  const { revision } = state.command;
  const reviewers = replaceAll(state.command.reviewers, event.replaced);
  const fresh = reviewers.flatMap((id) => event.reviews.find((review) => review.reviewer === id) ?? []).map(soundReview);
  const spent = spend(state, event.workedMs, event.usage ?? usageOf(fresh));
  const next: LoopState = { ...spent, reviewers: replaceAll(state.reviewers, event.replaced), command: { ...state.command, reviewers }, gathered: [...state.gathered, ...fresh] };
  const failures = reviewers.filter((id) => !fresh.some((review) => review.reviewer === id)).map((id) => failureOf(id, event));
  const worst = failures.find(({ error }) => fateOf(error) === 'fails') ?? failures[0];
  if (worst === undefined) return judge(next, revision);
  return failStep(next, worst.error, failures.map((failure) => failure.reviewer));
}

// Only those that were asked are heard, and who was asked and says nothing has failed: silence is no verdict.
function failureOf(reviewer: string, { failures }: Reviewed): ReviewerFailure {
  const silent: ReviewerFailure = { reviewer, error: { kind: 'Bug', code: 'REVIEWER_SILENT', message: `The reviewer ${reviewer} gave no answer. Try again, or go on without it.` } };
  return failures.find((failure) => failure.reviewer === reviewer) ?? silent;
}

// The provider that failed stays out for the rest of the run; one that sits in the panel already is not asked twice.
function replaceAll(reviewers: readonly string[], replaced: readonly Replacement[] = []): string[] {
  return [...new Set(reviewers.map((id) => replaced.find(({ from }) => from === id)?.to ?? id))];
}

function usageOf(reviews: readonly Review[]): Usage {
  const sum = (pick: (review: Review) => number | undefined): number => reviews.reduce((total, review) => total + amount(pick(review) ?? 0), 0);
  return { costUsd: sum((review) => review.costUsd), inputTokens: sum((review) => review.inputTokens), outputTokens: sum((review) => review.outputTokens) };
}

/** Scores the candidate, lets the gate speak, and keeps whichever revision is better. An empty text has no score. */
export function judge(state: LoopState, revision: Revision): LoopState {
  const sizeFactor = state.initial === null ? sizeOf(state.gathered) : state.sizeFactor;
  const reviews = state.gathered;
  const scorecard = scoreReviews(revision.bytes > 0 ? reviews : [], rulesOf({ ...state, sizeFactor }));
  const candidate: Assessed = { iteration: state.iteration, revision, reviews, scorecard };
  const next: LoopState = { ...state, gathered: [] };
  if (state.best === null) return goOn(accept({ ...next, sizeFactor, initial: candidate }, candidate));
  const rival = rivalOf(state, state.best);
  const because = refusalOf(rival, candidate)?.slice(0, refusalLength);
  const weak = because !== undefined || gainOf({ best: rival }, candidate) < leastGain ? state.weak + 1 : 0;
  return goOn(because === undefined ? accept({ ...next, weak }, candidate) : refuse({ ...next, weak }, candidate, because));
}

// Once a reviewer was dropped, the best revision is seen with the eyes that are left: a candidate must not look better, nor
// be refused, only because somebody no longer looks. What the best revision scores stays the least that has to be reached.
function rivalOf(state: LoopState, best: Assessed): Assessed {
  const reviews = best.reviews.filter(({ reviewer }) => state.reviewers.includes(reviewer));
  if (reviews.length === best.reviews.length) return best;
  const scorecard = scoreReviews(reviews, rulesOf(state));
  return { ...best, reviews, scorecard: { ...scorecard, score: Math.max(scorecard.score ?? 0, best.scorecard.score ?? 0) } };
}

function rulesOf({ sizeFactor, weights, requested, criteria }: LoopState): ScoreRules {
  return { sizeFactor, weights, requested, criteria };
}

function accept(state: LoopState, candidate: Assessed): LoopState {
  return { ...state, best: candidate, iterations: [...state.iterations, record(state, candidate)] };
}

function refuse(state: LoopState, candidate: Assessed, because: string): LoopState {
  const refused = [...state.refused, { sha256: candidate.revision.sha256, because }];
  return { ...state, refused, iterations: [...state.iterations, record(state, candidate, because)] };
}

function record(state: LoopState, { revision, scorecard, reviews, iteration }: Assessed, refusedBecause?: string): IterationReport {
  const costUsd = usageOf(reviews).costUsd ?? 0;
  return {
    iteration,
    revision,
    score: scorecard.score,
    categories: scorecard.categories,
    findings: countFindings(reviews),
    accepted: refusedBecause === undefined,
    ...(refusedBecause === undefined ? {} : { refusedBecause }),
    changes: state.changes,
    durationMs: Math.round(state.iterationMs),
    ...(costUsd > 0 ? { costUsd } : {}),
  };
}

function sizeOf(reviews: readonly Review[]): number {
  return Math.max(1, ...reviews.map((review) => review.sizeFactor));
}
