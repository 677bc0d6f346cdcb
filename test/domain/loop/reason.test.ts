import { describe, expect, test } from 'vitest';
import { decide } from '#domain/loop/decide.ts';
import { reasonOf } from '#domain/loop/reason.ts';
import type { LoopEvent, LoopState } from '#domain/loop/state.ts';
import { after, anEngine, aReview, aReviewWith, aRevision, aTally, failed, improved, opened, reviewed } from '#test/support/builders.ts';
import { cancelledEvent, decided, gaining, outOfTime, reached } from '#test/support/loop-states.ts';

const limits = { targetScore: 85, maxIterations: 5, iterationTimeoutMs: 60_000, timeoutMs: 600_000 };
const found: LoopEvent[] = [opened(), reviewed([aReviewWith(8)])];
const once = opened({ limits: { ...limits, maxIterations: 1 } });
const retryDropped: LoopEvent[] = [improved('r1'), reviewed([], { failures: [] }), decided('skip')];

const told: readonly (readonly [string, LoopState, string])[] = [
  ['target reached', reached.finish, 'The target of 85 is reached with 100.'],
  ['all iterations used', after(opened({ limits: { ...limits, maxIterations: 2 } }), ...gaining().slice(1, 3), reviewed([aReviewWith(6)])), 'All 2 iterations are used; the best revision scores 83.4 of 85.'],
  ['one review asked for', after(once, reviewed([aReviewWith(8)])), 'One review was asked for; the best revision scores 80.4 of 85.'],
  ['out of time', after(...found, outOfTime), 'Time is up; the best revision scores 80.4 of 85.'],
  ['out of time at once', after(opened(), outOfTime), 'Time is up; nothing was judged.'],
  ['no progress', after(...found, improved('r1'), reviewed([aReviewWith(9)]), improved('r2'), reviewed([aReviewWith(9)])), 'Two candidates in a row brought no progress; the best revision scores 80.4 of 85.'],
  ['no reviewer left', after(...found, ...retryDropped), 'No reviewer is left to judge another revision; the best revision scores 80.4 of 85. The reviewer static gave no answer. Try again, or go on without it.'],
  ['oscillating', after(...found, improved('r0')), 'The improver came back to an earlier revision; the best revision scores 80.4 of 85.'],
  ['budget spent', decide(reached.budget, decided('skip')), 'The budget is spent; the best revision scores 80.4 of 85.'],
  ['nothing to improve', after(...found, improved('', { revision: null })), 'Nothing is left that the improver can act on; the best revision scores 80.4 of 85.'],
  ['rejected', decide(reached.approval, decided('reject')), 'The improved revision was rejected; nothing was saved.'],
  ['aborted', decide(reached.budget, decided('abort')), 'The run was ended by a decision; nothing was saved.'],
  ['aborted while parked', decide(reached.parked, decided('abort')), 'The run was ended by a decision; nothing was saved. It did not answer. Try again later.'],
  ['aborted after saving', [failed(), decided('abort')].reduce(decide, reached.commit), 'The run was ended by a decision; the improved revision had been saved. It did not answer. Try again later.'],
  ['aborted after the commit', [failed(), decided('abort')].reduce(decide, reached.report), 'The run was ended by a decision; the improved revision had been saved and committed. It did not answer. Try again later.'],
  ['cancelled', decide(reached.improve, cancelledEvent), 'The run was cancelled; the best revision so far is kept.'],
  ['failed', reached.fail, 'It did not answer. Try again later.'],
  ['still at work', reached.improve, ''],
  ['a conflict at save', decide(reached.save, failed('Conflict')), 'The target of 85 is reached with 100. It did not answer. Try again later.'],
  ['one blocker', after(opened({ limits: { ...limits, targetScore: 80, maxIterations: 1 } }), reviewed([aReview({ tallies: [aTally({ severity: 'high' })] })])), 'One review was asked for; the score is 84, but 1 serious finding stands in the way.'],
  ['two blockers', after(opened({ limits: { ...limits, targetScore: 10, maxIterations: 1 } }), reviewed([aReview({ tallies: [aTally({ severity: 'high', count: 2 })] })])), 'One review was asked for; the score is 84, but 2 serious findings stand in the way.'],
  ['failed engines', after(once, reviewed([aReview({ engines: [anEngine(), anEngine({ id: 'biome', categories: ['logic', 'syntax'], error: 'crashed' })] })])), 'One review was asked for; the score is 100, but syntax and logic could not be assessed.'],
  ['an empty artifact', after(opened({}, { revision: aRevision('', 0) }), reviewed([aReview()])), 'Nothing was judged: the artifact is empty.'],
  ['an unknown language', after(opened(), reviewed([aReview({ engines: [] })])), 'Nothing was judged: no engine knows how to judge this kind of artifact.'],
  ['a text of which too little was looked at', after(opened(), reviewed([aReview({ engines: [], limited: 'The line is longer than 100,000 characters: only secrets were looked for.' })])), 'Nothing was judged. The line is longer than 100,000 characters: only secrets were looked for.'],
  ['every engine broken', after(opened(), reviewed([aReview({ engines: [anEngine({ error: 'crashed', categories: ['syntax', 'logic'] })] })])), 'Nothing was judged: the engines for syntax and logic failed.'],
  ['no reviewer at all', after(opened(), failed(), decided('skip')), 'Nothing was judged: no reviewer gave an answer. It did not answer. Try again later.'],
];

describe('why a run stopped', () => {
  test.each(told)('is told in a sentence: %s', (_what, state, sentence) => {
    expect(reasonOf(state)).toBe(sentence);
  });

  test('is told of a score that had reached the target when the run was ended otherwise', () => {
    const ready: LoopState = { ...reached.finish, outcome: 'max_iterations' };
    expect(reasonOf(ready)).toBe('All 5 iterations are used; the score is 100.');
  });
});
