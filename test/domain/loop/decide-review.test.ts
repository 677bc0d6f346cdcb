import { describe, expect, test } from 'vitest';
import { decide } from '#domain/loop/decide.ts';
import type { LoopEvent, ReviewerFailure } from '#domain/loop/state.ts';
import type { ErrorKind } from '#domain/errors.ts';
import type { Review } from '#domain/review.ts';
import { after, anEngine, anError, aReview, aReviewWith, aTally, improved, opened, reviewed } from '#test/support/builders.ts';
import { decided, r0, r1 } from '#test/support/loop-states.ts';

const two = opened({ reviewers: ['static', 'second'] });
const second = (mediums: number, given: Partial<Review> = {}): Review => aReviewWith(mediums, { reviewer: 'second', ...given });

function failing(reviewer: string, kind: ErrorKind = 'Unavailable'): ReviewerFailure {
  return { reviewer, error: anError(kind) };
}

function part(reviews: readonly Review[], ...failures: readonly ReviewerFailure[]): LoopEvent {
  return reviewed(reviews, { failures });
}

describe('the reviews of a revision', () => {
  test('are all merged into one score', () => {
    const state = after(two, reviewed([aReviewWith(1), second(3)]));
    expect(state).toMatchObject({ best: { scorecard: { score: 87 }, reviews: [{ reviewer: 'static' }, { reviewer: 'second' }] }, command: { do: 'report' } });
  });

  test('that are missing because a reviewer failed park the run, and the others are kept', () => {
    const state = after(two, part([aReviewWith(1)], failing('second')));
    expect(state).toMatchObject({
      command: { do: 'wait', for: 'parked' },
      parked: { step: 'review', reviewers: ['second'], error: { ...anError(), step: 'review' } },
      gathered: [{ reviewer: 'static' }],
      iterations: [],
    });
  });

  test('that are in are not asked for again by retry', () => {
    const again = after(two, part([aReviewWith(1)], failing('second')), decided('retry'));
    expect(again.command).toEqual({ do: 'review', revision: r0, reviewers: ['second'], remainingMs: 60_000 });
    expect(decide(again, reviewed([second(3)]))).toMatchObject({ best: { scorecard: { score: 87 } }, gathered: [] });
  });

  test('stand without those of a reviewer that was skipped, then and later', () => {
    const state = after(two, part([aReviewWith(8)], failing('second')), decided('skip'));
    expect(state).toMatchObject({ reviewers: ['static'], initial: { scorecard: { score: 80.4 } }, error: { code: 'SOME_CODE' }, command: { do: 'improve' } });
    expect(decide(state, improved('r1')).command).toMatchObject({ do: 'review', revision: r1, reviewers: ['static'] });
  });

  test('are compared with what the same reviewers said of the best revision', () => {
    const dropped = (mediums: number): LoopEvent[] => [two, reviewed([aReviewWith(2), second(20)]), improved('r1'), part([aReviewWith(mediums)], failing('second')), decided('skip')];
    // Together they gave 66.9; the one that is left gave 91.8.
    expect(after(...dropped(3))).toMatchObject({ best: { revision: r0, scorecard: { score: 66.9 } }, refused: [{ because: 'It lowers the score from 91.8 to 89.2.' }], weak: 1 });
    expect(after(...dropped(1))).toMatchObject({ best: { revision: r1, scorecard: { score: 94 } }, outcome: 'target_reached' });
    expect(after(...dropped(2))).toMatchObject({ best: { revision: r1, scorecard: { score: 91.8 } }, weak: 1 });
  });

  test('are not held against a candidate for a category that only a dropped reviewer assessed, nor may it score lower', () => {
    const judge = (mediums: number): Review => aReview({ reviewer: 'second', engines: [anEngine({ id: 'model', categories: ['security'] })], tallies: mediums === 0 ? [] : [aTally({ category: 'security', count: mediums })] });
    const dropped = (first: number, now: number): LoopEvent[] => [two, reviewed([aReviewWith(first), judge(0)]), improved('r1'), part([aReviewWith(now)], failing('second')), decided('skip')];
    // Logic alone was 68.4, with a flawless security 82.7 for the whole.
    expect(after(...dropped(20, 3))).toMatchObject({ best: { revision: r1, scorecard: { score: 89.2 } }, refused: [] });
    expect(after(...dropped(20, 8))).toMatchObject({ best: { revision: r0 }, refused: [{ because: 'It lowers the score from 82.7 to 80.4.' }] });
  });

  test('bring a new serious finding where only a dropped reviewer had told of one by that rule', () => {
    const serious = (reviewer: string): Review => aReviewWith(0, { reviewer, tallies: [aTally({ ruleId: 'r/x', severity: 'high' })] });
    const state = after(two, reviewed([aReviewWith(0), serious('second')]), improved('r1'), part([serious('static')], failing('second')), decided('skip'));
    expect(state.refused).toEqual([{ sha256: r1.sha256, because: 'It brings a new serious finding (r/x).' }]);
  });

  test('that no reviewer is left to give end the run: not judged at first, else with the best so far', () => {
    expect(after(two, part([], failing('static'), failing('second')), decided('skip'))).toMatchObject({ outcome: 'not_judged', reviewers: [], command: { do: 'report' } });
    const later = after(opened({ save: 'write' }), reviewed([aReviewWith(10)]), improved('r1'), reviewed([aReviewWith(6)]), improved('r2'), part([], failing('static')), decided('skip'));
    expect(later).toMatchObject({ outcome: 'no_progress', reviewers: [], best: { revision: r1 }, command: { do: 'save', revision: r1 } });
  });

  test('of reviewers that were not asked count for nothing, nor does a second one by the same reviewer', () => {
    const state = after(opened(), reviewed([aReviewWith(40, { reviewer: 'stranger' }), aReviewWith(8), aReviewWith(40)]));
    expect(state).toMatchObject({ best: { scorecard: { score: 80.4 } }, costUsd: 0 });
    expect(state.best?.reviews).toHaveLength(1);
  });

  test('of a reviewer that says nothing are never taken for a verdict', () => {
    const silent = 'The reviewer static gave no answer. Try again, or go on without it.';
    for (const event of [reviewed([]), reviewed([aReview({ reviewer: 'stranger' })]), part([], failing('stranger', 'Misconfigured'))]) {
      expect(after(opened(), event)).toMatchObject({ command: { do: 'wait', for: 'parked' }, parked: { reviewers: ['static'], error: { kind: 'Bug', code: 'REVIEWER_SILENT', message: silent, step: 'review' } } });
    }
  });

  test('win over a failure that names the same reviewer', () => {
    expect(after(opened(), part([aReviewWith(8)], failing('static'))).command.do).toBe('improve');
  });

  test('that can never come, because a reviewer is misconfigured, fail the run whichever failed first', () => {
    for (const failures of [[failing('static', 'Misconfigured'), failing('second')], [failing('static'), failing('second', 'Misconfigured')]]) {
      expect(after(two, part([], ...failures))).toMatchObject({ command: { do: 'fail', error: { kind: 'Misconfigured', step: 'review' } }, outcome: null });
    }
  });

  test('all fail together when the step itself does, and skip drops those that were still to come', () => {
    const parked = after(two, part([aReviewWith(8)], failing('second')), decided('retry'), { type: 'failed', error: anError('TimedOut'), workedMs: 5 });
    expect(parked.parked?.reviewers).toEqual(['second']);
    expect(decide(parked, decided('skip'))).toMatchObject({ reviewers: ['static'], best: { scorecard: { score: 80.4 } } });
  });

  test('are kept with sound numbers only, so that the state can be stored as JSON', () => {
    const odd = Number.NaN;
    const review = aReviewWith(8, { sizeFactor: odd, durationMs: odd, findingCount: -1, costUsd: odd, engines: [anEngine({ durationMs: odd })], tallies: [aTally({ count: odd })] });
    const state = after(opened(), reviewed([review]));
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
    expect(state.best?.reviews).toEqual([aReview({ engines: [anEngine({ durationMs: 0 })], durationMs: 0, costUsd: 0 })]);
  });

  test('are paid for whether the candidate is accepted or not, one nonsense sum spoiling no other', () => {
    const state = after(two, reviewed([aReviewWith(8, { costUsd: 0.5 }), second(8, { costUsd: -3 })]), improved('r1'), reviewed([aReviewWith(30, { costUsd: 0.25 }), second(30, { costUsd: odd() })]));
    expect([state.costUsd, state.iterations.map(({ costUsd, accepted }) => [costUsd, accepted])]).toEqual([0.75, [[0.5, true], [0.25, false]]]);
  });

  test('refuse a candidate in one sentence, however long the names are that it drops', () => {
    const state = after(opened(), reviewed([aReviewWith(8)]), improved('r1'), reviewed([aReviewWith(6, { lost: ['x'.repeat(5_000)] })]));
    expect(state.refused).toEqual([{ sha256: r1.sha256, because: `It drops what has to stay: ${'x'.repeat(273)}` }]);
    expect(state.iterations[1]?.refusedBecause).toHaveLength(300);
  });
});

function odd(): number {
  return Number.NaN;
}
