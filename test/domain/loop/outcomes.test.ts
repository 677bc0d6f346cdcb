import { describe, expect, test } from 'vitest';
import { decide } from '#domain/loop/decide.ts';
import type { LoopEvent, LoopState } from '#domain/loop/state.ts';
import { outcomes } from '#domain/report.ts';
import { after, anEngine, anError, aReview, aReviewWith, aRevision, aTally, failed, improved, opened, reviewed } from '#test/support/builders.ts';
import { cancelledEvent, committedEvent, decided, gaining, outOfTime, r0, r1, reached, reportedEvent, savedEvent } from '#test/support/loop-states.ts';

/** Opened, then one review after the other, each of a new revision. */
function rounds(request: Parameters<typeof opened>[0], ...mediums: readonly number[]): LoopState {
  return after(...mediums.flatMap((count, n) => [n === 0 ? opened(request) : improved(`r${n}`), reviewed([aReviewWith(count)])]));
}

const limits = { targetScore: 85, maxIterations: 5, iterationTimeoutMs: 60_000, timeoutMs: 600_000 };

const endings: Readonly<Record<(typeof outcomes)[number], LoopState>> = {
  target_reached: rounds({}, 8, 5),
  max_iterations: rounds({ limits: { ...limits, maxIterations: 3 } }, 40, 20, 10),
  timed_out: after(opened(), reviewed([aReviewWith(8)]), outOfTime),
  no_progress: rounds({}, 8, 9, 20),
  oscillating: after(opened(), reviewed([aReviewWith(40)]), improved('r1'), reviewed([aReviewWith(20)]), improved('r0')),
  budget_spent: decide(reached.budget, decided('skip')),
  nothing_to_improve: after(opened(), reviewed([aReviewWith(8)]), improved('', { revision: null })),
  rejected: decide(reached.approval, decided('reject')),
  aborted: decide(reached.parked, decided('abort')),
  not_judged: after(opened(), reviewed([aReview({ engines: [] })])),
};

describe('a run ends', () => {
  test.each(outcomes)('%s', (outcome) => {
    expect(endings[outcome]).toMatchObject({ outcome, command: { do: 'report' } });
    expect(decide(endings[outcome], reportedEvent)).toMatchObject({ outcome, command: { do: 'finish' } });
  });

  test('target_reached with the first review where nothing is wrong, with nothing to save', () => {
    expect(rounds({ save: 'commit' }, 0)).toMatchObject({ outcome: 'target_reached', iteration: 1, command: { do: 'report' } });
  });

  test('not target_reached while a blocker stands or a requested engine failed, whatever the score', () => {
    const blocked = after(opened({ limits: { ...limits, targetScore: 80, maxIterations: 1 } }), reviewed([aReview({ tallies: [aTally({ severity: 'high' })] })]));
    expect([blocked.outcome, blocked.best?.scorecard.score]).toEqual(['max_iterations', 84]);
    const broken = after(opened({ limits: { ...limits, maxIterations: 1 } }), reviewed([aReview({ engines: [anEngine(), anEngine({ id: 'biome', error: 'crashed' })] })]));
    expect([broken.outcome, broken.best?.scorecard.score]).toEqual(['max_iterations', 100]);
  });

  test('max_iterations after as many reviews as were allowed, so that two are one improvement', () => {
    const state = rounds({ limits: { ...limits, maxIterations: 2 } }, 40, 20);
    expect([state.outcome, state.iterations.length, state.seen.length]).toEqual(['max_iterations', 2, 2]);
    expect(rounds({ limits: { ...limits, maxIterations: 1 } }, 40)).toMatchObject({ outcome: 'max_iterations', seen: [r0.sha256] });
  });

  test('no_progress after two candidates in a row that were refused or gained less than a point, not after one', () => {
    expect(rounds({}, 20, 21).command.do).toBe('improve');
    expect(rounds({}, 20, 19, 18).outcome).toBe('no_progress');
    expect(rounds({}, 20, 21, 19).outcome).toBe('no_progress');
    expect(rounds({}, 20, 21, 17, 18).command.do).toBe('improve');
    expect(rounds({}, 20, 21, 17, 18, 18).outcome).toBe('max_iterations');
  });

  test('no_progress also when candidates were refused that score higher', () => {
    const losing = (count: number): LoopEvent => reviewed([aReviewWith(count, { lost: ['export total'] })]);
    expect(after(opened(), reviewed([aReviewWith(20)]), improved('r1'), losing(10), improved('r2'), losing(6)).outcome).toBe('no_progress');
  });

  test('without calling a gain of exactly one point weak', () => {
    const scored = (count: number): LoopEvent => reviewed([aReviewWith(count, { sizeFactor: 1 })]);
    const state = after(opened(), scored(14), improved('r1'), scored(13));
    expect([state.iterations.map(({ score }) => score), state.weak]).toEqual([[73.5, 74.5], 0]);
  });

  test('oscillating when a candidate comes back that was refused before', () => {
    const state = after(opened(), reviewed([aReviewWith(20)]), improved('r1'), reviewed([aReviewWith(30)]), improved('r1'));
    expect(state).toMatchObject({ outcome: 'oscillating', best: { revision: r0 }, refused: [{ sha256: r1.sha256, because: 'It lowers the score from 68.4 to 61.9.' }] });
  });

  test('not_judged where the artifact is empty, whatever the engines say', () => {
    const empty = aRevision('', 0);
    const state = after(opened({}, { revision: empty }), reviewed([aReview()]));
    expect(state).toMatchObject({ outcome: 'not_judged', best: { scorecard: { score: null } }, iterations: [{ score: null, accepted: true }] });
  });

  test('cancelled without an outcome, from every phase, and never saves after', () => {
    for (const [phase, state] of Object.entries(reached)) {
      if (phase === 'finish' || phase === 'fail') continue;
      const now = decide(state, cancelledEvent);
      expect(now).toMatchObject({ cancelled: true, outcome: null, parked: null, command: { do: phase === 'open' ? 'finish' : 'report' } });
      expect(decide(now, cancelledEvent)).toBe(now);
      expect(decide(now, decided('approve'))).toBe(now);
    }
  });

  test('cancelled even where the report of a cancelled run fails', () => {
    for (const kind of ['Unavailable', 'Misconfigured', 'Bug'] as const) {
      const state = decide(decide(reached.improve, cancelledEvent), failed(kind));
      expect(state).toMatchObject({ command: { do: 'finish' }, cancelled: true, outcome: null, error: { ...anError(kind), step: 'report' } });
    }
  });
});

describe('the best revision', () => {
  test('wins, not the last', () => {
    const state = rounds({ save: 'write', limits: { ...limits, maxIterations: 3 } }, 40, 10, 20);
    expect(state).toMatchObject({ outcome: 'max_iterations', best: { iteration: 2, revision: r1 }, command: { do: 'save', revision: r1 } });
    expect(state.iterations.map(({ accepted, refusedBecause }) => [accepted, refusedBecause])).toEqual([
      [true, undefined], [true, undefined], [false, 'It lowers the score from 77.8 to 68.4.'],
    ]);
  });

  test('is what the improver starts from again after a refused candidate', () => {
    expect(rounds({}, 40, 10, 20).command).toMatchObject({ do: 'improve', from: r1 });
  });

  test('is saved only where it is not the revision the user gave', () => {
    expect(rounds({ save: 'commit', limits: { ...limits, maxIterations: 2 } }, 10, 20)).toMatchObject({ best: { revision: r0 }, command: { do: 'report' } });
  });

  test('is measured by the size of revision 0 for the whole run', () => {
    const state = after(opened(), reviewed([aReviewWith(40, { sizeFactor: 2 })]), improved('r1'), reviewed([aReviewWith(40, { sizeFactor: 9 })]));
    expect([state.sizeFactor, state.iterations.map(({ score }) => score)]).toEqual([2, [75.5, 75.5]]);
  });
});

describe('the end of a run', () => {
  test('saves, commits and reports in this order, each as far as it was asked for', () => {
    const walk = (save: 'none' | 'write' | 'commit'): string[] => {
      const states = [after(...gaining({ save }))];
      for (const event of [savedEvent, committedEvent, reportedEvent]) states.push(decide(states.at(-1)!, event));
      return [...new Set(states)].map(({ command }) => command.do);
    };
    expect([walk('none'), walk('write'), walk('commit')]).toEqual([
      ['report', 'finish'], ['save', 'report', 'finish'], ['save', 'commit', 'report', 'finish'],
    ]);
  });

  test('keeps what was saved and committed', () => {
    expect(reached.finish).toMatchObject({ saved: { path: 'src/a.ts', sha256: 'of-the-file' }, commit: { id: 'c0ffee', branch: 'main' }, outcome: 'target_reached', error: null });
  });

  test('asks before saving where that was asked for, and only then', () => {
    expect(reached.approval).toMatchObject({ command: { do: 'wait', for: 'approval' }, outcome: 'target_reached', saved: null });
    expect(decide(reached.approval, decided('approve'))).toMatchObject({ command: { do: 'save', revision: r1 }, approved: true });
    expect(after(...gaining({ approval: 'before_save', save: 'none' })).command).toEqual({ do: 'report' });
    expect(rounds({ approval: 'before_save', save: 'write' }, 0).command).toEqual({ do: 'report' });
  });

  test.each(['save', 'commit'] as const)('by a Conflict at %s is an end with a report, the outcome and the error', (step) => {
    const state = decide(reached[step], failed('Conflict'));
    expect(state).toMatchObject({ command: { do: 'report' }, outcome: 'target_reached', error: { ...anError('Conflict'), step } });
    expect(decide(state, reportedEvent)).toMatchObject({ command: { do: 'finish' }, outcome: 'target_reached', commit: null });
  });
});
