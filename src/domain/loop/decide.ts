import { errorPolicies, type ErrorSummary } from '#domain/errors.ts';
import type { Step } from '#domain/report.ts';
import { takeReviews } from './decide-review.ts';
import { applyDecision } from './decide-waiting.ts';
import { remainingMs, reviewCommand, spend, stop } from './next-command.ts';
import { isOver, type Command, type LoopEvent, type LoopState } from './state.ts';

/**
 * The whole of the loop's judgement: what to do next, given what just happened.
 *
 * Pure and total: an event that does not answer the current command (a duplicate, nonsense) changes nothing.
 * Ends in `finish` (with an outcome, unless cancelled) or `fail`; `best` never gets worse.
 */
export function decide(state: LoopState, event: LoopEvent): LoopState {
  if (isOver(state)) return state;
  if (event.type === 'cancelled') return cancel(state);
  if (event.type === 'decided') return applyDecision(state, event.decision);
  if (event.type === 'failed') return isWork(state.command) ? fail(state, event.error, event.workedMs) : state;
  if (event.type === 'out_of_time') return isTimed(state.command) ? stop(spend(state, event.workedMs), 'timed_out') : state;
  return answer(state, event);
}

function answer(state: LoopState, event: LoopEvent): LoopState {
  switch (`${state.command.do}:${event.type}`) {
    case 'open:opened':
      return opened(state, event as Extract<LoopEvent, { type: 'opened' }>);
    case 'review:reviewed':
      return takeReviews(state, event as Extract<LoopEvent, { type: 'reviewed' }>);
    case 'improve:improved':
      return improved(state, event as Extract<LoopEvent, { type: 'improved' }>);
    case 'save:saved':
      return saved(state, event as Extract<LoopEvent, { type: 'saved' }>);
    case 'commit:committed':
      return committed(state, event as Extract<LoopEvent, { type: 'committed' }>);
    case 'report:reported':
      return { ...state, command: { do: 'finish' } };
    default:
      return state;
  }
}

function opened(state: LoopState, { request, artifact }: Extract<LoopEvent, { type: 'opened' }>): LoopState {
  const next: LoopState = {
    ...state,
    limits: request.limits,
    requested: request.requested,
    weights: request.weights,
    reviewers: request.reviewers,
    save: request.save,
    approval: request.approval,
    budgetUsd: request.budgetUsd ?? null,
    seen: [artifact.revision.sha256],
    iteration: 1,
  };
  return { ...next, command: reviewCommand(next, artifact.revision) };
}

function improved(state: LoopState, event: Extract<LoopEvent, { type: 'improved' }>): LoopState {
  const spent = spend(state, event.workedMs, event.costUsd);
  if (event.revision === null) return stop(spent, 'nothing_to_improve');
  if (state.seen.includes(event.revision.sha256)) return stop(spent, 'oscillating');
  const next = { ...spent, iteration: spent.iteration + 1, changes: event.changes, seen: [...spent.seen, event.revision.sha256], gathered: [] };
  return remainingMs(next) <= 0 ? stop({ ...next, iteration: spent.iteration }, 'timed_out') : { ...next, command: reviewCommand(next, event.revision) };
}

function saved(state: LoopState, { path, sha256 }: Extract<LoopEvent, { type: 'saved' }>): LoopState {
  const next: LoopState = { ...state, saved: { path, sha256 } };
  const revision = state.best?.revision;
  return { ...next, command: state.save === 'commit' && revision !== undefined ? { do: 'commit', revision } : { do: 'report' } };
}

function committed(state: LoopState, { id, branch }: Extract<LoopEvent, { type: 'committed' }>): LoopState {
  return { ...state, commit: { id, branch }, command: { do: 'report' } };
}

function fail(state: LoopState, error: ErrorSummary, workedMs: number): LoopState {
  const spent = spend(state, workedMs);
  const step = stepOf(state.command);
  const named = { ...error, step };
  const fate = errorPolicies[error.kind].run;
  if (fate === 'fails') return { ...spent, error: named, command: { do: 'fail', error: named } };
  if (fate === 'completes' && (step === 'save' || step === 'commit')) return { ...spent, error: named, command: { do: 'report' } };
  return { ...spent, parked: { step, error: named, reviewers: [], command: state.command }, command: { do: 'wait', for: 'parked' } };
}

function cancel(state: LoopState): LoopState {
  if (state.cancelled) return state;
  return { ...state, cancelled: true, parked: null, command: state.iteration === 0 ? { do: 'finish' } : { do: 'report' } };
}

function isTimed(command: Command): boolean {
  return command.do === 'review' || command.do === 'improve';
}

function isWork(command: Command): boolean {
  return command.do !== 'wait' && command.do !== 'finish' && command.do !== 'fail';
}

function stepOf(command: Command): Step {
  return command.do === 'wait' || command.do === 'finish' || command.do === 'fail' ? 'report' : command.do;
}
