import { describe, expect, test } from 'vitest';
import { decide } from '#domain/loop/decide.ts';
import { progressOf, runState } from '#domain/loop/progress.ts';
import type { LoopState } from '#domain/loop/state.ts';
import { runStates } from '#domain/report.ts';
import { after, aReviewWith, failed, opened, reviewed } from '#test/support/builders.ts';
import { cancelledEvent, gaining, reached, reportedEvent } from '#test/support/loop-states.ts';

const facts = { startedAt: '2026-01-02T03:04:05.000Z', runId: 'RUN' };

const states: Readonly<Record<string, LoopState>> = {
  ...reached,
  'a second review': after(opened(), ...gaining().slice(1, 3)),
  'a parked save': decide(reached.save, failed('Unavailable')),
  cancelling: decide(reached.improve, cancelledEvent),
  cancelled: [cancelledEvent, reportedEvent].reduce(decide, reached.improve),
  'no score': after(opened(), reviewed([aReviewWith(0, { engines: [] })])),
};

describe('progress', () => {
  test('names the state of a run at every command', () => {
    expect(Object.fromEntries(Object.entries(states).map(([name, state]) => [name, runState(state)]))).toEqual({
      open: 'reviewing',
      review: 'reviewing',
      improve: 'improving',
      approval: 'waiting_for_decision', suspicion: 'waiting_for_decision',
      budget: 'paused',
      parked: 'parked',
      save: 'saving',
      commit: 'saving',
      report: 'saving',
      finish: 'completed',
      fail: 'failed',
      'a second review': 'reviewing',
      'a parked save': 'parked',
      cancelling: 'saving',
      cancelled: 'cancelled',
      'no score': 'saving',
    });
  });

  test('knows every state but the one of a run that no worker has taken up yet', () => {
    const known = new Set(Object.values(states).map(runState));
    expect(runStates.filter((state) => !known.has(state))).toEqual(['queued']);
  });

  test.each(Object.keys(states))('of a run at: %s', (name) => {
    expect(progressOf(states[name]!, facts)).toMatchSnapshot();
  });

  test('says which artifact below which root, where that is known', () => {
    expect(progressOf(reached.review, { ...facts, artifact: 'src/a.ts', root: '/root-of-tests' })).toMatchObject({ artifact: 'src/a.ts', root: '/root-of-tests' });
    expect(progressOf(reached.open, facts)).not.toHaveProperty('artifact');
  });

  test('advises to skip no step that all others need', () => {
    const parkedAt = (state: LoopState) => progressOf(decide(state, failed('Unavailable')), facts).nextStep;
    expect([parkedAt(reached.open), parkedAt(reached.improve)]).toEqual(['koubou decide RUN retry|abort', 'koubou decide RUN retry|skip|abort']);
  });

  test('tells a parked run whose reason is lost apart from one at work', () => {
    expect(progressOf({ ...reached.parked, parked: null }, facts)).toMatchObject({ state: 'parked', waitingFor: 'A decision: the step review failed (UNKNOWN).' });
  });
});
