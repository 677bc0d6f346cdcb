import { z } from 'zod';
import { bounds } from '#domain/limits.ts';
import { absolutePath, duration, fileExtension, folderBelowRoot, serviceUrl, settingName } from './settings-values.ts';

const score = z.number().min(0).max(100);
const weight = z.number().min(0).max(1000);
const money = z.number().min(0).max(1_000_000);
const iterations = z.int().min(bounds.maxIterations.min).max(bounds.maxIterations.max);
const iterationTimeout = duration(bounds.iterationTimeoutMs);
const runTimeout = duration(bounds.timeoutMs);
const atOnce = z.int().min(1).max(1000);

const profile = z.strictObject({ target: score, max_iterations: iterations, iteration_timeout: iterationTimeout, timeout: runTimeout }).partial();

const review = z.strictObject({
  target: score.describe('The score to reach, 0-100'),
  max_iterations: iterations.describe('Counts reviews: 2 are one improvement'),
  iteration_timeout: iterationTimeout.describe('Working time of one iteration'),
  timeout: runTimeout.describe('Working time of the whole run'),
  weights: z.strictObject({ syntax: weight, logic: weight, performance: weight, security: weight }).partial().optional().describe('Shares of the categories in the score'),
  criteria: z.array(z.strictObject({ name: z.string().min(1).max(200), weight: z.number().min(0), description: z.string().max(4000) })).max(50).describe('What a model is to judge by, besides the categories'),
  profiles: z.record(settingName, profile).describe('Named sets of limits, chosen with --profile'),
}).partial();

const check = z.strictObject({
  name: settingName,
  command: z.array(z.string().min(1).max(4096)).min(1).max(100).describe('The program and its arguments; no shell reads them'),
  timeout_ms: z.int().min(100).max(3_600_000).optional().describe('The most that one run may take; default 120000'),
  network: z.boolean().optional().describe('Whether it may use the network; default false'),
});

const save = z.strictObject({
  mode: z.enum(['none', 'write', 'commit']).describe('What becomes of the best revision when nothing else is asked for'),
  allowed_directories: z.array(folderBelowRoot).max(100).describe('Folders below the root that may be read and written; empty: all'),
  allowed_extensions: z.array(fileExtension).max(100).describe('File name extensions that may be read and written; empty: all'),
  forbidden: z.array(z.string().min(1).max(1024)).max(1000).describe('Names that are never opened, or, with a slash, paths below the root'),
  max_artifact_bytes: z.int().min(1).max(bounds.maxArtifactBytes).describe('The largest file that is reviewed'),
}).partial();

const git = z.strictObject({
  subject: z.string().min(1).max(200).regex(/^[^\n\r\0]*$/, 'one line').describe('First line of a commit; {name}, {score} and {initial_score} are filled in'),
}).partial();

const tokens = z.int().min(1).max(1e12);

const provider = z.strictObject({
  api: z.enum(['openai', 'anthropic', 'google', 'openai-compatible']).optional().describe('How it is spoken to; openai-compatible where it is none of the known ones'),
  base_url: serviceUrl.optional(),
  api_key_env: z.string().regex(/^[A-Z][A-Z0-9_]{0,99}$/, 'the name of an environment variable').optional(),
  executable: absolutePath.optional().describe('The program of an agent that is not on PATH'),
  per_minute: z.number().min(0.1).max(100_000).optional().describe('The most questions a minute over all workers; gives the provider a task queue of its own'),
});

const llm = z.strictObject({
  providers: z.record(settingName, provider).describe('Where models are asked; keys come from the environment alone'),
  models: z.record(settingName, z.strictObject({ provider: settingName, model: z.string().min(1).max(200) })).describe('Reviewer id to the model that answers for it'),
  prices: z.record(z.string().min(1).max(200), z.strictObject({ input_per_million_usd: money, output_per_million_usd: money })).describe('Model to its price'),
  context_tokens: z.int().min(0).max(1_000_000).describe('The most that files of the project may take of a question (project_path), at 4 bytes a token'),
  fallback: z.array(z.string().min(1).max(100)).max(10).describe('Reviewers that step in, in this order, for a model that cannot be reached or read'),
  budget_usd: money.describe('The most that one run may cost'),
  budget_tokens: tokens.describe('The most tokens that one run may take, input and output together'),
  daily_budget_usd: money.describe('The most that all runs together may cost in a day (UTC)'),
  daily_budget_tokens: tokens.describe('The most tokens that all runs together may take in a day (UTC)'),
}).partial();

const temporal = z.strictObject({
  address: z.string().regex(/^[^\s/@]+:\d{1,5}$/, 'HOST:PORT').describe('A Temporal service that runs elsewhere; without it the local one is used'),
  namespace: z.string().min(1).max(255),
  task_queue: settingName.describe("The workflows' queue; the others are named after it"),
  tls: z.boolean(),
  tls_server_name: z.string().min(1).max(255),
  tls_server_ca_cert_path: absolutePath,
  tls_client_cert_path: absolutePath,
  tls_client_key_path: absolutePath,
}).partial();

const store = z.strictObject({ url: z.string().min(1).max(2048).describe('sqlite:/absolute/file or postgres://user@host:5432/database; a password comes from KOUBOU_STORE_URL alone') }).partial();

const workers = z.strictObject({
  concurrency: z.strictObject({ analysis: atOnce, llm: atOnce, workspace: atOnce, report: atOnce }).partial().optional().describe('Steps at once per task queue'),
  idle_exit: duration({ min: 1_000, max: 7 * 86_400_000 }).describe('The local service leaves after so much time without work'),
  engine_memory_mb: z.int().min(64).max(65_536).describe('The most one static engine may use'),
  engine_timeout: duration({ min: 100, max: 3_600_000 }).describe('The most one static engine may take'),
}).partial();

const mcp = z.strictObject({
  autostart: z.boolean().describe('Whether an MCP client starts the local service'),
  wait: duration({ min: 1_000, max: 3_600_000 }).describe('How long one call of an MCP tool waits at most; without it 50 s, longer for clients known to bear it'),
}).partial();

const reports = z.strictObject({
  formats: z.array(z.string().min(1).max(20)).max(10).describe('Rendered at the end of every run'),
  directory: absolutePath.describe('Where reports are written when no other folder is asked for'),
}).partial();

/** koubou.yaml, of the project or of the user. Unknown keys are errors. */
export const settingsSchema = z.strictObject({
  review,
  reviewers: z.array(z.string().min(1).max(100)).min(1).max(10).describe('Who reviews when nobody is named'),
  improver: z.string().min(1).max(100).describe('Who improves when nobody is named'),
  checks: z.array(check).max(20).refine((checks) => new Set(checks.map(({ name }) => name)).size === checks.length, 'checks with different names').describe('Named commands that a request may ask for'),
  save,
  git,
  llm,
  temporal,
  store,
  workers,
  mcp,
  reports,
  privacy: z.strictObject({}),
}).partial();

/** What one file or one set of variables says: times in milliseconds, everything optional. */
export type SettingsFile = z.output<typeof settingsSchema>;
