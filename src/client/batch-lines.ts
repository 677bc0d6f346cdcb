import { stateOfBatch } from '#domain/batch.ts';
import { batchRequestSchema } from '#wire/request.ts';
import type { BatchHead } from '#store/store.ts';
import type { RunLine } from './list-runs.ts';
import { batchTexts } from './run-texts.ts';

/** Batches as lines of a list of runs; one that the service still runs is told by the service. */
export function batchLine({ runId, workflowId, request, summary, startedAt, closedAt }: BatchHead): RunLine {
  // Until its files are listed nobody has checked what a raw start asked for.
  const known = batchRequestSchema.safeParse(request);
  const { artifact, targetScore } = known.success ? batchTexts(known.data) : { artifact: '', targetScore: undefined };
  const state = closedAt === undefined ? 'reviewing' : stateOfBatch(summary ?? {});
  return {
    runId, workflowId, kind: 'batch', state, outcome: null, artifact, initialScore: null, score: null, targetScore: targetScore ?? null,
    iteration: 0, error: summary?.error ?? null, startedAt, closedAt: closedAt ?? null,
  };
}
