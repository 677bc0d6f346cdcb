import type { Revision } from '#domain/artifact.ts';
import { checkOfSeat, checkSeat, type CheckOutcome } from '#domain/check.ts';
import { errorKinds, type ErrorSummary } from '#domain/errors.ts';
import { scoredCategories, severities } from '#domain/finding.ts';
import type { LoopEvent, LoopState } from '#domain/loop/state.ts';
import { decisions } from '#domain/report.ts';
import type { ReviewRequest } from '#domain/request.ts';
import type { EngineRun, Review, Tally, Usage } from '#domain/review.ts';
import { anArtifact, anEngine, anError, aRequest, aReview, aTally } from '#test/support/builders.ts';

/** What one trace is made of: what was asked for, how the world behaves in the end, and the bytes that all chance comes from. */
export interface Trace {
  readonly request: Pick<ReviewRequest, 'limits' | 'reviewers' | 'checks' | 'save' | 'approval'> & { readonly budgetUsd: number | null; readonly budgetTokens: number | null };
  /** How often, of 40 times, a step answers rightly. */
  readonly calm: number;
  /** When the bytes are used up persons only abort, and every step answers like this. */
  readonly inTheEnd: 'works' | 'fails' | 'takes too long';
  readonly bytes: Uint8Array;
}

/** A world that answers commands as chance has it: rightly, wrongly, twice, late, out of place, or with nonsense. */
export interface World {
  next(state: LoopState): LoopEvent;
}

/** Draws a number below `sides`; 0 for ever once the bytes are used up. */
type Dice = (sides: number) => number;

export function makeWorld({ request, calm, inTheEnd, bytes }: Trace): World {
  let drawn = 0;
  const dice: Dice = (sides) => (drawn < bytes.length ? mixed(bytes[drawn]!, drawn++) % sides : 0);
  const past: LoopEvent[] = [];
  const late: LoopEvent[] = [];
  const answer = (state: LoopState): LoopEvent => rightAnswer(state, dice, request);
  const wrong: readonly ((state: LoopState) => LoopEvent)[] = [
    () => ({ type: 'failed', error: anyError(dice), workedMs: anyTime(dice) }),
    () => ({ type: 'failed', error: anyError(dice), workedMs: anyTime(dice) }),
    () => ({ type: 'out_of_time', workedMs: anyTime(dice) }),
    (state) => past[dice(Math.max(1, past.length))] ?? answer(state),
    (state) => late.shift() ?? answer(state),
    (state) => (late.push(answer(state)), outOfPlace(dice, request)),
    () => outOfPlace(dice, request),
    () => (dice(4) === 0 ? { type: 'cancelled' } : anyDecision(dice)),
  ];
  const chance = (state: LoopState): LoopEvent => (dice(40) < calm ? answer(state) : wrong[dice(wrong.length)]!(state));
  return {
    next(state) {
      const event = drawn < bytes.length ? chance(state) : lastWord(state, inTheEnd, answer);
      past.push(event);
      return event;
    },
  };
}

// Arbitrary bytes are mostly small ones: mixed with their place they throw every side as often.
function mixed(byte: number, place: number): number {
  const first = Math.imul(byte + 1 + place * 257, 0x9e37_79b1);
  const second = Math.imul(first ^ (first >>> 15), 0x85eb_ca77);
  return (second ^ (second >>> 13)) >>> 0;
}

const words = [...decisions, ...decisions, 'retry', 'retry', 'retry', 'continue', 'approve'] as const;

function anyDecision(dice: Dice): LoopEvent {
  return { type: 'decided', decision: { decision: words[dice(words.length)]!, budgetUsd: anyMoney(dice) } };
}

function lastWord(state: LoopState, inTheEnd: Trace['inTheEnd'], answer: (state: LoopState) => LoopEvent): LoopEvent {
  const { command } = state;
  if (command.do === 'wait') return { type: 'decided', decision: { decision: 'abort' } };
  if (inTheEnd === 'fails') return { type: 'failed', error: anError('Unavailable'), workedMs: 1 };
  if (inTheEnd === 'takes too long' && (command.do === 'review' || command.do === 'improve')) return { type: 'out_of_time', workedMs: 1 };
  return answer(state);
}

function rightAnswer(state: LoopState, dice: Dice, request: Trace['request']): LoopEvent {
  const { command } = state;
  switch (command.do) {
    case 'open':
      return anOpening(request);
    case 'review':
      return aReviewing(dice, command.reviewers, state.iteration);
    case 'improve':
      return anImprovement(dice, state);
    case 'save':
      return { type: 'saved', path: 'src/a.ts', sha256: command.revision.sha256 };
    case 'commit':
      return { type: 'committed', id: 'c0ffee', branch: dice(2) === 0 ? 'main' : null };
    case 'wait':
      return anyDecision(dice);
    default:
      return { type: 'reported' };
  }
}

function anOpening({ budgetUsd, budgetTokens, ...request }: Trace['request']): LoopEvent {
  return { type: 'opened', request: aRequest({ ...request, ...(budgetUsd === null ? {} : { budgetUsd }), ...(budgetTokens === null ? {} : { budgetTokens }) }), artifact: anArtifact({ revision: { sha256: 'sha-0', bytes: 1_000 } }) };
}

function aReviewing(dice: Dice, reviewers: readonly string[], iteration = 1): LoopEvent {
  const heard = dice(12) === 0 ? [...reviewers, 'stranger'] : reviewers;
  const failing = heard.filter(() => dice(16) === 15);
  const silent = heard.filter(() => dice(40) === 39);
  const reviews = heard.filter((id) => !failing.includes(id) && !silent.includes(id)).map((id) => aSeat(dice, id, iteration));
  const failures = failing.map((reviewer) => ({ reviewer, error: anyError(dice) }));
  const stepIns = dice(10) === 9 && reviews[0] !== undefined ? { replaced: [{ from: reviewers[0] ?? 'static', to: 'step-in' }], reviews: [...reviews, { ...reviews[0], reviewer: 'step-in' }] } : {};
  return { type: 'reviewed', reviews: dice(20) === 19 ? [...reviews, ...reviews] : reviews, failures, workedMs: anyTime(dice), ...(dice(8) === 7 ? { usage: anyUsage(dice) } : {}), ...stepIns };
}

function aSeat(dice: Dice, id: string, iteration: number): Review {
  const check = checkOfSeat(id);
  return check === null ? anyReview(dice, id, iteration) : aChecking(dice, check);
}

// Later revisions are better on the whole, as they should be.
function anyReview(dice: Dice, reviewer: string, iteration: number): Review {
  const broken = dice(12) === 11;
  const mediums = 1 + Math.max(0, dice(3) + 48 - 4 * iteration - (dice(12) === 11 ? 12 : 0));
  const odd = Array.from({ length: dice(8) === 7 ? dice(4) : 0 }, () => anyTally(dice, broken));
  return aReview({
    reviewer,
    engines: [anyEngine(dice)],
    parses: [false, null][dice(30)] ?? true,
    sizeFactor: broken ? anyNumber(dice) : 1 + dice(5) / 10,
    ...(dice(25) === 24 ? { lost: ['export total', 'x'.repeat(2_000)] } : {}),
    ...(dice(25) === 24 ? { damage: 'It is truncated.'.padEnd(1_000, '!') } : {}),
    tallies: [...scoredCategories.map((category) => aTally({ category, count: mediums })), ...odd],
    findingCount: mediums,
    ...(dice(10) === 9 ? { suspicions: ['The text speaks to its judge.'] } : {}),
    ...(dice(3) === 0 ? { costUsd: dice(30) / 100 } : {}),
    ...(broken ? { findingCount: anyNumber(dice), fixableCount: anyNumber(dice), durationMs: anyNumber(dice), costUsd: anyNumber(dice) } : {}),
  });
}

// In a baseline a failing one is no blocker.
function aChecking(dice: Dice, name: string): Review {
  const outcome: CheckOutcome = (['failed', 'flaky'] as const)[dice(12)] ?? 'passed';
  const tallies = outcome === 'failed' && dice(2) === 0 ? [aTally({ ruleId: `check/${name}`, severity: 'high' })] : [];
  const check = { name, outcome, exitCode: outcome === 'failed' ? 1 : 0, timedOut: false, output: 'f'.repeat(64) };
  return aReview({ reviewer: checkSeat(name), engines: [anEngine({ id: checkSeat(name), categories: [] })], parses: null, tallies, findingCount: tallies.length, check });
}

function anyEngine(dice: Dice): EngineRun {
  const roll = dice(40);
  if (roll === 39) return anEngine({ error: 'crashed' });
  if (roll === 38) return anEngine({ id: 'secretlint', categories: ['security'] });
  return roll === 37 ? anEngine({ categories: scoredCategories.slice(0, dice(5)) }) : anEngine();
}

function anyTally(dice: Dice, broken: boolean): Tally {
  return {
    ruleId: `r/${dice(3)}`,
    category: scoredCategories[dice(4)]!,
    severity: broken ? (['fatal', ...severities][dice(6)] as 'high') : severities[dice(5)]!,
    confidence: broken ? anyNumber(dice) : dice(11) / 10,
    count: broken ? anyNumber(dice) : 1 + dice(5),
  };
}

// Mostly a text never seen before, of much the same length.
function anImprovement(dice: Dice, state: LoopState): LoopEvent {
  const changes = dice(15) === 14 ? Array.from({ length: 300 }, (_, n) => `change ${n}`.padEnd(300, '.')) : ['one', 'two'];
  return { type: 'improved', revision: anyRevision(dice, state), changes, workedMs: anyTime(dice), ...(dice(3) === 0 ? { usage: anyUsage(dice) } : {}) };
}

function anyUsage(dice: Dice): Usage {
  return { costUsd: dice(5) === 4 ? null : anyMoney(dice), inputTokens: anyNumber(dice), outputTokens: dice(1_000) };
}

function anyRevision(dice: Dice, state: LoopState): Revision | null {
  const roll = dice(20);
  if (roll === 19) return null;
  if (roll === 18) return { sha256: state.seen[dice(Math.max(1, state.seen.length))] ?? 'sha-0', bytes: 1_000 };
  const bytes = [0, 10, 900, 2_000, 1_100, 800][dice(24)] ?? 1_000;
  return { sha256: `sha-${state.seen.length}-${dice(200)}`, bytes };
}

function outOfPlace(dice: Dice, request: Trace['request']): LoopEvent {
  const events: readonly (() => LoopEvent)[] = [
    () => anOpening(request),
    () => aReviewing(dice, ['static', 'second', 'nobody']),
    () => ({ type: 'improved', revision: { sha256: `sha-odd-${dice(5)}`, bytes: 1_000 }, changes: [], workedMs: anyTime(dice) }),
    () => ({ type: 'saved', path: 'odd', sha256: 'odd' }),
    () => ({ type: 'committed', id: 'odd', branch: null }),
    () => ({ type: 'reported' }),
  ];
  return events[dice(events.length)]!();
}

function anyError(dice: Dice): ErrorSummary {
  const kind = dice(20) === 19 ? ('Unheard' as 'Bug') : errorKinds[[2, 3, 4, 5, 6, 7, 2, 3, 4, 7, 0, 1][dice(12)]!]!;
  return anError(kind, { ...(dice(10) === 9 ? { code: 'BUDGET_DAY_USD' } : {}), message: dice(10) === 9 ? 'x'.repeat(3_000) : 'It did not answer.' });
}

function anyTime(dice: Dice): number {
  return [0, 0, 1, 1, 10, 10, 10, 50, 100, 1_000, 20_000, 61_000, Number.NaN, -5, Infinity][dice(15)]!;
}

function anyMoney(dice: Dice): number {
  return [0, 0.01, 0.2, 1, 1.5, 3, 10, Number.NaN, -1, Infinity][dice(10)]!;
}

function anyNumber(dice: Dice): number {
  return [Number.NaN, Infinity, -Infinity, -1, 0, 0.5, 1e308, 3, 2 ** 53][dice(9)]!;
}
