import type { Revision } from '#domain/artifact.ts';
import type { Decision, DecisionKind } from '#domain/report.ts';
import { judge } from './decide-review.ts';
import { improveCommand, isMoneySpent, reviewCommand, settle, stop, timed, tokensOf } from './next-command.ts';
import type { Command, LoopState, Parked, WaitReason } from './state.ts';

/** Which decisions a waiting run takes. */
const fitting: Readonly<Record<WaitReason, readonly DecisionKind[]>> = {
  approval: ['approve', 'reject', 'abort'],
  suspicion: ['approve', 'reject', 'abort'],
  budget: ['continue', 'skip', 'abort'],
  parked: ['retry', 'skip', 'abort'],
};

/** Why a decision does not fit the run now, or null when it does. */
export function decisionProblem(state: LoopState, decision: Decision): string | null {
  if (state.command.do !== 'wait') return `The run waits for no decision; it is ${phaseWord(state.command)}.`;
  const allowed = fitting[state.command.for];
  if (!allowed.includes(decision.decision)) return `The run waits for one of: ${allowed.join(', ')}.`;
  return decision.decision === 'continue' ? (moneyProblem(state, decision) ?? tokensProblem(state, decision)) : null;
}

function moneyProblem(state: LoopState, { budgetUsd }: Decision): string | null {
  if (budgetUsd === undefined && !isMoneySpent(state)) return null;
  const enough = budgetUsd !== undefined && Number.isFinite(budgetUsd) && budgetUsd > state.costUsd;
  return enough ? null : `Continuing needs budget_usd above the ${state.costUsd.toFixed(2)} USD already spent.`;
}

function tokensProblem(state: LoopState, { budgetTokens }: Decision): string | null {
  if (budgetTokens === undefined) return null;
  const tokens = tokensOf(state);
  return Number.isFinite(budgetTokens) && budgetTokens > tokens ? null : `Continuing needs budget_tokens above the ${tokens} already taken.`;
}

/** Takes a person's decision; one that does not fit changes nothing. */
export function applyDecision(state: LoopState, decision: Decision): LoopState {
  if (state.command.do !== 'wait' || decisionProblem(state, decision) !== null) return state;
  if (state.command.for === 'approval') return approval(state, decision.decision);
  if (state.command.for === 'suspicion') return suspicion(state, decision.decision);
  if (state.command.for === 'budget') return budget(state, decision);
  return state.parked === null ? stop(state, 'aborted') : unpark({ ...state, parked: null }, state.parked, decision.decision);
}

function approval(state: LoopState, decision: DecisionKind): LoopState {
  if (decision === 'approve') return settle({ ...state, approved: true });
  return settle({ ...state, outcome: decision === 'reject' ? 'rejected' : 'aborted' });
}

// What is trusted once stays trusted: a person has read what the text says to its judges.
function suspicion(state: LoopState, decision: DecisionKind): LoopState {
  if (decision === 'approve') return stop({ ...state, trusted: true }, 'target_reached');
  return settle({ ...state, outcome: decision === 'reject' ? 'rejected' : 'aborted' });
}

// Where the decision names no tokens, as many are granted once more as were granted at first; money as much as the decision says.
function budget(state: LoopState, decision: Decision): LoopState {
  if (decision.decision === 'abort') return stop({ ...state, parked: null }, 'aborted');
  if (decision.decision === 'skip') return stop({ ...state, parked: null }, 'budget_spent');
  const { budgetTokens, parked } = state;
  const tokens = tokensOf(state);
  const granted = budgetTokens !== null && tokens >= budgetTokens ? tokens + budgetTokens : budgetTokens;
  const raised: LoopState = { ...state, budgetUsd: decision.budgetUsd ?? state.budgetUsd, budgetTokens: decision.budgetTokens ?? granted, parked: null };
  return parked === null ? timed(raised, improveCommand(raised)) : retry(raised, parked);
}

function unpark(state: LoopState, parked: Parked, decision: DecisionKind): LoopState {
  if (decision === 'abort') return abort({ ...state, error: parked.error }, parked);
  return decision === 'retry' ? retry(state, parked) : skip(state, parked);
}

// Where reporting itself failed, asking for a report once more would park the run for ever.
function abort(state: LoopState, { step }: Parked): LoopState {
  return step === 'report' ? { ...state, outcome: 'aborted', command: { do: 'finish' } } : stop(state, 'aborted');
}

// The clock of the iteration starts again: the attempts that failed had used it up. That of the run goes on.
function retry(state: LoopState, { command }: Parked): LoopState {
  const fresh: LoopState = { ...state, iterationMs: 0 };
  if (command.do === 'review') return timed(fresh, reviewCommand(fresh, command.revision));
  return command.do === 'improve' ? timed(fresh, improveCommand(fresh)) : { ...fresh, command };
}

function skip(state: LoopState, { step, reviewers, error, command }: Parked): LoopState {
  const told: LoopState = { ...state, error };
  if (command.do === 'review') return skipReviewers(told, reviewers, command.revision);
  if (step === 'improve') return stop(told, 'nothing_to_improve');
  if (step === 'report') return { ...told, command: { do: 'finish' } };
  return step === 'open' ? stop(told, 'aborted') : { ...told, command: { do: 'report' } };
}

// What the other reviewers said stands; with nobody left the best so far is all there is.
function skipReviewers(state: LoopState, failed: readonly string[], revision: Revision): LoopState {
  const reviewers = state.reviewers.filter((id) => !failed.includes(id));
  const rest: LoopState = { ...state, reviewers };
  return state.gathered.length === 0 ? stop(rest, 'no_progress') : judge(rest, revision);
}

function phaseWord(command: Command): string {
  return command.do === 'finish' || command.do === 'fail' ? 'over' : `at work (${command.do})`;
}
