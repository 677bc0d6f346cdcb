import type { Revision } from '#domain/artifact.ts';
import type { Outcome } from '#domain/report.ts';
import { amount, noUsage, type Usage } from '#domain/review.ts';
import { isReady, isSuspicious } from './gate.ts';
import { weakLimit, type Assessed, type Command, type LoopState } from './state.ts';

/** The next command after a candidate was judged: stop with a named outcome, pause, or improve once more. */
export function goOn(state: LoopState): LoopState {
  const outcome = stopReason(state);
  if (outcome === 'target_reached' && mustBeLookedAt(state)) return { ...state, command: { do: 'wait', for: 'suspicion' } };
  if (outcome !== null) return stop(state, outcome);
  const fresh: LoopState = { ...state, iterationMs: 0, changes: [] };
  if (isSpent(state)) return { ...fresh, command: { do: 'wait', for: 'budget' } };
  return timed(fresh, improveCommand(fresh));
}

/** Money or tokens are used up; what a provider does not price counts by its tokens alone. */
export function isSpent(state: LoopState): boolean {
  return isMoneySpent(state) || (state.budgetTokens !== null && tokensOf(state) >= state.budgetTokens);
}

export function isMoneySpent({ budgetUsd, costUsd }: Pick<LoopState, 'budgetUsd' | 'costUsd'>): boolean {
  return budgetUsd !== null && costUsd >= budgetUsd;
}

/** Input and output together. */
export function tokensOf({ inputTokens, outputTokens }: Pick<LoopState, 'inputTokens' | 'outputTokens'>): number {
  return inputTokens + outputTokens;
}

// One judgement that was asked for has nobody to ask: it ends, and is not ready.
function mustBeLookedAt(state: LoopState): boolean {
  return isSuspicious(state) && state.limits.maxIterations > 1;
}

function stopReason(state: LoopState): Outcome | null {
  if (state.best?.scorecard.score == null) return 'not_judged';
  const { maxIterations } = state.limits;
  if (isReady(state.best, state.limits.targetScore)) return isSuspicious(state) && maxIterations === 1 ? 'max_iterations' : 'target_reached';
  if (state.iteration >= state.limits.maxIterations) return 'max_iterations';
  if (state.weak >= weakLimit) return 'no_progress';
  return state.limits.timeoutMs - state.workedMs <= 0 ? 'timed_out' : null;
}

/** Ends the work: the best revision is asked for, saved and reported as far as there is one that differs. */
export function stop(state: LoopState, outcome: Outcome): LoopState {
  return settle({ ...state, outcome: state.best === null && outcome !== 'aborted' && outcome !== 'timed_out' ? 'not_judged' : outcome });
}

/** What is left to do once the outcome stands; a run that never opened its artifact has nothing to report. */
export function settle(state: LoopState): LoopState {
  if (state.iteration === 0) return { ...state, command: { do: 'finish' } };
  const best = state.best;
  const dropped = state.outcome === 'aborted' || state.outcome === 'rejected';
  if (best === null || !isWorthSaving(state, best) || state.save === 'none' || dropped) return { ...state, command: { do: 'report' } };
  if (state.approval === 'before_save' && !state.approved) return { ...state, command: { do: 'wait', for: 'approval' } };
  return { ...state, command: { do: 'save', revision: best.revision } };
}

// Of a draft revision 0 is worth it too; what nobody could judge is left to whoever asks for it.
function isWorthSaving({ initial, isNew, outcome }: LoopState, best: Assessed): boolean {
  if (initial === null) return false;
  return best.revision.sha256 !== initial.revision.sha256 || (isNew && outcome !== 'not_judged');
}

export function reviewCommand(state: LoopState, revision: Revision): Command {
  const done = new Set(state.gathered.map((review) => review.reviewer));
  return { do: 'review', revision, reviewers: state.reviewers.filter((id) => !done.has(id)), remainingMs: remainingMs(state) };
}

export function improveCommand(state: LoopState): Command {
  return { do: 'improve', from: state.best!.revision, remainingMs: remainingMs(state) };
}

/** Working time left in this iteration and in the run, whichever is less. */
export function remainingMs(state: LoopState): number {
  return Math.min(state.limits.iterationTimeoutMs - state.iterationMs, state.limits.timeoutMs - state.workedMs);
}

/** The command, if there is working time left for it, else the end. */
export function timed(state: LoopState, command: Command): LoopState {
  return remainingMs(state) <= 0 ? stop(state, 'timed_out') : { ...state, command };
}

/** Adds working time, money and tokens; a clock that answers nonsense counts as nothing. */
export function spend(state: LoopState, workedMs: number, { costUsd, inputTokens, outputTokens }: Usage = noUsage): LoopState {
  const ms = amount(workedMs);
  return {
    ...state,
    iterationMs: state.iterationMs + ms,
    workedMs: state.workedMs + ms,
    costUsd: state.costUsd + amount(costUsd ?? 0),
    inputTokens: state.inputTokens + amount(inputTokens),
    outputTokens: state.outputTokens + amount(outputTokens),
  };
}
