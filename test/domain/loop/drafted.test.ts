import { describe, expect, test } from 'vitest';
import { progressOf } from '#domain/loop/progress.ts';
import type { LoopEvent, LoopState } from '#domain/loop/state.ts';
import type { ReviewRequest } from '#domain/request.ts';
import { summarizeRun } from '#domain/run-summary.ts';
import { after, anError, aReview, aReviewWith, improved, opened, reviewed } from '#test/support/builders.ts';
import { r0, r1 } from '#test/support/loop-states.ts';

/** The event of a draft: what was opened is no file yet, and cost something. */
function drafted(request: Partial<ReviewRequest> = {}): LoopEvent {
  return { ...opened({ save: 'write', ...request }, { isNew: true }), workedMs: 40_000, usage: { costUsd: 0.3, inputTokens: 900, outputTokens: 300 } } as LoopEvent;
}

const command = (...events: LoopEvent[]): LoopState['command'] => after(...events).command;

describe('a run that drafts its artifact', () => {
  test('pays for the draft, whose time is none of the first iteration', () => {
    const { workedMs, iterationMs, costUsd, inputTokens, outputTokens, command: next } = after(drafted());
    expect([workedMs, iterationMs, costUsd, inputTokens, outputTokens]).toEqual([40_000, 0, 0.3, 900, 300]);
    expect(next).toMatchObject({ do: 'review', remainingMs: 60_000 });
    expect(summarizeRun(after(drafted(), reviewed([aReview()])))).toMatchObject({ workedMs: 40_010, costUsd: 0.3, inputTokens: 900, outputTokens: 300 });
  });

  test('pauses for money that the draft and its review have spent', () => {
    expect(command(drafted({ budgetUsd: 0.5 }), reviewed([aReviewWith(8, { costUsd: 0.1 })]))).toMatchObject({ do: 'improve' });
    expect(command(drafted({ budgetUsd: 0.5 }), reviewed([aReviewWith(8, { costUsd: 0.2 })]))).toEqual({ do: 'wait', for: 'budget' });
  });

  test('is out of time where the draft took all of it', () => {
    expect(after({ ...drafted(), workedMs: 600_000 } as LoopEvent)).toMatchObject({ outcome: 'timed_out', command: { do: 'report' } });
  });
});

describe('what was drafted', () => {
  test('is saved as it is where it reaches the target at once, and a file that was there is not', () => {
    expect(command(drafted(), reviewed([aReview()]))).toEqual({ do: 'save', revision: r0 });
    expect(command(opened({ save: 'write' }), reviewed([aReview()]))).toEqual({ do: 'report' });
  });

  test('is saved below the target too, in its best revision', () => {
    expect(command(drafted({ limits: { targetScore: 85, maxIterations: 1, iterationTimeoutMs: 60_000, timeoutMs: 600_000 } }), reviewed([aReviewWith(8)]))).toEqual({ do: 'save', revision: r0 });
    expect(command(drafted(), reviewed([aReviewWith(8)]), improved('r1'), reviewed([aReview()]))).toEqual({ do: 'save', revision: r1 });
  });

  test('is asked about before it is saved, where that was wanted', () => {
    expect(command(drafted({ approval: 'before_save' }), reviewed([aReview()]))).toEqual({ do: 'wait', for: 'approval' });
  });

  test('is left alone where nobody could judge it, or nothing is to be saved', () => {
    expect(after(drafted(), reviewed([aReviewWith(0, { engines: [] })]))).toMatchObject({ outcome: 'not_judged', command: { do: 'report' } });
    expect(command(drafted({ save: 'none' }), reviewed([aReview()]))).toEqual({ do: 'report' });
  });
});

test('a day whose money is spent pauses a run that was to draft', () => {
  const spent: LoopEvent = { type: 'failed', error: anError('Unavailable', { code: 'BUDGET_DAY_USD', message: 'Spent.' }), workedMs: 5 };
  const state = after(spent);
  expect([state.command, after(spent, { type: 'decided', decision: { decision: 'continue', budgetUsd: 5 } }).command]).toEqual([{ do: 'wait', for: 'budget' }, { do: 'open' }]);
});

test('progress tells what is done beside the loop, and what was chosen', () => {
  const facts = { startedAt: '2026-01-02T03:04:05.000Z', runId: 'RUN' };
  const chosen = { by: 'claude', chosen: { name: 'a.md', language: 'markdown', why: 'The name was given.' } } as const;
  expect(progressOf(after(), { ...facts, phase: 'draft' })).toMatchObject({ state: 'reviewing', phase: 'draft' });
  expect(progressOf(after(drafted()), { ...facts, drafted: chosen })).toMatchObject({ phase: 'review', drafted: chosen });
});
