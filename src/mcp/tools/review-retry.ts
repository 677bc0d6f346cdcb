import { z } from 'zod';
import { decide } from '#mcp/decide.ts';
import { answerOf } from './answer.ts';
import { runIdField } from './fields.ts';
import { defineTool } from './tool.ts';

export const reviewRetry = defineTool({
  name: 'review_retry',
  title: 'Retry a parked review',
  description: 'Use when a run is parked and the cause has been removed: tries the failed step again. Then call review_wait.',
  input: z.strictObject({ run_id: runIdField }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  handler: async ({ run_id: runId }, call) => answerOf(await decide(call, runId, { decision: 'retry' })),
});
