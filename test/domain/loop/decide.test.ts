import { describe, expect, test } from 'vitest';
import { decide } from '#domain/loop/decide.ts';
import type { LoopEvent, LoopState } from '#domain/loop/state.ts';
import { after, aReviewWith, improved, opened, reviewed, usd } from '#test/support/builders.ts';
import { commandWord, everyEvent, gaining, outOfTime, r0, r1, reached } from '#test/support/loop-states.ts';

const stays = '=';

// What is commanded next; '=' is the same state, untouched.
const table: Readonly<Record<keyof typeof reached, Readonly<Partial<Record<LoopEvent['type'], string>>>>> = {
  open: { opened: 'review', failed: 'wait for parked', cancelled: 'finish' },
  review: { reviewed: 'report', failed: 'wait for parked', out_of_time: 'report', cancelled: 'report' },
  improve: { improved: 'review', failed: 'wait for parked', out_of_time: 'report', cancelled: 'report' },
  approval: { decided: 'report', cancelled: 'report' },
  suspicion: { decided: 'report', cancelled: 'report' },
  budget: { decided: 'report', cancelled: 'report' },
  parked: { decided: 'report', cancelled: 'report' },
  save: { saved: 'commit', failed: 'wait for parked', cancelled: 'report' },
  commit: { committed: 'report', failed: 'wait for parked', cancelled: 'report' },
  report: { reported: 'finish', failed: 'wait for parked', cancelled: 'report' },
  finish: {},
  fail: {},
};

const commands = Object.keys(reached) as (keyof typeof reached)[];
const events = Object.keys(everyEvent) as LoopEvent['type'][];

function answer(state: LoopState, event: LoopEvent): string {
  const next = decide(state, event);
  return next === state ? stays : commandWord(next.command);
}

describe('deciding', () => {
  test.each(commands)('answers every event at the command %s, and is not moved by one that does not fit', (command) => {
    const row = Object.fromEntries(events.map((type) => [type, answer(reached[command], everyEvent[type])]));
    expect(row).toEqual(Object.fromEntries(events.map((type) => [type, table[command][type] ?? stays])));
  });

  test('never changes the state it was given', () => {
    for (const state of Object.values(reached)) {
      for (const event of Object.values(everyEvent)) {
        const before = JSON.stringify(state);
        decide(deepFreeze(structuredClone(state)), deepFreeze(structuredClone(event)));
        expect(JSON.stringify(state)).toBe(before);
      }
    }
  });

  test('takes what the request asks for when the artifact is opened, and reviews revision 0', () => {
    const state = after(opened({ reviewers: ['static', 'second', 'static'], budgetUsd: 2, weights: { logic: 1 }, save: 'write', approval: 'before_save', requested: ['logic'] }));
    expect(state).toMatchObject({
      command: { do: 'review', revision: r0, reviewers: ['static', 'second'], remainingMs: 60_000 },
      reviewers: ['static', 'second'], budgetUsd: 2, weights: { logic: 1 }, save: 'write', approval: 'before_save', requested: ['logic'], iteration: 1, seen: [r0.sha256],
    });
  });

  test('improves from the best revision, and reviews what comes of it with what time is left', () => {
    const improving = after(opened(), reviewed([aReviewWith(8)], { workedMs: 20_000 }));
    expect(improving.command).toEqual({ do: 'improve', from: r0, remainingMs: 60_000 });
    const reviewing = decide(improving, improved('r1', { workedMs: 15_000 }));
    expect(reviewing.command).toEqual({ do: 'review', revision: r1, reviewers: ['static'], remainingMs: 45_000 });
    expect(reviewing).toMatchObject({ iteration: 2, iterationMs: 15_000, workedMs: 35_000, changes: ['wrote r1'], seen: [r0.sha256, r1.sha256] });
  });

  test('tells each iteration as it was', () => {
    const [open, first, ...rest] = gaining();
    const state = after(open!, { ...first!, workedMs: 9.6 } as LoopEvent, ...rest);
    expect(state.iterations).toEqual([
      {
        iteration: 1, revision: r0, score: 80.4, categories: state.initial!.scorecard.categories, findings: 8, accepted: true, changes: [], durationMs: 10,
      },
      {
        iteration: 2, revision: r1, score: 100, categories: state.best!.scorecard.categories, findings: 0, accepted: true, changes: ['wrote r1'], durationMs: 20,
      },
    ]);
  });

  test('adds up money and working time, and takes nonsense for nothing', () => {
    const odd = after(opened(), reviewed([aReviewWith(8, { costUsd: Number.NaN })], { workedMs: Number.NaN }), improved('r1', { workedMs: -5, usage: usd(Infinity) }));
    expect(odd).toMatchObject({ workedMs: 0, iterationMs: 0, costUsd: 0 });
    const sound = after(opened(), reviewed([aReviewWith(8, { costUsd: 0.25 })]), improved('r1', { usage: usd(0.5) }));
    expect(sound).toMatchObject({ workedMs: 20, costUsd: 0.75 });
  });

  test('keeps what an improver says of its work to some lines', () => {
    const [last] = after(opened(), reviewed([aReviewWith(8)]), improved('r1', { changes: ['x'.repeat(900), ...Array.from({ length: 80 }, (_, n) => `change ${n} ${'y'.repeat(90)}`)] })).changes.slice(-1);
    expect(last).toBe('and 67 more');
    expect(after(opened(), reviewed([aReviewWith(8)]), improved('r1', { changes: ['x'.repeat(900)] })).changes).toEqual(['x'.repeat(200)]);
  });
});

describe('the state', () => {
  test('of a run of 20 iterations stays below 64 KB and comes back from JSON as it was, however much everybody says', () => {
    const limits = { targetScore: 100, maxIterations: 20, iterationTimeoutMs: 60_000, timeoutMs: 600_000 };
    const blockers = Array.from({ length: 10 }, (_, n) => ({ id: `f${n}`, ruleId: 'r/1', severity: 'high' as const, message: 'x'.repeat(200), line: n }));
    const changes = Array.from({ length: 50 }, (_, n) => `${n}`.padEnd(200, '.'));
    const rounds = Array.from({ length: 20 }, (_, n) => {
      const review = aReviewWith(60 - 3 * n, { blockers, lost: n % 2 === 1 ? ['x'.repeat(2_000)] : [] });
      return [n === 0 ? opened({ limits }) : improved(`r${n}`, { changes }), reviewed([review])];
    });
    const state = after(...rounds.flat());
    expect([state.outcome, state.iterations.length, state.refused.length]).toEqual(['max_iterations', 20, 10]);
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
    expect(JSON.stringify(state).length).toBeLessThan(64 * 1_024);
  });
});

describe('time', () => {
  test('that an iteration is out of ends the run with the best so far', () => {
    const reviewing = after(...gaining({ limits: { targetScore: 101, maxIterations: 5, iterationTimeoutMs: 60_000, timeoutMs: 600_000 } }), improved('r2'), outOfTime);
    expect(reviewing).toMatchObject({ outcome: 'timed_out', best: { revision: r1 }, command: { do: 'save', revision: r1 }, workedMs: 60_040 });
  });

  test('that ends before anything was judged is told without a score', () => {
    expect(after(opened(), outOfTime)).toMatchObject({ outcome: 'timed_out', best: null, iterations: [], command: { do: 'report' } });
  });

  test('used up by the improver leaves none to review what it wrote', () => {
    const state = after(opened(), reviewed([aReviewWith(8)]), improved('r1', { workedMs: 60_000 }));
    expect(state).toMatchObject({ outcome: 'timed_out', iteration: 1, best: { revision: r0 }, command: { do: 'report' } });
  });

  test('used up by the whole run starts no other iteration', () => {
    const limits = { targetScore: 85, maxIterations: 5, iterationTimeoutMs: 60_000, timeoutMs: 90_000 };
    const state = after(opened({ limits }), reviewed([aReviewWith(8)], { workedMs: 50_000 }), improved('r1', { workedMs: 1_000 }), reviewed([aReviewWith(7)], { workedMs: 39_000 }));
    expect(state).toMatchObject({ outcome: 'timed_out', best: { revision: r1 }, command: { do: 'report' } });
  });

  test('left in the run, where it is less than an iteration gets, is all that a step gets', () => {
    const limits = { targetScore: 85, maxIterations: 5, iterationTimeoutMs: 60_000, timeoutMs: 90_000 };
    expect(after(opened({ limits }), reviewed([aReviewWith(8)], { workedMs: 50_000 })).command).toEqual({ do: 'improve', from: r0, remainingMs: 40_000 });
  });

  test('spent on opening counts, and a run that has none left reviews nothing', () => {
    const late: LoopEvent[] = [{ type: 'failed', error: { kind: 'Unavailable', code: 'STORE_BUSY', message: 'Busy.' }, workedMs: 600_000 }, { type: 'decided', decision: { decision: 'retry' } }];
    expect(after(...late, opened())).toMatchObject({ outcome: 'timed_out', command: { do: 'report' } });
  });
});

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}
