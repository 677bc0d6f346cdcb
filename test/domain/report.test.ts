import { describe, expect, test } from 'vitest';
import { batchSchema, closedStates, decisions, outcomes, reportSchema, resultFindingLimit, runStates, steps } from '#domain/report.ts';

describe('the names of a report', () => {
  test('are promises: states, steps, decisions and outcomes are never renamed, only added to', () => {
    expect(runStates).toEqual([
      'queued', 'reviewing', 'improving', 'saving', 'waiting_for_decision', 'paused', 'parked', 'completed', 'cancelled', 'failed',
    ]);
    expect(outcomes).toEqual([
      'target_reached', 'max_iterations', 'timed_out', 'no_progress', 'oscillating', 'budget_spent', 'nothing_to_improve', 'rejected', 'aborted', 'not_judged',
    ]);
    expect(decisions).toEqual(['approve', 'reject', 'continue', 'retry', 'skip', 'abort']);
    expect(steps).toEqual(['open', 'review', 'improve', 'save', 'commit', 'report']);
    expect([reportSchema, batchSchema]).toEqual(['koubou.report/1', 'koubou.batch/1']);
  });

  test('say which states are final', () => {
    expect(closedStates).toEqual(['completed', 'cancelled', 'failed']);
    expect(closedStates.every((state) => runStates.includes(state))).toBe(true);
  });

  test('leave room for the hundred worst findings in the result of a workflow', () => {
    expect(resultFindingLimit).toBe(100);
  });
});
