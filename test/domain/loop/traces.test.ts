import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide } from '#domain/loop/decide.ts';
import type { LoopEvent, LoopState } from '#domain/loop/state.ts';
import { outcomes } from '#domain/report.ts';
import { isPlain, play } from './promises.ts';
import { traces, traceSeed } from './traces.ts';

const unitTraces = 5_000;

describe('whatever its steps answer, the loop', () => {
  test(`keeps its promises over ${unitTraces} traces (seed ${traceSeed})`, () => {
    const reached = new Map<string, number>();
    let long = 0;
    fc.assert(
      fc.property(traces, (trace) => {
        const ending = play(decide, trace);
        const { command, cancelled, outcome } = ending.state;
        const name = command.do === 'fail' ? 'failed' : cancelled ? 'cancelled' : String(outcome);
        reached.set(name, (reached.get(name) ?? 0) + 1);
        long += ending.state.iterations.length >= 5 ? 1 : 0;
      }),
      { seed: traceSeed, numRuns: unitTraces },
    );
    // Traces that reach nothing prove nothing.
    expect([...outcomes, 'cancelled', 'failed'].filter((name) => (reached.get(name) ?? 0) < 20)).toEqual([]);
    expect(long).toBeGreaterThan(100);
  });
});

type Decide = (state: LoopState, event: LoopEvent) => LoopState;

/** A bug on top of the real thing: what it makes of the next state. */
function planted(bug: (next: LoopState, before: LoopState, event: LoopEvent) => LoopState): Decide {
  return (state, event) => {
    const next = decide(state, event);
    return next === state ? state : bug(next, state, event);
  };
}

/** What is planted, and the promise that the traces then see broken. */
const bugs: Readonly<Record<string, readonly [Decide, string]>> = {
  'the last candidate is always the best': [
    planted((next, before) => {
      const last = next.iterations.at(-1);
      if (next.best === null || last === undefined || last.accepted || next.iterations.length === before.iterations.length) return next;
      return { ...next, best: { ...next.best, revision: last.revision, scorecard: { ...next.best.scorecard, score: last.score } } };
    }),
    'the best',
  ],
  'the last candidate is always accepted': [
    planted((next, before) => {
      const last = next.iterations.at(-1);
      if (next.best === null || last === undefined || last.accepted || next.iterations.length === before.iterations.length) return next;
      const best = { ...next.best, revision: last.revision, scorecard: { ...next.best.scorecard, score: last.score } };
      return { ...next, best, iterations: [...before.iterations, { ...last, accepted: true }] };
    }),
    'no candidate is accepted that scores lower',
  ],
  'a broken check is let through': [
    planted((next, before) => {
      if (next.best === null || before.best === null || next.best === before.best) return next;
      const reviews = next.best.reviews.map((review) => (review.check === undefined ? review : { ...review, check: { ...review.check, outcome: 'failed' as const } }));
      return { ...next, best: { ...next.best, reviews } };
    }),
    'no check that passed on the best revision fails on the next best',
  ],
  'one iteration more than allowed': [
    planted((next) => (next.outcome === 'max_iterations' && next.best !== null ? { ...next, outcome: null, command: { do: 'improve', from: next.best.revision, remainingMs: 10 } } : next)),
    'never more iterations than allowed',
  ],
  'the clock is not looked at': [
    planted((next, { command }) => (next.outcome === 'timed_out' && command.do === 'improve' ? { ...next, outcome: null, command: { ...command, remainingMs: 0 } } : next)),
    'nothing is started without time',
  ],
  'what was rejected is saved': [
    planted((next) => (next.outcome === 'rejected' && next.best !== null && next.command.do === 'report' ? { ...next, command: { do: 'save', revision: next.best.revision } } : next)),
    'nothing is saved',
  ],
  'nobody is asked before saving': [
    planted((next) => (next.command.do === 'wait' && next.command.for === 'approval' && next.best !== null ? { ...next, command: { do: 'save', revision: next.best.revision } } : next)),
    'nothing is saved before it is approved',
  ],
  'revision 0 is saved again': [
    planted((next) => (next.command.do === 'report' && next.save !== 'none' && next.best !== null && next.best.iteration === 1 ? { ...next, command: { do: 'save', revision: next.best.revision } } : next)),
    'only an improved revision is saved, the best one',
  ],
  'it commits what was only to be written': [
    planted((next, before) => (before.command.do === 'save' && next.command.do === 'report' && next.saved !== null ? { ...next, command: { ...before.command, do: 'commit' } } : next)),
    'only what was asked for is saved and committed',
  ],
  'the outcome is forgotten': [planted((next) => (next.command.do === 'finish' ? { ...next, outcome: null } : next)), 'a run that is over has an outcome'],
  'abort does not end a parked report': [
    planted((next, before) => (before.parked?.step === 'report' && next.outcome === 'aborted' ? { ...next, command: { do: 'report' } } : next)),
    'it ends within',
  ],
  'nonsense time is added up': [
    planted((next, _before, event) => ('workedMs' in event && event.workedMs !== undefined && Number.isNaN(event.workedMs) ? { ...next, workedMs: event.workedMs } : next)),
    'time and money are never given back',
  ],
  'an answer to another command is taken': [
    (state, event) => (event.type === 'saved' && state.command.do === 'improve' ? { ...state, saved: { path: event.path, sha256: event.sha256 } } : decide(state, event)),
    'saved does not move a run that is to improve',
  ],
  'a cancelled run is parked': [
    planted((next, before) => (before.cancelled && next.error?.step === 'report' ? { ...next, command: { do: 'wait', for: 'parked' }, parked: { step: 'report', error: next.error, reviewers: [], command: before.command } } : next)),
    'a cancelled run waits for nobody',
  ],
  'a broken reviewer is written down as it is': [
    planted((next, _before, event) => (event.type === 'reviewed' && next.best !== null ? { ...next, best: { ...next.best, reviews: event.reviews } } : next)),
    'plain JSON',
  ],
  'everything is remembered for ever': [planted((next) => ({ ...next, changes: [...next.changes, 'x'.repeat(5_000)] })), 'the last state is small'],
};

describe('the traces find a planted bug:', () => {
  test.each(Object.keys(bugs))('%s', (name) => {
    const [buggy, promise] = bugs[name]!;
    const found = fc.check(fc.property(traces, (trace) => void play(buggy, trace)), { seed: traceSeed, numRuns: unitTraces, endOnFailure: true });
    expect(found.failed).toBe(true);
    expect(String(found.errorInstance)).toContain(promise);
  });

  test('which they know by what JSON would lose', () => {
    expect([null, 1, 'a', true, [], {}, [{ a: null }]].every(isPlain)).toBe(true);
    expect([Number.NaN, Infinity, undefined, { a: undefined }, [undefined], new Map(), () => 1, new Date()].some(isPlain)).toBe(false);
  });
});
