import { describe, expect, test } from 'vitest';
import { decide } from '#domain/loop/decide.ts';
import { applyDecision, decisionProblem } from '#domain/loop/decide-waiting.ts';
import type { LoopState } from '#domain/loop/state.ts';
import { codeLimits } from '#domain/limits.ts';
import { decisions, type DecisionKind, type Step } from '#domain/report.ts';
import { summarizeRun } from '#domain/run-summary.ts';
import { after, anError, aReviewWith, failed, improved, opened, reviewed, usd } from '#test/support/builders.ts';
import { commandWord, decided, gaining, outOfTime, r0, r1, reached, reportedEvent } from '#test/support/loop-states.ts';

const waits = ['approval', 'suspicion', 'budget', 'parked'] as const;

describe('a decision', () => {
  // What is commanded next and the outcome; null where the decision is refused.
  test.each<[(typeof waits)[number], Record<DecisionKind, [string, string | null] | null>]>([
    ['approval', {
      approve: ['save', 'target_reached'], reject: ['report', 'rejected'], continue: null, retry: null, skip: null, abort: ['report', 'aborted'],
    }],
    ['suspicion', {
      approve: ['save', 'target_reached'], reject: ['report', 'rejected'], continue: null, retry: null, skip: null, abort: ['report', 'aborted'],
    }],
    ['budget', {
      approve: null, reject: null, continue: ['improve', null], retry: null, skip: ['report', 'budget_spent'], abort: ['report', 'aborted'],
    }],
    ['parked', {
      approve: null, reject: null, continue: null, retry: ['review', null], skip: ['report', 'not_judged'], abort: ['report', 'aborted'],
    }],
  ])('on a run that waits for %s does what it means, or is refused', (reason, row) => {
    const state = reached[reason];
    for (const decision of decisions) {
      const event = decided(decision, 5);
      const next = decide(state, event);
      expect([decision, next === state ? null : [commandWord(next.command), next.outcome]]).toEqual([decision, row[decision]]);
      expect(decisionProblem(state, { decision, budgetUsd: 5 }) === null).toBe(row[decision] !== null);
    }
  });

  test.each([
    ['approval', 'retry', 'The run waits for one of: approve, reject, abort.'],
    ['budget', 'approve', 'The run waits for one of: continue, skip, abort.'],
    ['parked', 'continue', 'The run waits for one of: retry, skip, abort.'],
    ['review', 'retry', 'The run waits for no decision; it is at work (review).'],
    ['save', 'abort', 'The run waits for no decision; it is at work (save).'],
    ['finish', 'retry', 'The run waits for no decision; it is over.'],
    ['fail', 'abort', 'The run waits for no decision; it is over.'],
  ] as const)('that does not fit a run at %s is refused with a reason: %s', (where, decision, sentence) => {
    expect(decisionProblem(reached[where], { decision })).toBe(sentence);
    expect(applyDecision(reached[where], { decision })).toBe(reached[where]);
  });
});

describe('a run that paused on its budget', () => {
  test.each([undefined, Number.NaN, Infinity, 0.7, 0.1, -1])('does not continue on a budget of %s', (budgetUsd) => {
    const decision = { decision: 'continue' as const, ...(budgetUsd === undefined ? {} : { budgetUsd }) };
    expect(decisionProblem(reached.budget, decision)).toBe('Continuing needs budget_usd above the 0.70 USD already spent.');
    expect(applyDecision(reached.budget, decision)).toBe(reached.budget);
  });

  test('continues on a higher one, and pauses again when that is spent', () => {
    const raised = decide(reached.budget, decided('continue', 1));
    expect(raised).toMatchObject({ command: { do: 'improve', from: r0, remainingMs: 60_000 }, budgetUsd: 1, costUsd: 0.7 });
    const again = [improved('r1', { usage: usd(0.2) }), reviewed([aReviewWith(6, { costUsd: 0.2 })])].reduce(decide, raised);
    expect(again).toMatchObject({ command: { do: 'wait', for: 'budget' }, best: { revision: r1 } });
    expect(again.costUsd).toBeCloseTo(1.1);
  });

  test('pauses on a budget that is spent to the cent', () => {
    expect(after(opened({ budgetUsd: 0.7 }), reviewed([aReviewWith(8, { costUsd: 0.7 })])).command).toEqual({ do: 'wait', for: 'budget' });
  });

  test('is out of time rather than paused when both are spent, and does not continue without time', () => {
    expect(after(opened({ budgetUsd: 0.5 }), reviewed([aReviewWith(8, { costUsd: 0.7 })], { workedMs: 600_000 })).outcome).toBe('timed_out');
    expect(decide({ ...reached.budget, workedMs: 600_000 }, decided('continue', 5))).toMatchObject({ outcome: 'timed_out', command: { do: 'report' } });
  });

  test('does not pause when the review that spent it reached the target', () => {
    expect(after(opened({ budgetUsd: 0.5 }), reviewed([aReviewWith(0, { costUsd: 0.7 })]))).toMatchObject({ outcome: 'target_reached', command: { do: 'report' } });
  });

  test('saves the best so far when it is skipped, and nothing when it is aborted', () => {
    const paused = after(opened({ budgetUsd: 1, save: 'write' }), reviewed([aReviewWith(8)]), improved('r1', { usage: usd(2) }), reviewed([aReviewWith(6)]));
    expect(decide(paused, decided('skip'))).toMatchObject({ outcome: 'budget_spent', command: { do: 'save', revision: r1 } });
    expect(decide(paused, decided('abort'))).toMatchObject({ outcome: 'aborted', command: { do: 'report' } });
  });
});

describe('a run that paused on its tokens', () => {
  const tokens = { costUsd: null, inputTokens: 900, outputTokens: 100 };
  const paused = after(opened({ budgetTokens: 1_000 }), reviewed([aReviewWith(8)], { usage: tokens }));

  test('goes on without more money, and pauses again after as many tokens', () => {
    expect(paused).toMatchObject({ command: { do: 'wait', for: 'budget' }, inputTokens: 900, outputTokens: 100, costUsd: 0 });
    const granted = decide(paused, decided('continue'));
    expect(granted).toMatchObject({ command: { do: 'improve' }, budgetTokens: 2_000 });
    expect(decide(decide(granted, improved('r1', { usage: tokens })), reviewed([aReviewWith(6)]))).toMatchObject({ command: { do: 'wait', for: 'budget' }, best: { revision: r1 } });
  });
});

describe('a run that paused on its budget of tokens', () => {
  const paused = after(opened({ budgetTokens: 1_000 }), reviewed([aReviewWith(8)], { usage: { inputTokens: 900, outputTokens: 100, costUsd: 0 } }));

  test.each([Number.NaN, Infinity, 1_000, 10, -1])('does not continue on %s tokens', (budgetTokens) => {
    const decision = { decision: 'continue' as const, budgetTokens };
    expect(decisionProblem(paused, decision)).toBe('Continuing needs budget_tokens above the 1000 already taken.');
    expect(applyDecision(paused, decision)).toBe(paused);
  });

  test('continues on as many as the decision says, beside money that was raised as well', () => {
    expect(applyDecision(paused, { decision: 'continue', budgetTokens: 1_001, budgetUsd: 2 })).toMatchObject({ command: { do: 'improve' }, budgetTokens: 1_001, budgetUsd: 2 });
  });
});

describe('a run whose day has no budget left', () => {
  const error = anError('Unavailable', { code: 'BUDGET_DAY_USD', message: 'The budget of the day is spent.' });
  const paused = after(opened(), reviewed([aReviewWith(8)]), { type: 'failed', error, workedMs: 1 });

  test('pauses, takes the step up again when it continues, and keeps the best when it is skipped', () => {
    expect(paused).toMatchObject({ command: { do: 'wait', for: 'budget' }, parked: { step: 'improve', error: { code: 'BUDGET_DAY_USD' } } });
    expect(decide(paused, decided('continue'))).toMatchObject({ command: { do: 'improve' }, parked: null });
    expect(decide(paused, decided('skip'))).toMatchObject({ outcome: 'budget_spent', parked: null });
  });
});

describe('a run whose text speaks to its judges', () => {
  test('does not pass when nobody can be asked', () => {
    const once = after(opened({ limits: { ...codeLimits, maxIterations: 1 } }), reviewed([aReviewWith(0, { suspicions: ['It speaks to its judge.'] })]));
    expect(once).toMatchObject({ outcome: 'max_iterations', command: { do: 'report' } });
    expect(summarizeRun(once)).toMatchObject({ ready: false, finalScore: 100, suspicions: ['It speaks to its judge.'], reason: 'One review was asked for; the best revision scores 100, but its text speaks to its judges and nobody has approved it.' });
  });

  test('is ready once a person has let it pass', () => {
    expect(summarizeRun(decide(reached.suspicion, decided('approve')))).toMatchObject({ ready: true, outcome: 'target_reached' });
  });
});

describe('a run that waits for approval', () => {
  test('asks whatever ended it, as long as there is something to save', () => {
    const late = after(opened({ save: 'write', approval: 'before_save' }), reviewed([aReviewWith(8)]), improved('r1'), reviewed([aReviewWith(6)]), improved('r2'), outOfTime);
    expect(late).toMatchObject({ outcome: 'timed_out', command: { do: 'wait', for: 'approval' } });
    expect(decide(late, decided('approve'))).toMatchObject({ outcome: 'timed_out', command: { do: 'save', revision: r1 } });
  });

  test('does not ask again when the save it approved is tried again', () => {
    const parked = [decided('approve'), failed()].reduce(decide, reached.approval);
    expect(decide(parked, decided('retry'))).toMatchObject({ command: { do: 'save', revision: r1 }, approved: true });
  });
});

const stepStates: Readonly<Record<Step, LoopState>> = {
  open: reached.open, review: reached.review, improve: reached.improve, save: reached.save, commit: reached.commit, report: reached.report,
};

describe('a parked run', () => {
  test.each<[Step, { retry: string; skip: [string, string | null]; abort: string }]>([
    ['open', { retry: 'open', skip: ['finish', 'aborted'], abort: 'finish' }],
    ['review', { retry: 'review', skip: ['report', 'not_judged'], abort: 'report' }],
    ['improve', { retry: 'improve', skip: ['report', 'nothing_to_improve'], abort: 'report' }],
    ['save', { retry: 'save', skip: ['report', 'target_reached'], abort: 'report' }],
    ['commit', { retry: 'commit', skip: ['report', 'target_reached'], abort: 'report' }],
    ['report', { retry: 'report', skip: ['finish', 'target_reached'], abort: 'finish' }],
  ])('at the step %s goes on by retry, goes on without it by skip, ends by abort', (step, expected) => {
    const parked = decide(stepStates[step], failed());
    expect(parked).toMatchObject({ command: { do: 'wait', for: 'parked' }, parked: { step, error: { ...anError(), step }, command: stepStates[step].command } });
    expect(decide(parked, decided('retry'))).toMatchObject({ command: { do: expected.retry }, parked: null, error: null, iterationMs: 0 });
    const [command, outcome] = expected.skip;
    expect(decide(parked, decided('skip'))).toMatchObject({ command: { do: command }, outcome, parked: null, error: { ...anError(), step } });
    expect(decide(parked, decided('abort'))).toMatchObject({ command: { do: expected.abort }, outcome: 'aborted', parked: null, error: { ...anError(), step } });
  });

  test('ends by abort even where every report fails', () => {
    const aborted = [failed(), decided('abort'), failed(), decided('abort')].reduce(decide, reached.improve);
    expect(aborted).toMatchObject({ command: { do: 'finish' }, outcome: 'aborted' });
  });

  test('tries again with a fresh iteration clock, and with no more than the run has left', () => {
    const limits = { targetScore: 85, maxIterations: 5, iterationTimeoutMs: 60_000, timeoutMs: 100_000 };
    const parked = after(opened({ limits }), failed('Unavailable', 70_000));
    expect(decide(parked, decided('retry')).command).toMatchObject({ do: 'review', remainingMs: 30_000 });
    const late = [decided('retry'), failed('Unavailable', 30_000), decided('retry')].reduce(decide, parked);
    expect(late).toMatchObject({ outcome: 'timed_out', command: { do: 'report' } });
    const improving = after(opened({ limits }), reviewed([aReviewWith(8)]), failed('Unavailable', 99_990), decided('retry'));
    expect(improving).toMatchObject({ outcome: 'timed_out', command: { do: 'report' } });
  });

  test('saves the best so far when the improver that failed is skipped', () => {
    const parked = after(opened({ save: 'commit' }), reviewed([aReviewWith(10)]), improved('r1'), reviewed([aReviewWith(6)]), failed());
    expect(decide(parked, decided('skip'))).toMatchObject({ outcome: 'nothing_to_improve', command: { do: 'save', revision: r1 } });
  });

  test('reports what was saved when the commit that failed is skipped or aborted', () => {
    const parked = decide(reached.commit, failed());
    for (const decision of ['skip', 'abort'] as const) {
      expect([decided(decision), reportedEvent].reduce(decide, parked)).toMatchObject({ command: { do: 'finish' }, saved: { path: 'src/a.ts' }, commit: null });
    }
  });

  test('that was woken is taken up once: a second decision of the same kind does not fit', () => {
    const woken = decide(reached.parked, decided('retry'));
    expect(decide(woken, decided('retry'))).toBe(woken);
    expect(after(...gaining()).parked).toBeNull();
  });

  test('whose reason is lost ends as aborted', () => {
    expect(applyDecision({ ...reached.parked, parked: null }, { decision: 'retry' })).toMatchObject({ outcome: 'aborted', command: { do: 'report' } });
  });
});
