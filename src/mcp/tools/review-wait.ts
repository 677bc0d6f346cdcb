import { z } from 'zod';
import { awaitStanding, deadlineOf } from '#mcp/await-standing.ts';
import { answerOf } from './answer.ts';
import { longestWaitMs, runIdField, standingOutput } from './fields.ts';
import { defineTool } from './tool.ts';

export const reviewWait = defineTool({
  name: 'review_wait',
  title: 'Wait for a review',
  description: 'Use after review_start, again while next_step says so: waits until the run ends, needs a person, or the time of a call is over. Not finished is a normal answer; giving up loses nothing.',
  input: z.strictObject({
    run_id: runIdField,
    wait_ms: z.int().min(0).max(longestWaitMs).optional().describe('Default: what the client bears, at least 50000'),
  }),
  output: standingOutput,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  handler: async ({ run_id: runId, wait_ms: waitMs }, call) => answerOf(await awaitStanding(call, runId, await deadlineOf(call, waitMs))),
});
