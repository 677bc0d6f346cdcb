import type { Drafted } from '#activities/draft-artifact.ts';
import { reviewerStep, workspaceStep } from './activity-options.ts';
import type { ReviewRun } from './review-steps.ts';

/** Whether the request, not validated yet, gives a task instead of an artifact. */
export function asksForDraft(request: unknown): boolean {
  const artifact = (request as { artifact?: unknown } | null)?.artifact;
  if (typeof artifact !== 'object' || artifact === null || 'path' in artifact) return false;
  return 'task' in artifact || 'task_sha256' in artifact;
}

/** Lets a model write what the run will review; the texts go into the store. */
export async function draftArtifact({ request, runId, workflowId, startedAt }: ReviewRun): Promise<Drafted> {
  const run = { runId, workflowId, startedAt };
  const plan = await workspaceStep('look at the task').prepareDraft({ request, ...run });
  const { queue, drafter, attemptMs, heartbeatTimeoutMs } = plan;
  return reviewerStep({ queue, summary: `draft by ${drafter}`, attemptMs, heartbeatTimeoutMs }).draft({ plan, ...run });
}

/** The request as it goes on: the task lies in the store by now, and is not told to history again. */
export function withStoredTask(request: unknown, { taskSha256 }: Drafted): unknown {
  return { ...(request as object), artifact: { task_sha256: taskSha256 } };
}
