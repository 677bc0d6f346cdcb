import type { Outcome } from '#domain/report.ts';
import { isReady, isSuspicious } from './gate.ts';
import type { LoopState } from './state.ts';

/** One or two sentences for people: why the run stopped. */
export function reasonOf(state: LoopState): string {
  if (state.cancelled) return state.iteration === 0 ? 'The run was cancelled before there was anything to review.' : 'The run was cancelled; the best revision so far is kept.';
  if (state.outcome === null) return state.error?.message ?? '';
  const sentence = sentences[state.outcome](state);
  return state.error === null ? sentence : `${sentence} ${state.error.message}`;
}

const sentences: Readonly<Record<Outcome, (state: LoopState) => string>> = {
  target_reached: (state) => `The target of ${state.limits.targetScore} is reached with ${state.best?.scorecard.score ?? 'no score'}.`,
  max_iterations: (state) => `${iterationsUsed(state)}; ${shortfall(state)}`,
  timed_out: (state) => `Time is up; ${shortfall(state)}`,
  no_progress: (state) => `${standstill(state)}; ${shortfall(state)}`,
  oscillating: (state) => `The improver came back to an earlier revision; ${shortfall(state)}`,
  budget_spent: (state) => `The budget is spent; ${shortfall(state)}`,
  nothing_to_improve: (state) => `Nothing is left that the improver can act on; ${shortfall(state)}`,
  rejected: () => 'The improved revision was rejected; nothing was saved.',
  aborted: (state) => `The run was ended by a decision; ${savedSoFar(state)}.`,
  not_judged: unjudged,
};

function iterationsUsed(state: LoopState): string {
  const { maxIterations } = state.limits;
  return maxIterations === 1 ? 'One review was asked for' : `All ${maxIterations} iterations are used`;
}

function standstill(state: LoopState): string {
  return state.reviewers.length === 0 ? 'No reviewer is left to judge another revision' : 'Two candidates in a row brought no progress';
}

function savedSoFar({ saved, commit }: LoopState): string {
  if (commit !== null) return 'the improved revision had been saved and committed';
  return saved === null ? 'nothing was saved' : 'the improved revision had been saved';
}

function shortfall(state: LoopState): string {
  const score = state.best?.scorecard.score ?? null;
  if (score === null || state.best === null) return 'nothing was judged.';
  if (isSuspicious(state)) return `the best revision scores ${score}, but its text speaks to its judges and nobody has approved it.`;
  if (isReady(state.best, state.limits.targetScore)) return `the score is ${score}.`;
  const { blockers, failed } = state.best.scorecard;
  if (score < state.limits.targetScore) return `the best revision scores ${score} of ${state.limits.targetScore}.`;
  if (blockers > 0) return `the score is ${score}, but ${blockers} serious finding${blockers === 1 ? ' stands' : 's stand'} in the way.`;
  return `the score is ${score}, but ${failed.join(' and ')} could not be assessed.`;
}

function unjudged(state: LoopState): string {
  const [first] = state.iterations;
  if (first === undefined) return 'Nothing was judged: no reviewer gave an answer.';
  if (first.revision.bytes === 0) return 'Nothing was judged: the artifact is empty.';
  const failed = state.initial?.scorecard.failed ?? [];
  if (failed.length > 0) return `Nothing was judged: the engines for ${failed.join(' and ')} failed.`;
  const limited = state.initial?.reviews.find((review) => review.limited !== undefined)?.limited;
  if (limited !== undefined) return `Nothing was judged. ${limited}`;
  return 'Nothing was judged: no engine knows how to judge this kind of artifact.';
}
