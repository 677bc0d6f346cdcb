import { toSnakeKeys } from '#domain/json-keys.ts';
import type { Committed } from '#activities/commit-revision.ts';
import type { LoadedRun } from '#activities/load-run.ts';
import { workflowInfo } from '@temporalio/workflow';
import { workspaceStep } from './activity-options.ts';
import { asWorkflowFailure, readFailure, workflowFailure } from './failures.ts';

/** Saves, and commits if asked, a finished run's best revision: exactly once, by the same activities as the run itself. */
export async function apply(request: unknown): Promise<unknown> {
  const startedAt = workflowInfo().startTime.toISOString();
  try {
    const run = await workspaceStep('find the run').loadRun(request);
    if (run.best === null) return toSnakeKeys({ runId: run.runId, saved: null, commit: null, reason: 'The best revision is the artifact as it was: there is nothing to save.' });
    const { runId, artifact } = run;
    const saved = await workspaceStep('save the best revision').saveRevision({ runId, artifact, revision: run.best.revision });
    const commit = run.commit ? await commitBest(run, startedAt) : null;
    return toSnakeKeys({ runId, saved, commit, reason: '' });
  } catch (error) {
    throw explain(error);
  }
}

async function commitBest({ runId, artifact, best, score, initialScore }: LoadedRun, at: string): Promise<Committed | null> {
  if (best === null) return null;
  return workspaceStep('commit it').commitRevision({ runId, artifact, revision: best.revision, iteration: best.iteration, score, initialScore, at });
}

function explain(error: unknown): unknown {
  try {
    return workflowFailure(readFailure(error).error);
  } catch (other) {
    return asWorkflowFailure(other);
  }
}
