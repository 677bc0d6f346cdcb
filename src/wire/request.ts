import { z } from 'zod';
import { languages } from '#domain/artifact.ts';
import { scoredCategories, severities } from '#domain/finding.ts';
import { bounds } from '#domain/limits.ts';

const lineRange = z
  .tuple([z.int().min(1), z.int().min(1)])
  .refine(([first, last]) => first <= last, 'a line range goes from a lower to a higher line');

const pathArtifact = z.strictObject({ path: z.string().min(1).max(1024), lines: z.array(lineRange).max(10_000).optional() });
const textArtifact = z.strictObject({ name: z.string().min(1).max(255), text: z.string() });
const storedArtifact = z.strictObject({ name: z.string().min(1).max(255), sha256: z.string().regex(/^[0-9a-f]{64}$/, 'a hex SHA-256 is 64 characters of 0-9 and a-f') });
const hash = storedArtifact.shape.sha256;
const newFileArtifact = z.strictObject({ path: pathArtifact.shape.path, sha256: hash, task_sha256: hash.optional() }).describe('A stored text that is to become a file which does not exist yet');
const taskName = z.string().min(1).max(1024).optional().describe('Path of the new file, relative to the root; chosen from task and content where it is left out');
const taskArtifact = z.strictObject({ task: z.string().min(1), name: taskName });
const storedTaskArtifact = z.strictObject({ task_sha256: hash, name: taskName });

const weight = z.number().min(0).max(1000);
const weights = z.strictObject({ syntax: weight, logic: weight, performance: weight, security: weight }).partial();

const reviewOptions = z
  .strictObject({ check_syntax: z.boolean(), check_logic: z.boolean(), check_performance: z.boolean(), check_security: z.boolean() })
  .partial();

const criterion = z.strictObject({ name: z.string().min(1).max(200), weight: z.number().min(0), description: z.string().max(4000) });

/** Everything of a request but its artifact: what a batch shares among its files. */
export const sharedFields = {
  root: z.string().min(1).max(4096).optional().describe('Folder that paths must stay in; absolute, or relative to the workspace worker\'s own root'),
  project_path: z.string().min(1).max(4096).optional().describe('Folder of the project, relative to the root or absolute and below it: models are shown its listing and the files that the artifact names'),
  language: z.enum(languages).optional(),
  target_score: z.number().min(bounds.targetScore.min).max(bounds.targetScore.max).optional().describe('0-100, default 85'),
  max_iterations: z.int().min(bounds.maxIterations.min).max(bounds.maxIterations.max).optional().describe('Counts reviews, default 5'),
  iteration_timeout_ms: z.int().min(bounds.iterationTimeoutMs.min).max(bounds.iterationTimeoutMs.max).optional().describe('Working time of one iteration, default 60000'),
  timeout_ms: z.int().min(bounds.timeoutMs.min).max(bounds.timeoutMs.max).optional().describe('Working time of the run, default 600000'),
  reviewers: z.array(z.string().min(1).max(100)).min(1).max(10).optional(),
  improver: z.string().min(1).max(100).optional(),
  profile: z.string().min(1).max(100).optional(),
  criteria: z.array(criterion).max(50).optional(),
  weights: weights.optional(),
  review_options: reviewOptions.optional(),
  checks: z.array(z.string().min(1).max(100)).max(20).optional(),
  save: z.enum(['none', 'write', 'commit']).optional(),
  approval: z.enum(['none', 'before_save']).optional(),
  min_severity: z.enum(severities).optional(),
  baseline: z.array(z.string().max(64)).max(20_000).optional(),
  budget_usd: z.number().positive().max(1_000_000).optional(),
  budget_tokens: z.int().min(1).max(1e12).optional().describe('Input and output together'),
  formats: z.array(z.string().min(1).max(20)).max(10).optional(),
  tenant: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'letters, digits, dot, dash and underscore, at most 64').optional(),
  priority: z.int().min(1).max(5).optional(),
};

/** The workflow `review`'s one argument (contracts §3). */
export const reviewRequestSchema = z.strictObject({
  artifact: z.union([pathArtifact, textArtifact, storedArtifact, newFileArtifact, taskArtifact, storedTaskArtifact]),
  ...sharedFields,
});
export type WireRequest = z.infer<typeof reviewRequestSchema>;

/** Seed 004's `code_review_request` payload as it stands; `file_path` is just a name. */
export const seedPayloadSchema = z.strictObject({
  file_path: z.string().min(1).max(1024),
  code_content: z.string(),
  language: z.string().min(1).max(40).optional(),
  review_options: reviewOptions.optional(),
});

const envelope = { message_id: z.string().optional(), task_id: z.string().optional(), timestamp: z.string().optional(), worker_source: z.string().optional(), worker_target: z.string().optional(), iteration: z.number().optional() };

/** The same inside seed 004's envelope. */
export const seedMessageSchema = z.strictObject({ message_type: z.literal('code_review_request'), ...envelope, payload: seedPayloadSchema });

/** The workflow `reviewBatch`'s one argument. */
const concurrency = z.int().min(1).max(64).optional().describe('Reviews at once, default 4');
export const batchRequestSchema = z.union([
  z.strictObject({ requests: z.array(reviewRequestSchema).min(1).max(1000), concurrency }),
  z.strictObject({ paths: z.array(z.string().min(1).max(1024)).min(1).max(5000), concurrency, ...sharedFields }),
  z.strictObject({ diff: z.strictObject({ base: z.string().max(255).optional() }), concurrency, ...sharedFields }),
]);
export type WireBatchRequest = z.infer<typeof batchRequestSchema>;

/** The workflow `apply`'s one argument. */
export const applyRequestSchema = z.strictObject({ run_id: z.string().min(1).max(255), commit: z.boolean().optional() });
export type WireApplyRequest = z.infer<typeof applyRequestSchema>;

export function requestedCategories(options: z.infer<typeof reviewOptions> | undefined): (typeof scoredCategories)[number][] {
  return scoredCategories.filter((category) => options?.[`check_${category}`] !== false);
}
