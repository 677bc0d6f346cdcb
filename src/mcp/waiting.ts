import type { RunState } from '#domain/report.ts';
import type { DecisionKind } from '#domain/report.ts';

/** Which decisions a run in that state takes; none where it waits for nobody. */
export function decisionsIn(state: RunState): readonly DecisionKind[] {
  const fitting: Partial<Record<RunState, readonly DecisionKind[]>> = {
    waiting_for_decision: ['approve', 'reject', 'abort'],
    paused: ['continue', 'skip', 'abort'],
    parked: ['retry', 'skip', 'abort'],
  };
  return fitting[state] ?? [];
}

/** What a model can do about a run in that state. */
export function nextStepIn(state: RunState, runId: string, kind: 'review' | 'batch' = 'review'): string {
  switch (state) {
    case 'waiting_for_decision':
      return `Show the user review_result with run_id ${runId} and part diff and ask, then call review_decide with it and decision approve or reject.`;
    case 'paused':
      return `Ask the user, then call review_decide with run_id ${runId} and decision continue (with a higher budget_usd), skip or abort.`;
    case 'parked':
      return `Once the cause is removed call review_retry with run_id ${runId}; or review_decide with decision skip or abort.`;
    case 'completed':
    case 'cancelled':
      if (kind === 'batch') return `Call review_status with run_id ${runId}; it names the run of each file.`;
      return `Call review_result with run_id ${runId}; part report, text or diff.`;
    case 'failed':
      return 'Remove what error names, then call review_start again.';
    default:
      return `Call review_wait with run_id ${runId}.`;
  }
}
