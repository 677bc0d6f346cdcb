import { batchSchema } from '#domain/report.ts';
import { toSnakeKeys } from '#domain/json-keys.ts';
import type { BatchEntry, BatchSummary } from '#domain/batch.ts';
import type { Dependencies } from './dependencies.ts';
import { asStep } from './working-time.ts';

export interface PublishBatchInput {
  readonly runId: string;
  readonly workflowId: string;
  readonly summary: BatchSummary;
  readonly entries: readonly BatchEntry[];
  readonly closedAt: string;
  /** Of a batch that was cancelled before its files were listed: its record may still have to be made. */
  readonly request?: unknown;
}

/** Closes the batch's record and returns the workflow's own result (wire form, without the single reports). */
export function publishBatch(deps: Dependencies) {
  return (input: PublishBatchInput): Promise<unknown> =>
    asStep(async () => {
      const { runId, workflowId, summary, entries, closedAt, request } = input;
      if (request !== undefined) await deps.store.putBatch({ runId, workflowId, request, startedAt: summary.startedAt });
      await deps.store.closeBatch({ runId, summary, entries, closedAt });
      return toSnakeKeys({ schema: batchSchema, runId, workflowId, summary, reviews: entries });
    });
}
