import { checkSeat } from '#domain/check.ts';
import { failStep } from './decide-failure.ts';
import { takeReviews } from './decide-review.ts';
import { applyDecision } from './decide-waiting.ts';
import { remainingMs, reviewCommand, spend, stop, timed } from './next-command.ts';
import { isOver, type Command, type LoopEvent, type LoopState } from './state.ts';

/** Characters of one line about a change, and of all lines of one iteration. */
const changeLength = 200;
const changesLength = 1_500;

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
  if (event.type === 'failed') return fail(state, event);
  if (event.type === 'out_of_time') return isTimed(state.command) ? stop(spend(state, event.workedMs, event.usage), 'timed_out') : state;
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

function opened(state: LoopState, { request, artifact, workedMs = 0, usage }: Extract<LoopEvent, { type: 'opened' }>): LoopState {
  // A draft is paid for by the run; its time is none of the first iteration's.
  const next: LoopState = {
    ...spend(state, workedMs, usage),
    iterationMs: 0,
    limits: request.limits,
    requested: request.requested,
    weights: request.weights,
    reviewers: [...new Set([...request.reviewers, ...request.checks.map(checkSeat)])],
    criteria: request.criteria.map(({ name, weight }) => ({ name, weight })),
    save: request.save,
    approval: request.approval,
    budgetUsd: request.budgetUsd ?? null,
    budgetTokens: request.budgetTokens ?? null,
    seen: [artifact.revision.sha256],
    isNew: artifact.isNew === true,
    iteration: 1,
  };
  return timed(next, reviewCommand(next, artifact.revision));
}

function improved(state: LoopState, event: Extract<LoopEvent, { type: 'improved' }>): LoopState {
  const spent = spend(state, event.workedMs, event.usage);
  if (event.revision === null) return stop(spent, 'nothing_to_improve');
  if (state.seen.includes(event.revision.sha256)) return stop(spent, 'oscillating');
  const next = { ...spent, iteration: spent.iteration + 1, changes: shorten(event.changes), seen: [...spent.seen, event.revision.sha256] };
  return remainingMs(next) <= 0 ? stop({ ...next, iteration: spent.iteration }, 'timed_out') : { ...next, command: reviewCommand(next, event.revision) };
}

// What the improver says of its work goes into history with every iteration: enough lines to read, never a book.
function shorten(changes: readonly string[]): string[] {
  const kept: string[] = [];
  let length = 0;
  for (const change of changes) {
    length += Math.min(change.length, changeLength);
    if (length > changesLength) break;
    kept.push(change.slice(0, changeLength));
  }
  return kept.length === changes.length ? kept : [...kept, `and ${changes.length - kept.length} more`];
}

function saved(state: LoopState, { path, sha256 }: Extract<LoopEvent, { type: 'saved' }>): LoopState {
  const next: LoopState = { ...state, saved: { path, sha256 } };
  const revision = state.best?.revision;
  return { ...next, command: state.save === 'commit' && revision !== undefined ? { do: 'commit', revision } : { do: 'report' } };
}

function committed(state: LoopState, { id, branch }: Extract<LoopEvent, { type: 'committed' }>): LoopState {
  return { ...state, commit: { id, branch }, command: { do: 'report' } };
}

function fail(state: LoopState, { error, workedMs, usage }: Extract<LoopEvent, { type: 'failed' }>): LoopState {
  if (state.command.do === 'wait') return state;
  return failStep(spend(state, workedMs, usage), error, state.command.do === 'review' ? state.command.reviewers : []);
}

function cancel(state: LoopState): LoopState {
  if (state.cancelled) return state;
  return { ...state, cancelled: true, outcome: null, parked: null, command: state.iteration === 0 ? { do: 'finish' } : { do: 'report' } };
}

function isTimed(command: Command): boolean {
  return command.do === 'review' || command.do === 'improve';
}
