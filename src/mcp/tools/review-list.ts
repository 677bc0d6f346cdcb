import { z } from 'zod';
import { runStates } from '#domain/report.ts';
import { listVisibleRuns } from '#mcp/list-runs.ts';
import { defineTool } from './tool.ts';

export const reviewList = defineTool({
  name: 'review_list',
  title: 'List reviews',
  description: 'Use to find runs whose run_id is not at hand or that wait for a decision; newest first.',
  input: z.strictObject({
    states: z.array(z.enum(runStates)).min(1).max(runStates.length).optional().describe('Only these'),
    limit: z.int().min(1).max(100).optional().describe('Default 20'),
    cursor: z.string().max(200).optional().describe('next_cursor of the page before'),
  }),
  output: z.looseObject({ runs: z.array(z.looseObject({})), next_step: z.string() }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  handler: async ({ states, limit = 20, cursor }, call) => {
    const { runs, nextCursor } = await listVisibleRuns(await call.service.read(), call.principal, { states, limit, cursor });
    const next = nextCursor === undefined ? 'Call review_wait or review_result with a run_id.' : 'Call review_wait or review_result with a run_id, or review_list with cursor next_cursor for older ones.';
    const lines = runs.map(({ run_id: runId, state, artifact, score }) => `${runId} ${state} ${artifact}${score === null ? '' : ` ${score}`}`);
    return {
      structured: { runs, next_step: runs.length === 0 ? 'Call review_start.' : next, ...(nextCursor === undefined ? {} : { next_cursor: nextCursor }) },
      text: [...(lines.length === 0 ? ['No runs.'] : lines), ...(nextCursor === undefined ? [] : [`Older ones: cursor ${nextCursor}`])].join('\n'),
    };
  },
});
