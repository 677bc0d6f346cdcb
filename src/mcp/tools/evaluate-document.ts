import { z } from 'zod';
import { awaitStanding, deadlineOf, openInTime } from '#mcp/await-standing.ts';
import { evaluationStanding, type EvaluationStanding } from '#mcp/evaluation-standing.ts';
import { planEvaluation } from '#mcp/plan-evaluation.ts';
import type { WireRequest } from '#wire/request.ts';
import { errorLine } from './answer.ts';
import { defineTool, type ToolAnswer } from './tool.ts';

export const evaluateDocument = defineTool({
  name: 'evaluate_document',
  title: 'Evaluate document',
  description: 'Use before implementing from a specification, design or plan: one judgement with a score of 0-10, readiness, blockers and recommendations. Changes nothing. A slow one leaves run_id and next_step.',
  input: z.strictObject({
    content: z.string().optional().describe('Text, at most 1 MiB; or path'),
    path: z.string().min(1).max(4096).optional().describe('File, relative to the root: docs/spec.md'),
    document_type: z.string().max(100).optional().describe('design, plan, spec …'),
    criteria: z.array(z.union([z.string(), z.looseObject({})])).max(50).optional().describe('Names or { name, weight, description }'),
    weights: z.record(z.string().max(200), z.number().min(0).max(1000)).optional().describe('Weight by criterion or category'),
    target_score: z.number().min(0).max(10).optional().describe('Ready from this score; default 8'),
    project_path: z.string().min(1).max(4096).optional().describe('Project folder; the judge sees the files named'),
    reviewer: z.string().min(1).max(100).optional().describe('Default: the first usable model, else static'),
  }),
  output: z.looseObject({ ready_for_implementation: z.boolean(), score: z.number().nullable(), run_id: z.string(), state: z.string(), next_step: z.string() }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  handler: async (args, call) => {
    const deadline = await deadlineOf(call);
    const { request, targetScore } = await planEvaluation(call, args);
    const { reviews, store } = await openInTime(call, deadline);
    const run = await reviews.startReview(request);
    const standing = await awaitStanding(call, run.runId, deadline);
    return answer({ ...(await evaluationStanding(store, standing, targetScore)), ...unreadCriteria(request) });
  },
});

// Engines look for what they know; only models read what is asked of them.
function unreadCriteria({ criteria, reviewers }: WireRequest): { note?: string } {
  if (criteria === undefined || reviewers?.some((id) => id !== 'static') === true) return {};
  return { note: 'The criteria were not judged: reviewer static knows its own rules alone. Name a model as reviewer for them.' };
}

function answer(standing: EvaluationStanding): ToolAnswer {
  const { run_id: runId, state, score, target_score: target, ready_for_implementation: isReady, next_step: next } = standing;
  if (score === null) return { structured: standing, text: [`Run ${runId} is ${state.replaceAll('_', ' ')}; no score yet.`, standing['waiting_for'], standing['conclusion'], errorLine(standing), standing['note'], next].filter((line) => typeof line === 'string' && line !== '').join('\n') };
  const lines = [
    `Score ${score} of ${target}: ${isReady ? 'ready' : 'not ready'} for implementation. Run ${runId}.`,
    standing['conclusion'],
    standing['note'],
    ...titled('Blockers', standing['blockers']),
    ...titled('Recommendations', standing['recommendations']),
    ...(isReady ? [] : titled('Weaknesses', (standing['analysis'] as { weaknesses?: unknown } | undefined)?.weaknesses)),
    next,
  ];
  return { structured: standing, text: lines.filter((line) => typeof line === 'string' && line !== '').join('\n') };
}

function titled(title: string, lines: unknown): string[] {
  return Array.isArray(lines) && lines.length > 0 ? [`${title}:`, ...lines.map((line) => `- ${String(line)}`)] : [];
}
