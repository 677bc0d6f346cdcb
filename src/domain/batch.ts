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
  /** Why its files could not be listed; then nothing was reviewed. */
  readonly error?: ErrorSummary;
}

export interface BatchFacts {
  readonly skipped: BatchSummary['skipped'];
  readonly startedAt: string;
  readonly closedAt: string;
  readonly cancelled?: true;
  readonly error?: ErrorSummary;
}

/** How a batch ended that has. */
export function stateOfBatch({ cancelled, error }: Pick<BatchSummary, 'cancelled' | 'error'>): 'completed' | 'cancelled' | 'failed' {
  if (error !== undefined) return 'failed';
  return cancelled === true ? 'cancelled' : 'completed';
}

/** Sums a batch up; skipped files do not count. */
export function summarizeBatch(entries: readonly BatchEntry[], facts: BatchFacts): BatchSummary {
  return { ...countReviews(entries), ...facts };
}

/** How many reviews ended how; one that has not ended counts as failed. */
export function countReviews(entries: readonly BatchEntry[]): Pick<BatchSummary, 'total' | 'ready' | 'belowTarget' | 'notJudged' | 'failed'> {
  const failed = entries.filter((entry) => entry.state !== 'completed').length;
  const completed = entries.filter((entry) => entry.state === 'completed');
  const ready = completed.filter((entry) => entry.outcome === 'target_reached').length;
  const notJudged = completed.filter((entry) => entry.finalScore === null).length;
  return { total: entries.length, ready, belowTarget: completed.length - ready - notJudged, notJudged, failed };
}
