import type { ErrorSummary } from './errors.ts';
import type { Outcome, RunState } from './report.ts';

/** One review of a batch, in short; its report lies in the store under `runId`. */
export interface BatchEntry {
  readonly path: string;
  /** Absent where the review never started. */
  readonly runId?: string;
  readonly state: RunState;
  readonly outcome: Outcome | null;
  readonly ready: boolean;
  readonly initialScore: number | null;
  readonly finalScore: number | null;
  readonly error: ErrorSummary | null;
}

export interface BatchSummary {
  readonly total: number;
  readonly ready: number;
  readonly belowTarget: number;
  readonly notJudged: number;
  readonly failed: number;
  readonly skipped: readonly { readonly path: string; readonly because: string }[];
  readonly startedAt: string;
  readonly closedAt: string;
  /** Absent where the batch came to its own end. */
  readonly cancelled?: true;
}

export interface BatchFacts {
  readonly skipped: BatchSummary['skipped'];
  readonly startedAt: string;
  readonly closedAt: string;
  readonly cancelled?: true;
}

/** Counts a batch's reviews; skipped files do not count. */
export function summarizeBatch(entries: readonly BatchEntry[], facts: BatchFacts): BatchSummary {
  const failed = entries.filter((entry) => entry.state !== 'completed').length;
  const completed = entries.filter((entry) => entry.state === 'completed');
  const ready = completed.filter((entry) => entry.outcome === 'target_reached').length;
  const notJudged = completed.filter((entry) => entry.finalScore === null).length;
  return { total: entries.length, ready, belowTarget: completed.length - ready - notJudged, notJudged, failed, ...facts };
}
