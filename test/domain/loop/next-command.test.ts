import { describe, expect, test } from 'vitest';
import { goOn, improveCommand, remainingMs, reviewCommand, settle, spend, stop, timed } from '#domain/loop/next-command.ts';
import { isOver } from '#domain/loop/state.ts';
import { anAssessed, aReviewWith, aRevision, aState, usd } from '#test/support/builders.ts';
import { reached } from '#test/support/loop-states.ts';

const initial = anAssessed([aReviewWith(8)]);
const better = anAssessed([aReviewWith(6)], { iteration: 2, revision: aRevision('r1') });

describe('the next command', () => {
  test('asks only the reviewers whose review is not in yet', () => {
    const state = aState({ reviewers: ['static', 'second'], gathered: [aReviewWith(0)] });
    expect(reviewCommand(state, aRevision('r0'))).toEqual({ do: 'review', revision: aRevision('r0'), reviewers: ['second'], remainingMs: 60_000 });
  });

  test('to improve starts from the best revision', () => {
    expect(improveCommand(aState({ best: better }))).toEqual({ do: 'improve', from: better.revision, remainingMs: 60_000 });
  });

  test('gets what is left of the iteration or of the run, whichever is less', () => {
    expect(remainingMs(aState({ iterationMs: 10_000, workedMs: 10_000 }))).toBe(50_000);
    expect(remainingMs(aState({ iterationMs: 10_000, workedMs: 590_000 }))).toBe(10_000);
    expect(remainingMs(aState({ iterationMs: 61_000, workedMs: 61_000 }))).toBe(-1_000);
  });

  test('is the end where no time is left for it', () => {
    const command = improveCommand(aState({ best: better }));
    expect(timed(aState({ iterationMs: 59_999, iteration: 1 }), command).command).toBe(command);
    expect(timed(aState({ iterationMs: 60_000, iteration: 1 }), command)).toMatchObject({ outcome: 'timed_out', command: { do: 'report' } });
  });

  test('after a candidate starts a new iteration with a new clock', () => {
    expect(goOn(aState({ iteration: 2, best: better, iterationMs: 40_000, workedMs: 90_000, changes: ['x'] }))).toMatchObject({
      command: { do: 'improve', remainingMs: 60_000 }, iterationMs: 0, workedMs: 90_000, changes: [],
    });
  });

  test('is never to improve with a limit that leaves no time at all', () => {
    const limits = { targetScore: 85, maxIterations: 5, iterationTimeoutMs: 0, timeoutMs: 1_000 };
    expect(goOn(aState({ iteration: 1, best: better, limits }))).toMatchObject({ outcome: 'timed_out', command: { do: 'report' } });
  });
});

describe('the end', () => {
  test('of a run that never opened its artifact has nothing to report', () => {
    expect(stop(aState(), 'aborted')).toMatchObject({ outcome: 'aborted', command: { do: 'finish' } });
  });

  test.each([
    ['no_progress', 'not_judged'], ['timed_out', 'timed_out'], ['aborted', 'aborted'], ['nothing_to_improve', 'not_judged'],
  ] as const)('by %s of a run that has judged nothing is %s', (outcome, shown) => {
    expect(stop(aState({ iteration: 1 }), outcome).outcome).toBe(shown);
  });

  test.each([
    ['nothing was asked to be saved', { save: 'none' }, 'report'],
    ['the best revision is what the user gave', { save: 'write', best: initial }, 'report'],
    ['nothing was judged', { save: 'write', best: null }, 'report'],
    ['the improved revision was rejected', { save: 'write', outcome: 'rejected' }, 'report'],
    ['the run was aborted', { save: 'write', outcome: 'aborted' }, 'report'],
    ['it was asked to be saved', { save: 'write' }, 'save'],
    ['it was asked to be committed', { save: 'commit' }, 'save'],
    ['it has to be approved', { save: 'write', approval: 'before_save' }, 'wait'],
    ['it was approved', { save: 'write', approval: 'before_save', approved: true }, 'save'],
  ] as const)('where %s', (_what, given, command) => {
    expect(settle(aState({ iteration: 2, initial, best: better, outcome: 'no_progress', ...given })).command.do).toBe(command);
  });

  test('is a state that nothing moves any more', () => {
    expect(Object.entries(reached).filter(([, state]) => isOver(state)).map(([name]) => name)).toEqual(['finish', 'fail']);
  });
});

describe('spending', () => {
  test('adds time to the iteration and to the run, and money to the bill', () => {
    expect(spend(aState({ iterationMs: 1, workedMs: 2, costUsd: 0.5 }), 10, { costUsd: 0.25, inputTokens: 3, outputTokens: 4 })).toMatchObject({ iterationMs: 11, workedMs: 12, costUsd: 0.75, inputTokens: 3, outputTokens: 4 });
  });

  test.each([Number.NaN, -1, Infinity, -Infinity])('takes %d for nothing', (odd) => {
    expect(spend(aState({ workedMs: 2, costUsd: 0.5 }), odd, { costUsd: odd, inputTokens: odd, outputTokens: odd })).toMatchObject({ iterationMs: 0, workedMs: 2, costUsd: 0.5 });
  });

  test('stays a finite sum however often it is beyond belief', () => {
    const state = Array.from({ length: 100 }).reduce<ReturnType<typeof aState>>((sum) => spend(sum, 1e308, usd(1e308)), aState());
    expect([Number.isFinite(state.workedMs), Number.isFinite(state.costUsd)]).toEqual([true, true]);
  });
});
