import { describe, expect, test } from 'vitest';
import { errorKinds } from '#domain/errors.ts';
import { runStates, type Outcome } from '#domain/report.ts';
import { exitCodeOf, exitCodeOfBatch, exitCodeOfError, type Ending } from '#client/cli/exit-code.ts';

const completed: Ending = { state: 'completed', outcome: 'target_reached', finalScore: 90, error: null };
const conflict = { kind: 'Conflict', code: 'FILE_CHANGED', message: 'A person changed the file.' } as const;

describe('the exit code of one run', () => {
  test('follows its state', () => {
    const codes = Object.fromEntries(runStates.map((state) => [state, exitCodeOf({ ...completed, state, outcome: null })]));
    expect(codes).toEqual({
      queued: 3, reviewing: 3, improving: 3, saving: 3, waiting_for_decision: 3, paused: 3, parked: 1, completed: 1, cancelled: 1, failed: 2,
    });
  });

  test.each<[Outcome, number]>([
    ['target_reached', 0], ['max_iterations', 1], ['timed_out', 1], ['no_progress', 1], ['oscillating', 1], ['budget_spent', 1],
    ['nothing_to_improve', 1], ['rejected', 1], ['aborted', 1], ['not_judged', 2],
  ])('of outcome %s is %d', (outcome, code) => {
    expect(exitCodeOf({ ...completed, outcome })).toBe(code);
  });

  test('is 2 without a score, whatever the outcome', () => {
    expect(exitCodeOf({ ...completed, outcome: 'timed_out', finalScore: null })).toBe(2);
  });

  test('is 1 where a save that was asked for did not happen, even if the target was reached', () => {
    expect(exitCodeOf({ ...completed, error: conflict })).toBe(1);
  });
});

test('the exit code of an error follows its kind', () => {
  const codes = Object.fromEntries(errorKinds.map((kind) => [kind, exitCodeOfError({ kind, code: 'X', message: '' })]));
  expect(codes).toEqual({ InvalidInput: 2, Misconfigured: 2, Unavailable: 2, TimedOut: 2, UnreadableOutput: 2, Conflict: 1, Refused: 1, Bug: 2 });
});

describe('the exit code of a batch is that of its worst review', () => {
  const entry = (given: Partial<Ending>) => ({ path: 'a', ready: false, initialScore: null, ...completed, ...given });
  const [zero, one, two, three] = [entry({}), entry({ state: 'parked' }), entry({ state: 'failed' }), entry({ state: 'reviewing' })];

  test.each([
    [[zero, zero], 0],
    [[zero, one], 1],
    [[one, three, zero], 3],
    [[one, three, two, zero], 2],
  ])('case %#', (entries, code) => {
    expect(exitCodeOfBatch(entries, 2)).toBe(code);
  });

  test('and of an empty one what the caller says', () => {
    expect([exitCodeOfBatch([], 2), exitCodeOfBatch([], 0)]).toEqual([2, 0]);
  });
});
