import { bounds, codeLimits, type Limits } from '#domain/limits.ts';
import type { Criterion, SaveMode } from '#domain/request.ts';
import type { ScoredCategory } from '#domain/finding.ts';
import { defaultWeights } from '#domain/scorecard.ts';
import type { EvaluationSettings } from './settings-evaluation.ts';
import type { FlatSettings } from './settings-keys.ts';

/** A project's own command, by name; a request can only name it. */
export interface Check {
  readonly name: string;
  readonly command: readonly string[];
  readonly timeoutMs?: number;
  /** Whether it may use the network. */
  readonly network?: boolean;
}

/** Where a model is asked. */
export interface ProviderSettings {
  readonly api?: 'openai' | 'anthropic' | 'google' | 'openai-compatible';
  readonly baseUrl?: string;
  readonly apiKeyEnv?: string;
  /** Absolute. */
  readonly executable?: string;
  readonly perMinute?: number;
}

/** Everything that can be set, with defaults filled in. Absent: the program decides. */
export interface Settings {
  readonly review: {
    /** What was set; the rest comes from the profile. */
    readonly limits: Partial<Limits>;
    readonly weights: Readonly<Record<ScoredCategory, number>>;
    readonly criteria: readonly Criterion[];
    readonly profiles: Readonly<Record<string, Partial<Limits>>>;
  };
  readonly reviewers: readonly string[];
  readonly improver?: string;
  readonly checks: readonly Check[];
  readonly save: {
    readonly mode: SaveMode;
    readonly allowedDirectories: readonly string[];
    readonly allowedExtensions: readonly string[];
    readonly forbidden: readonly string[];
    readonly maxArtifactBytes: number;
  };
  readonly git: { readonly subject: string };
  readonly llm: {
    readonly providers: Readonly<Record<string, ProviderSettings>>;
    readonly models: Readonly<Record<string, { readonly provider: string; readonly model: string }>>;
    readonly prices: Readonly<Record<string, { readonly inputPerMillionUsd: number; readonly outputPerMillionUsd: number }>>;
    /** Of what is shown of a project beside the artifact. */
    readonly contextTokens: number;
    readonly fallback: readonly string[];
    readonly budgetUsd?: number;
    readonly budgetTokens?: number;
    readonly dailyBudgetUsd?: number;
    readonly dailyBudgetTokens?: number;
  };
  /** Without an address the local service is used. */
  readonly temporal: { readonly address?: string; readonly namespace: string; readonly taskQueue: string };
  readonly store: { readonly url: string };
  readonly workers: {
    readonly concurrency: { readonly analysis?: number; readonly llm?: number; readonly workspace?: number; readonly report?: number };
    readonly idleExitMs: number;
    readonly engineMemoryMb?: number;
    readonly engineTimeoutMs?: number;
  };
  readonly mcp: { readonly autostart: boolean; readonly waitMs?: number };
  readonly reports: { readonly formats: readonly string[]; readonly directory: string };
  readonly evaluation: EvaluationSettings;
}

/** Subject of commits where the settings name none. */
export const defaultCommitSubject = 'Improve {name}: score {initial_score} to {score}';

/** A tenth of the smallest context window among current models of the vendors: 200,000 tokens (platform.claude.com, "Context windows"). */
const contextTokens = 20_000;

/** The defaults that are values; what is missing here is decided by the program or the profile. */
export function defaultSettings(stateDir: string): FlatSettings {
  const weights = Object.entries(defaultWeights).map(([category, weight]) => [`review.weights.${category}`, weight] as const);
  return new Map<string, unknown>([
    ['review.target', codeLimits.targetScore],
    ['review.max_iterations', codeLimits.maxIterations],
    ...weights,
    ['review.criteria', []],
    ['review.profiles', {}],
    ['reviewers', ['static']],
    ['checks', []],
    ['save.mode', 'none'],
    ['save.allowed_directories', []],
    ['save.allowed_extensions', []],
    ['save.forbidden', []],
    ['save.max_artifact_bytes', bounds.maxArtifactBytes],
    ['git.subject', defaultCommitSubject],
    ['llm.providers', {}],
    ['llm.models', {}],
    ['llm.prices', {}],
    ['llm.context_tokens', contextTokens],
    ['llm.fallback', []],
    ['temporal.namespace', 'default'],
    ['temporal.task_queue', 'koubou'],
    ['store.url', `sqlite:${stateDir}/store.db`],
    ['workers.idle_exit', 30 * 60_000],
    ['mcp.autostart', true],
    ['reports.formats', ['markdown', 'json', 'html']],
    ['reports.directory', `${stateDir}/reports`],
  ]);
}

/**
 * The settings as the program uses them.
 *
 * In      values  every layer laid over the defaults
 *         isSet   whether some layer beyond the defaults names the key
 */
export function toSettings(values: FlatSettings, isSet: (key: string) => boolean, evaluation: EvaluationSettings): Settings {
  const get = <T>(key: string): T => values.get(key) as T;
  const group = { get, optional: <T>(key: string, name: string): Record<string, T> => (values.has(key) ? { [name]: get<T>(key) } : {}) };
  return {
    review: reviewOf(group, isSet),
    reviewers: get('reviewers'),
    ...group.optional<string>('improver', 'improver'),
    checks: toChecks(get('checks')),
    save: {
      mode: get('save.mode'),
      allowedDirectories: get('save.allowed_directories'),
      allowedExtensions: get('save.allowed_extensions'),
      forbidden: get('save.forbidden'),
      maxArtifactBytes: get('save.max_artifact_bytes'),
    },
    git: { subject: get('git.subject') },
    llm: llmOf(group),
    temporal: { ...group.optional<string>('temporal.address', 'address'), namespace: get('temporal.namespace'), taskQueue: get('temporal.task_queue') },
    store: { url: get('store.url') },
    workers: workersOf(group),
    mcp: { autostart: get('mcp.autostart'), ...group.optional<number>('mcp.wait', 'waitMs') },
    reports: { formats: get('reports.formats'), directory: get('reports.directory') },
    evaluation,
  };
}

interface CheckFile extends Omit<Check, 'timeoutMs'> {
  readonly timeout_ms?: number;
}

/** The checks of one settings file or layer, as the schema let them through. */
export function toChecks(checks: unknown): Check[] {
  return (checks as readonly CheckFile[]).map(({ timeout_ms, ...check }) => ({ ...check, ...(timeout_ms === undefined ? {} : { timeoutMs: timeout_ms }) }));
}

interface Group {
  readonly get: <T>(key: string) => T;
  readonly optional: <T>(key: string, name: string) => Record<string, T>;
}

function reviewOf({ get, optional }: Group, isSet: (key: string) => boolean): Settings['review'] {
  const limit = (key: string, name: keyof Limits): Partial<Limits> => (isSet(key) ? optional<number>(key, name) : {});
  const weight = (category: ScoredCategory): number => get(`review.weights.${category}`);
  return {
    limits: {
      ...limit('review.target', 'targetScore'),
      ...limit('review.max_iterations', 'maxIterations'),
      ...limit('review.iteration_timeout', 'iterationTimeoutMs'),
      ...limit('review.timeout', 'timeoutMs'),
    },
    weights: { syntax: weight('syntax'), logic: weight('logic'), performance: weight('performance'), security: weight('security') },
    criteria: get('review.criteria'),
    profiles: mapValues(get<Record<string, ProfileFile>>('review.profiles'), toLimits),
  };
}

interface ProfileFile {
  readonly target?: number;
  readonly max_iterations?: number;
  readonly iteration_timeout?: number;
  readonly timeout?: number;
}

function toLimits({ target, max_iterations, iteration_timeout, timeout }: ProfileFile): Partial<Limits> {
  return present({ targetScore: target, maxIterations: max_iterations, iterationTimeoutMs: iteration_timeout, timeoutMs: timeout });
}

interface ProviderFile {
  readonly api?: NonNullable<ProviderSettings['api']>;
  readonly base_url?: string;
  readonly api_key_env?: string;
  readonly executable?: string;
  readonly per_minute?: number;
}

function llmOf({ get, optional }: Group): Settings['llm'] {
  return {
    providers: mapValues(get<Record<string, ProviderFile>>('llm.providers'), ({ api, base_url, api_key_env, executable, per_minute }) => present({ api, baseUrl: base_url, apiKeyEnv: api_key_env, executable, perMinute: per_minute })),
    models: get('llm.models'),
    prices: mapValues(get<Record<string, { input_per_million_usd: number; output_per_million_usd: number }>>('llm.prices'), (price) => ({ inputPerMillionUsd: price.input_per_million_usd, outputPerMillionUsd: price.output_per_million_usd })),
    contextTokens: get('llm.context_tokens'),
    fallback: get('llm.fallback'),
    ...optional<number>('llm.budget_usd', 'budgetUsd'),
    ...optional<number>('llm.budget_tokens', 'budgetTokens'),
    ...optional<number>('llm.daily_budget_usd', 'dailyBudgetUsd'),
    ...optional<number>('llm.daily_budget_tokens', 'dailyBudgetTokens'),
  };
}

function workersOf({ get, optional }: Group): Settings['workers'] {
  const names = ['analysis', 'llm', 'workspace', 'report'] as const;
  return {
    concurrency: Object.assign({}, ...names.map((name) => optional<number>(`workers.concurrency.${name}`, name))) as Settings['workers']['concurrency'],
    idleExitMs: get('workers.idle_exit'),
    ...optional<number>('workers.engine_memory_mb', 'engineMemoryMb'),
    ...optional<number>('workers.engine_timeout', 'engineTimeoutMs'),
  };
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, convert: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, convert(value)]));
}

function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
