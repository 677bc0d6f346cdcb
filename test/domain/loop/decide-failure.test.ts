import { describe, expect, test } from 'vitest';
import { errorKinds, errorPolicies, type ErrorKind } from '#domain/errors.ts';
import { failStep, fateOf } from '#domain/loop/decide-failure.ts';
import { decide } from '#domain/loop/decide.ts';
import { steps, type Step } from '#domain/report.ts';
import { anError, failed } from '#test/support/builders.ts';
import { cancelledEvent, commandWord, reached } from '#test/support/loop-states.ts';

function fates(kind: ErrorKind): Record<Step, string> {
  return Object.fromEntries(steps.map((step) => [step, commandWord(decide(reached[step], failed(kind)).command)])) as Record<Step, string>;
}

const everywhere = (word: string): Record<Step, string> => Object.fromEntries(steps.map((step) => [step, word])) as Record<Step, string>;

describe('a step that failed for good', () => {
  test.each<[ErrorKind, Record<Step, string>]>([
    ['InvalidInput', everywhere('fail')],
    ['Misconfigured', everywhere('fail')],
    ['Unavailable', everywhere('wait for parked')],
    ['TimedOut', everywhere('wait for parked')],
    ['UnreadableOutput', everywhere('wait for parked')],
    ['Conflict', { ...everywhere('wait for parked'), save: 'report', commit: 'report' }],
    ['Refused', everywhere('wait for parked')],
    ['Bug', everywhere('wait for parked')],
  ])('with %s does what the table of errors says', (kind, row) => {
    expect(fates(kind)).toEqual(row);
  });

  test.each(steps)('names the step %s in its error', (step) => {
    const error = { ...anError('Misconfigured'), step };
    expect(decide(reached[step], failed('Misconfigured'))).toMatchObject({ error, command: { do: 'fail', error }, outcome: null });
    expect(decide(reached[step], failed('Bug')).parked?.error).toEqual({ ...anError('Bug'), step });
  });

  test('parks what a person can wake: what failed, who did not answer, what to do again', () => {
    expect(decide(reached.review, failed('TimedOut')).parked).toEqual({
      step: 'review', error: { ...anError('TimedOut'), step: 'review' }, reviewers: ['static'], command: reached.review.command,
    });
    expect(decide(reached.save, failed()).parked).toEqual({ step: 'save', error: { ...anError(), step: 'save' }, reviewers: [], command: reached.save.command });
  });

  test('costs its working time', () => {
    expect(decide(reached.improve, failed('Unavailable', 7_000)).workedMs).toBe(reached.improve.workedMs + 7_000);
    expect(decide(reached.improve, failed('Unavailable', Number.NaN)).workedMs).toBe(reached.improve.workedMs);
  });

  test('of a kind nobody has heard of is a Bug', () => {
    expect(errorKinds.map((kind) => fateOf(anError(kind)))).toEqual(errorKinds.map((kind) => errorPolicies[kind].run));
    expect([fateOf(anError('ActivityFailure' as 'Bug')), fateOf(anError('toString' as 'Bug'))]).toEqual(['parks', 'parks']);
  });

  test('tells at most 500 characters', () => {
    const state = failStep(reached.improve, anError('Bug', { message: 'x'.repeat(9_000) }));
    expect(state.parked?.error.message).toBe('x'.repeat(500));
  });

  test('while a cancelled run writes its report ends it', () => {
    const cancelled = decide(reached.improve, cancelledEvent);
    for (const kind of errorKinds) expect(decide(cancelled, failed(kind))).toMatchObject({ command: { do: 'finish' }, error: { kind, step: 'report' } });
  });
});
