import type { Client } from '@temporalio/client';
import { AppError } from '#domain/errors.ts';
import { toCamelKeys } from '#domain/json-keys.ts';
import type { Report } from '#domain/report.ts';
import { workflowTypes } from '#workflows/messages.ts';
import { readWorkflowFailure, serviceFailure } from './failures.ts';

/** What the workflow `apply` made of a finished run. */
export interface Applied {
  readonly runId: string;
  readonly saved: Report['saved'];
  readonly commit: Report['commit'];
  /** Why nothing was saved; '' where something was. */
  readonly reason: string;
}

export interface ApplyOptions {
  readonly runId: string;
  readonly commit: boolean;
  readonly taskQueue: string;
}

/** Saves, and commits if asked, a finished run's best revision: exactly once, however often it is called. Fails as the run's own saving does. */
export async function applyRun(client: Client, { runId, commit, taskQueue }: ApplyOptions): Promise<Applied> {
  try {
    const handle = await client.workflow.start(workflowTypes.apply, {
      workflowId: `apply-${runId}${commit ? '-commit' : ''}`,
      taskQueue,
      args: [{ run_id: runId, commit }],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary: `apply ${runId}${commit ? ' and commit' : ''}`,
    });
    return toCamelKeys(await handle.result()) as Applied;
  } catch (error) {
    throw applyFailure(error);
  }
}

function applyFailure(error: unknown): unknown {
  try {
    const failure = readWorkflowFailure(error);
    if (failure.kind === 'cancelled') return new AppError('Unavailable', 'APPLY_CANCELLED', 'Saving was cancelled from outside. Run the command again.', { cause: error });
    return new AppError(failure.error.kind, failure.error.code, failure.error.message, { cause: error });
  } catch (other) {
    return serviceFailure(other);
  }
}
