import { z } from 'zod';
import { cancelRun } from '#mcp/cancel-run.ts';
import { answerOf } from './answer.ts';
import { runIdField } from './fields.ts';
import { defineTool } from './tool.ts';

export const reviewCancel = defineTool({
  name: 'review_cancel',
  title: 'Cancel a review',
  description: 'Use when the user no longer wants a run: stops it, keeping what it has reached. Nothing else stops a run.',
  input: z.strictObject({ run_id: runIdField }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  handler: async ({ run_id: runId }, call) => answerOf(await cancelRun(call, runId)),
});
