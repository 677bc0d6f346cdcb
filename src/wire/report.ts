import { z } from 'zod';
import { languages } from '#domain/artifact.ts';
import { checkOutcomes } from '#domain/check.ts';
import { errorKinds } from '#domain/errors.ts';
import { categories, scoredCategories, severities } from '#domain/finding.ts';
import { batchSchema, decisions, outcomes, reportSchema, runStates } from '#domain/report.ts';

// What leaves the program. Readers must bear fields they do not know: fields are only ever added.

const score = z.number().min(0).max(100).describe('0-100 with at most one decimal');
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);
const milliseconds = z.number().min(0);
const instant = z.iso.datetime();

const revision = z.object({ sha256, bytes: count });
const categoryScore = z.object({ score: score.nullable(), assessed: z.boolean(), by: z.array(z.string()) });
const categoryScores = z.object(Object.fromEntries(scoredCategories.map((category) => [category, categoryScore])) as Record<(typeof scoredCategories)[number], typeof categoryScore>);
const error = z.object({ kind: z.enum(errorKinds), code: z.string(), message: z.string(), step: z.string().optional() });

const finding = z.object({
  id: z.string().describe('Stable across runs and line shifts'),
  rule_id: z.string(),
  category: z.enum(categories),
  severity: z.enum(severities),
  confidence: z.number().min(0).max(1),
  message: z.string(),
  suggestion: z.string().optional(),
  place: z.object({ path: z.string(), line: z.int().min(1), column: z.int().min(1), end_line: z.int().min(1), end_column: z.int().min(1) }).describe('1-based, columns in UTF-16 units, ends exclusive'),
  source: z.string(),
  cwe: z.string().optional(),
  fixable: z.boolean(),
  also_reported_by: z.array(z.string()).optional(),
  suppressed: z.string().optional(),
});

const iteration = z.object({
  iteration: z.int().min(1),
  revision,
  score: score.nullable(),
  categories: categoryScores,
  findings: count,
  accepted: z.boolean(),
  refused_because: z.string().optional(),
  changes: z.array(z.string()),
  duration_ms: milliseconds,
  cost_usd: z.number().optional(),
});

const engine = { id: z.string(), version: z.string(), assessed: z.array(z.string()), duration_ms: milliseconds, error: z.string().optional() };

const evaluation = z.object({
  conclusion: z.string(),
  rationale: z.string(),
  analysis: z.object({ strengths: z.array(z.string()), weaknesses: z.array(z.string()) }),
  recommendations: z.array(z.string()),
  technical_notes: z.string(),
  model_score: z.number().nullable(),
  model_ready: z.boolean().nullable(),
  warnings: z.array(z.string()),
}).partial();

const own = score.nullable();
const panel = z.object({
  agreement: z.number().min(0).max(1).nullable().describe('1: all marks are the same'),
  reviewers: z.array(z.object({
    id: z.string(),
    categories: z.object({ syntax: own, logic: own, performance: own, security: own }).describe('What each would score if this reviewer had judged alone'),
    model_score: z.number().nullable().optional(),
    model_ready: z.boolean().nullable().optional(),
  })),
  marks: z.array(z.object({ name: z.string(), median: score, agreement: z.number().min(0).max(1).nullable(), by: z.array(z.object({ reviewer: z.string(), mark: score })), outliers: z.array(z.string()) })),
}).describe('How the reviewers agree, where there are several');

const context = z.object({
  project: z.string().describe('Relative to the root'),
  files: z.array(z.object({ path: z.string(), bytes: count, cut: z.literal(true).optional() })),
  listed: count.describe('Names in the listing'),
  total: count.describe('Files of the project'),
  left_out: z.array(z.object({ path: z.string(), because: z.string() })),
}).describe('What models were shown of the project (project_path)');

const choice = z.object({ name: z.string().describe('Relative to the root'), language: z.enum(languages), why: z.string() }).describe('The main file: its name, type and folder, and why these');

const drafted = z.object({
  by: z.string().describe('The model that wrote'),
  chosen: choice,
  files: z.array(z.object({ path: z.string(), run_id: z.string().optional(), state: z.enum(runStates), outcome: z.enum(outcomes).nullable(), ready: z.boolean(), initial_score: score.nullable(), final_score: score.nullable(), error: error.nullable() }))
    .describe('Every file that was drafted, the main one first; each has a run of its own'),
});

/** koubou.report/1: report.json, `--json`, and, without `diff` and with the 100 worst findings, the workflow's own result. */
export const reportWireSchema = z.object({
  schema: z.literal(reportSchema),
  run_id: z.string(),
  workflow_id: z.string(),
  state: z.enum(runStates),
  outcome: z.enum(outcomes).nullable(),
  reason: z.string(),
  ready: z.boolean(),
  target_score: score,
  initial_score: score.nullable(),
  final_score: score.nullable(),
  score_model: z.string(),
  artifact: z.object({ name: z.string(), path: z.string().optional(), kind: z.enum(['code', 'document', 'config']), language: z.enum(languages), bytes: count, sha256: sha256.or(z.literal('')).describe('Empty where the artifact was never opened'), is_new: z.literal(true).optional().describe('There was no such file before the run') }),
  categories: categoryScores,
  code_metrics: z.object({ lines_of_code: count, complexity_score: z.number(), maintainability_index: z.number(), functions: count.optional(), comment_lines: count.optional() }).nullable(),
  iterations: z.array(iteration),
  findings: z.array(finding),
  finding_count: count,
  fixed: z.array(finding),
  best_revision: z.object({ iteration: z.int().min(1), sha256, bytes: count }).nullable(),
  diff: z.string().optional(),
  saved: z.object({ path: z.string(), sha256 }).nullable(),
  commit: z.object({ id: z.string(), branch: z.string().nullable() }).nullable(),
  reports: z.record(z.string(), z.string()).describe('Format to path on the reader\'s machine'),
  reviewers: z.array(z.object({ ...engine, outcome: z.enum(checkOutcomes).optional().describe("What came of it, where the reviewer is one of the user's own checks"), instead_of: z.array(z.string()).optional().describe('Who was asked for and could not be reached or read, where this one stepped in'), engines: z.array(z.object(engine)).optional() })),
  evaluation: evaluation.optional(),
  drafted: drafted.optional(),
  panel: panel.optional(),
  context: context.optional(),
  error: error.nullable(),
  usage: z.object({ input_tokens: count, output_tokens: count, cost_usd: z.number() }),
  started_at: instant,
  closed_at: instant,
});

/** What `--json` prints where there is no report: koubou.error/1. */
export const errorWireSchema = z.object({ schema: z.literal('koubou.error/1'), error, run_id: z.string().optional(), initial_score: z.null(), final_score: z.null() });

const unreported = z.object({ run_id: z.string().optional(), artifact: z.object({ path: z.string() }), state: z.enum(runStates), initial_score: z.null(), final_score: z.null() });

/** koubou.batch/1: what `--json` prints for several files. */
export const batchWireSchema = z.object({
  schema: z.literal(batchSchema),
  run_id: z.string(),
  workflow_id: z.string(),
  state: z.enum(['cancelled', 'failed']).optional().describe('Absent where the batch came to its own end'),
  summary: z.object({
    total: count, ready: count, below_target: count, not_judged: count, failed: count,
    skipped: z.array(z.object({ path: z.string(), because: z.string() })), started_at: instant, closed_at: instant, cancelled: z.literal(true).optional(),
    error: error.optional().describe('Why its files could not be listed; then nothing was reviewed'),
  }),
  reports: z.array(z.union([reportWireSchema, errorWireSchema.extend({ artifact: z.object({ path: z.string() }), state: z.enum(runStates) }), unreported])),
});

/** What the query `progress` answers. */
export const progressWireSchema = z.object({
  state: z.enum(runStates),
  iteration: count,
  max_iterations: z.int().min(1),
  score: score.nullable(),
  target_score: score,
  phase: z.string(),
  scores: z.array(score.nullable()),
  waiting_for: z.string().optional(),
  revisions: z.object({ first: z.string(), best: z.string() }).optional().describe('Hashes of the text that was given and of the best; while the run waits for a person'),
  started_at: instant,
  next_step: z.string(),
  artifact: z.string().optional(),
  root: z.string().optional(),
  drafted: drafted.omit({ files: true }).optional(),
});

/** What the update `decide` takes. */
export const decisionWireSchema = z.strictObject({
  decision: z.enum(decisions),
  note: z.string().optional(),
  by: z.string().optional(),
  budget_usd: z.number().positive().optional(),
  budget_tokens: z.int().positive().optional(),
});
