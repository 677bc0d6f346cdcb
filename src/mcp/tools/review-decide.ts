import { z } from 'zod';
import { decisions } from '#domain/report.ts';
import { decide } from '#mcp/decide.ts';
import { answerOf } from './answer.ts';
import { runIdField } from './fields.ts';
import { defineTool } from './tool.ts';

export const reviewDecide = defineTool({
  name: 'review_decide',
  title: 'Decide about a review',
  description: "Use only with the user's word, when a run waits: approve or reject a result; continue, skip or abort a paused run; retry, skip or abort a parked one. Then call review_wait.",
  input: z.strictObject({
    run_id: runIdField,
    decision: z.enum(decisions),
    note: z.string().max(2_000).optional().describe('Kept with the decision'),
    budget_usd: z.number().positive().max(1_000_000).optional().describe('With continue: the new budget in all'),
  }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  handler: async ({ run_id: runId, decision, note, budget_usd: budgetUsd }, call) => {
    const given = { decision, ...(note === undefined ? {} : { note }), ...(budgetUsd === undefined ? {} : { budgetUsd }) };
    return answerOf(await decide(call, runId, given));
  },
});
