import { z } from 'zod';
import { runStanding } from '#mcp/run-standing.ts';
import { answerOf } from './answer.ts';
import { runIdField, standingOutput } from './fields.ts';
import { defineTool } from './tool.ts';

export const reviewStatus = defineTool({
  name: 'review_status',
  title: 'Status of a review',
  description: 'Use to look at a run without waiting: state, score, what it waits for, and at its end outcome and worst findings.',
  input: z.strictObject({ run_id: runIdField }),
  output: standingOutput,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  handler: async ({ run_id: runId }, call) => answerOf(await runStanding(call, runId)),
});
