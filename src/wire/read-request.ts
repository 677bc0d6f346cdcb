import { kindOf, languageOf, languages, type Language } from '#domain/artifact.ts';
import { AppError } from '#domain/errors.ts';
import { bounds, codeLimits, documentLimits, type Limits } from '#domain/limits.ts';
import { checkTask } from '#domain/task.ts';
import type { FileSource, NewFileSource, ReviewRequest } from '#domain/request.ts';
import { parseInput } from './problems.ts';
import { requestedCategories, reviewRequestSchema, seedMessageSchema, seedPayloadSchema, type WireRequest } from './request.ts';

/** What the settings of the workspace worker say where a request is silent. */
export interface RequestDefaults {
  /** Absolute; relative roots of requests are resolved against it by `resolveRoot`. */
  readonly resolveRoot: (root: string | undefined) => string;
  readonly limits: Partial<Limits>;
  readonly profiles: Readonly<Record<string, Partial<Limits>>>;
  readonly weights: ReviewRequest['weights'];
  readonly criteria: ReviewRequest['criteria'];
  readonly reviewers: readonly string[];
  /** Models that step in for one that cannot be reached or read. */
  readonly fallbacks: readonly string[];
  /** Models that write from a task where no reviewer and no improver asks one; the first is taken. */
  readonly drafters?: readonly string[];
  readonly budgetUsd?: number;
  readonly budgetTokens?: number;
  readonly improver?: string;
  readonly save: ReviewRequest['save'];
  readonly formats: readonly string[];
  readonly reportFormats: readonly string[];
  /** Whether a reviewer or improver asks a model; throws Misconfigured for an unknown id. */
  readonly asksModel: (id: string) => boolean;
  readonly knowsImprover: (id: string) => boolean;
}

export interface ReadRequest {
  /** With `artifact` as sent; a given text is in `inlineText` and still has to be stored. */
  readonly request: Omit<ReviewRequest, 'artifact'>;
  readonly artifact: FileSource | TextSource | NewFileSource | TaskSource;
  /** The text, or the task, as it was sent. */
  readonly inlineText?: string;
}

export interface TextSource {
  readonly name: string;
  readonly sha256?: string;
}

/** Something that is still to be written. */
export interface TaskSource {
  readonly task: { readonly sha256?: string };
  /** The path that was asked for, unchecked. */
  readonly name?: string;
}

/** Reads the one argument of the workflow `review`: our own form, or seed 004's payload or message. */
export function readRequest(raw: unknown, defaults: RequestDefaults): ReadRequest {
  const wire = toOwnForm(raw);
  const artifact = readArtifact(wire.artifact);
  return { ...artifact, request: fillDefaults(wire, defaults) };
}

function toOwnForm(raw: unknown): WireRequest {
  if (!isRecord(raw)) throw new AppError('InvalidInput', 'INPUT_INVALID', 'The workflow review takes one JSON object; see schemas/review-request.schema.json.');
  if ('message_type' in raw) return fromSeed(parseInput(seedMessageSchema, raw, 'The code_review_request message').payload);
  if ('code_content' in raw || 'file_path' in raw) return fromSeed(parseInput(seedPayloadSchema, raw, 'The code_review_request payload'));
  const artifact = raw['artifact'];
  if (!isRecord(artifact)) throw new AppError('InvalidInput', 'INPUT_INVALID', 'The request needs an artifact: { "path" } or { "name", "text" } or { "name", "sha256" } or { "task" }.');
  return parseInput(reviewRequestSchema, raw, 'The review request');
}

function fromSeed(payload: { file_path: string; code_content: string; language?: string | undefined; review_options?: WireRequest['review_options'] }): WireRequest {
  const language = languages.find((known) => known === payload.language?.toLowerCase());
  return {
    artifact: { name: lastSegment(payload.file_path), text: payload.code_content },
    ...(language === undefined ? {} : { language }),
    ...(payload.review_options === undefined ? {} : { review_options: payload.review_options }),
  };
}

function readArtifact(artifact: WireRequest['artifact']): Pick<ReadRequest, 'artifact' | 'inlineText'> {
  if ('task' in artifact) return readTask(artifact.task, artifact.name);
  if ('task_sha256' in artifact && !('path' in artifact)) return { artifact: { task: { sha256: artifact.task_sha256 }, ...named(artifact.name) } };
  if ('path' in artifact && 'sha256' in artifact) return { artifact: readNewFile(artifact) };
  if ('path' in artifact) return { artifact: { path: artifact.path, ...(artifact.lines === undefined ? {} : { lines: artifact.lines }) } };
  if ('sha256' in artifact) return { artifact: { name: artifact.name, sha256: artifact.sha256 } };
  if (new TextEncoder().encode(artifact.text).length > bounds.maxInlineTextBytes) {
    throw new AppError('InvalidInput', 'INPUT_TOO_LARGE', 'Text inside a request may hold 256 KiB; hand a larger one in by path, or with: koubou review --stdin --name NAME.');
  }
  return { artifact: { name: artifact.name }, inlineText: artifact.text };
}

function readTask(task: string, name: string | undefined): Pick<ReadRequest, 'artifact' | 'inlineText'> {
  checkTask(task);
  return { artifact: { task: {}, ...named(name) }, inlineText: task };
}

function readNewFile({ path, sha256, task_sha256: taskSha256 }: { readonly path: string; readonly sha256: string; readonly task_sha256?: string | undefined }): NewFileSource {
  return { path, sha256, ...(taskSha256 === undefined ? {} : { taskSha256 }) };
}

function named(name: string | undefined): Pick<TaskSource, 'name'> {
  return name === undefined ? {} : { name };
}

function fillDefaults(wire: WireRequest, defaults: RequestDefaults): Omit<ReviewRequest, 'artifact'> {
  const reviewers = wire.reviewers ?? defaults.reviewers;
  const models = reviewers.filter((id) => defaults.asksModel(id));
  const improver = wire.improver ?? defaults.improver ?? models[0] ?? 'static';
  if (!defaults.knowsImprover(improver)) throw new AppError('Misconfigured', 'IMPROVER_UNKNOWN', `There is no improver "${improver}"; koubou reviewers lists them.`);
  const profile = wire.profile ?? (models.length > 0 || isSlow(wire) ? 'document' : 'code');
  return {
    root: defaults.resolveRoot(wire.root),
    ...(wire.language === undefined ? {} : { language: wire.language }),
    limits: readLimits(wire, profile, defaults),
    reviewers: [...new Set(reviewers)],
    improver,
    profile,
    ...readJudging(wire, defaults),
    ...readEffects(wire, defaults),
  };
}

// A test suite takes its time as a model does, and a draft is a model's.
function isSlow({ artifact, checks = [] }: WireRequest): boolean {
  return checks.length > 0 || 'task' in artifact || ('task_sha256' in artifact && !('path' in artifact));
}

function readJudging(wire: WireRequest, defaults: RequestDefaults): Pick<ReviewRequest, 'projectPath' | 'criteria' | 'weights' | 'requested' | 'checks' | 'minSeverity' | 'baseline'> {
  const requested = requestedCategories(wire.review_options);
  if (requested.length === 0) throw new AppError('InvalidInput', 'INPUT_INVALID', 'review_options switches every category off; leave at least one on.');
  return {
    ...(wire.project_path === undefined ? {} : { projectPath: wire.project_path }),
    criteria: wire.criteria ?? defaults.criteria,
    weights: { ...defaults.weights, ...wire.weights },
    requested,
    checks: [...new Set(wire.checks ?? [])],
    minSeverity: wire.min_severity ?? 'info',
    baseline: wire.baseline ?? [],
  };
}

// A request may spend less than the settings allow, never more.
function readBudgets(wire: WireRequest, { budgetUsd, budgetTokens }: RequestDefaults): Pick<ReviewRequest, 'budgetUsd' | 'budgetTokens'> {
  const usd = Math.min(wire.budget_usd ?? Infinity, budgetUsd ?? Infinity);
  const tokens = Math.min(wire.budget_tokens ?? Infinity, budgetTokens ?? Infinity);
  return { ...(usd === Infinity ? {} : { budgetUsd: usd }), ...(tokens === Infinity ? {} : { budgetTokens: tokens }) };
}

function readEffects(wire: WireRequest, defaults: RequestDefaults): Pick<ReviewRequest, 'save' | 'approval' | 'budgetUsd' | 'budgetTokens' | 'formats' | 'tenant'> {
  const formats = wire.formats ?? defaults.formats;
  const unknown = formats.find((format) => !defaults.reportFormats.includes(format));
  if (unknown !== undefined) throw new AppError('InvalidInput', 'INPUT_INVALID', `There is no report format "${unknown}"; known are ${defaults.reportFormats.join(', ')}.`);
  return {
    save: wire.save ?? defaults.save,
    approval: wire.approval ?? 'none',
    ...readBudgets(wire, defaults),
    formats: [...new Set(formats)],
    tenant: wire.tenant ?? 'default',
  };
}

/** 'evaluate' is one judgement on whether a document can be implemented (seed 003). */
const builtInProfiles: Readonly<Record<string, Limits>> = { code: codeLimits, document: documentLimits, evaluate: documentLimits };

function readLimits(wire: WireRequest, profile: string, defaults: RequestDefaults): Limits {
  const builtIn = builtInProfiles[profile];
  const named = defaults.profiles[profile];
  if (named === undefined && builtIn === undefined) {
    throw new AppError('Misconfigured', 'PROFILE_UNKNOWN', `There is no profile "${profile}"; the settings name ${['code', 'document', ...Object.keys(defaults.profiles)].join(', ')}.`);
  }
  const asked: Partial<Limits> = {
    ...(wire.target_score === undefined ? {} : { targetScore: wire.target_score }),
    ...(wire.max_iterations === undefined ? {} : { maxIterations: wire.max_iterations }),
    ...(wire.iteration_timeout_ms === undefined ? {} : { iterationTimeoutMs: wire.iteration_timeout_ms }),
    ...(wire.timeout_ms === undefined ? {} : { timeoutMs: wire.timeout_ms }),
  };
  return { ...(builtIn ?? codeLimits), ...defaults.limits, ...named, ...asked };
}

/** The language an artifact is judged as: the request's word, else its name and first line. */
export function chooseLanguage(request: { readonly language?: Language }, name: string, text: string): { language: Language; kind: ReturnType<typeof kindOf> } {
  const language = request.language ?? languageOf(name, text);
  return { language, kind: kindOf(language) };
}

function lastSegment(path: string): string {
  return path.split(/[\\/]/).findLast((segment) => segment !== '') ?? 'artifact';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
