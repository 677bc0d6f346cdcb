import { z } from 'zod';
import { severities } from '#domain/finding.ts';
import { bounds } from '#domain/limits.ts';
import { awaitStanding, deadlineOf, openInTime } from '#mcp/await-standing.ts';
import { planRun } from '#mcp/requests.ts';
import { openStanding, type Standing } from '#mcp/standing.ts';
import { answerOf } from './answer.ts';
import { standingOutput } from './fields.ts';
import { defineTool, type ToolCall } from './tool.ts';

const file = z.string().min(1).max(4096);
const id = z.string().min(1).max(100);

const input = z.strictObject({
  path: file.optional().describe('File below the root: src/a.ts'),
  paths: z.array(file).min(1).max(1000).optional().describe('Files or folders: a batch'),
  diff: z.string().max(255).optional().describe('Lines changed since this git ref; "" is the default branch'),
  text: z.string().optional().describe('Instead of a file; at most 1 MiB'),
  task: z.string().optional().describe('A new file for a model to write'),
  name: z.string().min(1).max(255).optional().describe('Of text or task: a.py'),
  target_score: z.number().min(bounds.targetScore.min).max(bounds.targetScore.max).optional().describe('0-100, default 85'),
  max_iterations: z.int().min(1).max(bounds.maxIterations.max).optional().describe('Default 5; 1 only reviews'),
  reviewers: z.array(id).min(1).max(10).optional().describe('Default: settings, else static'),
  improver: id.optional().describe('Default: first model of reviewers, else static'),
  profile: id.optional().describe('code, document or one of settings'),
  save: z.enum(['none', 'write', 'commit']).optional().describe('Of the best revision; default none'),
  approval: z.enum(['none', 'before_save']).optional().describe('before_save waits for review_decide'),
  checks: z.array(id).max(20).optional().describe('Checks of the settings'),
  min_severity: z.enum(severities).optional().describe('Lower findings do not count'),
  budget_usd: z.number().positive().max(1_000_000).optional().describe('Money for models'),
  wait_ms: z.int().min(0).max(50_000).optional().describe('Wait for the end; default 0'),
});

export const reviewStart = defineTool({
  name: 'review_start',
  title: 'Start a review',
  description: 'Use when code or a document should be reviewed, scored and improved until it reaches a target. Starts a durable run, or joins the same one, and returns its run_id. Writes nothing unless save says so. Then call review_wait.',
  input,
  output: standingOutput,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  handler: async ({ wait_ms: waitMs = 0, ...asked }, call) => answerOf(await start(call, asked, waitMs)),
});

async function start(call: ToolCall, asked: Omit<z.output<typeof input>, 'wait_ms'>, waitMs: number): Promise<Standing> {
  const { path, paths, diff, text, task, name, ...wishes } = asked;
  const plan = await planRun(call, { path, paths, diff, text, task, name }, wishes);
  const [opening, deadline] = await Promise.all([deadlineOf(call), deadlineOf(call, waitMs)]);
  const { reviews, store } = await openInTime(call, opening);
  const run = await (plan.kind === 'batch' ? reviews.startBatch(plan.request) : reviews.startReview(plan.request));
  const standing = waitMs === 0 && !run.joined ? await openStanding(store, run, null) : await awaitStanding(call, run.runId, deadline);
  return { ...standing, joined: run.joined };
}
