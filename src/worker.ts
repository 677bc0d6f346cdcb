import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { createActivities, type Activities } from '#activities/create-activities.ts';
import type { Dependencies } from '#activities/dependencies.ts';
import { hideInFailures } from '#activities/hide-in-failures.ts';
import { modelSources, type LoadedConfig, type Settings } from '#config.ts';
import { workerChecks } from '#client/worker-checks.ts';
import { ensureSearchAttributes } from '#client/services/search-attributes.ts';
import { AppError } from '#domain/errors.ts';
import { openArtifactFile } from '#io/files.ts';
import { placeNewFile } from '#io/new-file.ts';
import { changedSince, listCandidates } from '#io/git/candidates.ts';
import { commitFile } from '#io/git/commit.ts';
import { inspectGit } from '#io/git/inspect.ts';
import { sweepAbandonedRuns } from '#io/jail-scratch.ts';
import { isBuilt, ownEntry, ownVersion } from '#io/own-files.ts';
import { saveFile } from '#io/save.ts';
import { ensureDir, readTextIfPresent, writeFileAtomic } from '#io/state-files.ts';
import { formatIds } from '#reports/registry.ts';
import type { PoolOptions } from '#reviewers/engines/pool.ts';
import { contextRules } from '#reviewers/context-rules.ts';
import { createModelParts } from '#reviewers/model-parts.ts';
import { createProviders, queueLimits } from '#reviewers/providers/create-providers.ts';
import type { Redact } from '#reviewers/providers/redact-values.ts';
import { environmentRedactor } from '#reviewers/providers/secret-values.ts';
import { createDefaultRegistry, type Registry, type RegistryParts } from '#reviewers/registry.ts';
import { openStore } from '#store/open-store.ts';
import type { Store } from '#store/store.ts';
import { allQueues, queueSuffixes, stepQueue } from '#workflows/messages.ts';

export interface WorkerPlan {
  readonly connection: NativeConnection;
  readonly namespace: string;
  /** Name of the workflows' own queue; the others are named after it. */
  readonly prefix: string;
  /** Full queue names to serve; all where absent. Unknown names are served as reviewer queues (koubou-llm-<provider>). */
  readonly queues?: readonly string[];
  readonly activities: Activities;
  readonly workflowBundle: NonNullable<WorkerOptions['workflowBundle']>;
  readonly concurrency?: Partial<Record<QueueSuffix, number>>;
  /** Steps a minute over all workers, by full queue name. */
  readonly perMinute?: Readonly<Record<string, number>>;
  /** How long in-flight steps may go on after a drain began, before they are cancelled. */
  readonly shutdownGraceMs?: number;
}

type QueueSuffix = (typeof queueSuffixes)[number];

export interface RunningWorkers {
  /** Resolves when all workers have stopped; rejects when one broke. */
  readonly finished: Promise<void>;
  /** Lets in-flight steps end, then stops. Safe to call twice. */
  drain(): Promise<void>;
}

/** Steps at once per worker process. Analysis: one engine thread each; the others wait for disk, network or models. */
const defaultConcurrency: Readonly<Record<QueueSuffix, number>> = { analysis: 1, llm: 20, workspace: 16, report: 2 };

/** About 1 MB a cached workflow: sdk-typescript advises a fixed number. */
const cachedWorkflows = 200;

/** A run goes on elsewhere this long after its worker died; the SDK's own 10 s are felt by whoever waits. */
const stickyTimeoutMs = 2_000;

const heartbeatEveryMs = 1_000;

const shutdownGraceMs = 20_000;
/** Whatever has not stopped this long after the grace time is given up. */
const shutdownForceMs = 10_000;

/** Starts Temporal workers for the queues asked for and returns at once. */
export async function createWorkers(plan: WorkerPlan): Promise<RunningWorkers> {
  const served = plan.queues ?? allQueues(plan.prefix);
  const workers = await Promise.all(served.map((queue) => Worker.create({ ...commonOptions(plan, queue), ...queueOptions(plan, queue) })));
  const finished = Promise.all(workers.map((worker) => worker.run())).then(() => undefined);
  // Told through `finished`; without a listener yet it must not end the process.
  finished.catch(() => undefined);
  return {
    finished,
    drain: async () => {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      await finished.catch(() => undefined);
    },
  };
}

function commonOptions({ connection, namespace, shutdownGraceMs: grace = shutdownGraceMs }: WorkerPlan, taskQueue: string): WorkerOptions {
  return {
    connection,
    namespace,
    taskQueue,
    shutdownGraceTime: grace,
    shutdownForceTime: grace + shutdownForceMs,
    // A cancellation reaches a step with its next heartbeat, and a retry knows the working time of the last one.
    maxHeartbeatThrottleInterval: heartbeatEveryMs,
    defaultHeartbeatThrottleInterval: heartbeatEveryMs,
  };
}

function queueOptions(plan: WorkerPlan, queue: string): Partial<WorkerOptions> {
  if (queue === plan.prefix) return { workflowBundle: plan.workflowBundle, maxCachedWorkflows: cachedWorkflows, stickyQueueScheduleToStartTimeout: stickyTimeoutMs };
  const suffix = queueSuffixes.find((known) => stepQueue(plan.prefix, known) === queue) ?? 'llm';
  const limit = plan.perMinute?.[queue];
  return {
    activities: plan.activities[suffix],
    maxConcurrentActivityTaskExecutions: plan.concurrency?.[suffix] ?? defaultConcurrency[suffix],
    // Kept by the server for the queue as a whole, however many workers there are.
    ...(limit === undefined ? {} : { maxTaskQueueActivitiesPerSecond: limit / 60 }),
  };
}

/** What `startWorkers` is told beside the settings. */
export interface StartOptions {
  readonly address: string;
  readonly namespace: string;
  readonly queues?: readonly string[];
}

/**
 * The composition root of workers: real files, git, engines and store for the queues asked for.
 *
 * In      workspaceRoot  absolute; what a relative root of a request means
 * Fails   Unavailable SERVICE_NOT_ANSWERING · Misconfigured SEARCH_ATTRIBUTES_MISSING, STORE_* …
 */
export function workerStarter(config: LoadedConfig, starter: StarterOptions): (options: StartOptions) => Promise<RunningWorkers> {
  return async ({ address, namespace, queues }) => {
    const { settings } = config;
    const store = openStore({ url: await readyUrl(settings.store.url) });
    const redact = environmentRedactor({ environment: starter.environment, providers: settings.llm.providers, addresses: [settings.store.url] });
    const registry = createDefaultRegistry(poolOptions(settings), modelParts(config, store, { ...starter, redact }));
    const connection = await connect(config, address);
    await ensureSearchAttributes(connection, namespace);
    const prefix = settings.temporal.taskQueue;
    const activities = hideInFailures(createActivities(dependencies(settings, { registry, store, checks: workerChecks({ config, environment: starter.environment, hide: redact }), workspaceRoot: starter.workspaceRoot })), redact);
    const bundle = await workflowBundle(config.places.cacheDir);
    const limits = queueLimits(settings.llm);
    const perMinute = Object.fromEntries(Object.entries(limits).map(([suffix, limit]) => [stepQueue(prefix, suffix), limit]));
    const served = queues ?? allQueues(prefix, Object.keys(limits));
    const plan: WorkerPlan = { connection, namespace, prefix, activities, workflowBundle: bundle, concurrency: settings.workers.concurrency, perMinute, queues: served };
    return closingAfter(await createWorkers(plan), async () => {
      await Promise.allSettled([registry.close(), store.close(), connection.close()]);
    });
  };
}

function closingAfter(workers: RunningWorkers, close: () => Promise<void>): RunningWorkers {
  const finished = workers.finished.then(close, async (error: unknown) => {
    await close();
    throw error;
  });
  finished.catch(() => undefined);
  return {
    finished,
    drain: async () => {
      await workers.drain();
      await finished.catch(() => undefined);
    },
  };
}

/** What a starter is told once. */
interface StarterOptions {
  /** Absolute. */
  readonly workspaceRoot: string;
  /** The worker's own, with the keys of providers. */
  readonly environment: Readonly<Record<string, string>>;
}

function modelParts(config: LoadedConfig, store: Store, { environment, workspaceRoot, redact }: StarterOptions & { readonly redact: Redact }): RegistryParts {
  const sources = { ...modelSources(config, environment), untrustedFolders: [workspaceRoot] };
  // What agents left behind whose worker was killed where no namespace ends them.
  sweepAbandonedRuns(sources.scratchRoot);
  const { llm, evaluation } = config.settings;
  const { prices, dailyBudgetUsd, dailyBudgetTokens } = llm;
  const dayBudget = { ...(dailyBudgetUsd === undefined ? {} : { usd: dailyBudgetUsd }), ...(dailyBudgetTokens === undefined ? {} : { tokens: dailyBudgetTokens }) };
  return createModelParts(createProviders(sources), { memory: store, prices, dayBudget, redact, mode: evaluation.mode, ...(evaluation.promptPath === undefined ? {} : { evaluationPromptPath: evaluation.promptPath }) });
}

function poolOptions({ workers }: Settings): PoolOptions {
  const { engineMemoryMb, engineTimeoutMs } = workers;
  const limits = { ...(engineMemoryMb === undefined ? {} : { heapMb: engineMemoryMb }), ...(engineTimeoutMs === undefined ? {} : { engineTimeoutMs }) };
  return { size: workers.concurrency.analysis ?? defaultConcurrency.analysis, limits };
}

async function readyUrl(url: string): Promise<string> {
  if (url.startsWith('sqlite:')) ensureDir(dirname(url.slice('sqlite:'.length)), 0o700);
  return url;
}

interface Parts extends Pick<Dependencies, 'checks'> {
  readonly registry: Registry;
  readonly store: Store;
  readonly workspaceRoot: string;
}

function dependencies(settings: Settings, { registry, store, checks, workspaceRoot }: Parts): Dependencies {
  const { save, review, reports } = settings;
  return {
    store,
    registry,
    checks,
    workspace: { openArtifactFile, placeNewFile, saveFile, inspectGit, commitFile, listCandidates, changedSince },
    pathRules: { allowedDirectories: save.allowedDirectories, allowedExtensions: save.allowedExtensions, forbidden: save.forbidden },
    maxArtifactBytes: save.maxArtifactBytes,
    contextRules: contextRules(settings.llm.contextTokens),
    commitSubject: settings.git.subject,
    heartbeatTimeoutMs,
    defaults: {
      resolveRoot: (root) => resolve(workspaceRoot, root ?? '.'),
      ...review,
      reviewers: settings.reviewers,
      fallbacks: settings.llm.fallback,
      drafters: [...Object.keys(settings.llm.models), ...(settings.evaluation.useMock ? ['mock'] : [])],
      ...(settings.llm.budgetUsd === undefined ? {} : { budgetUsd: settings.llm.budgetUsd }),
      ...(settings.llm.budgetTokens === undefined ? {} : { budgetTokens: settings.llm.budgetTokens }),
      ...(settings.improver === undefined ? {} : { improver: settings.improver }),
      save: save.mode,
      formats: reports.formats,
      reportFormats: formatIds.filter((id) => id !== 'human'),
      asksModel: (id) => registry.reviewer(id).asksModel,
      knowsImprover: (id) => registry.ids().improvers.includes(id),
    },
  };
}

/** A worker that is silent for so long is taken for dead, and its step is tried elsewhere. */
const heartbeatTimeoutMs = 10_000;

async function connect({ temporalEnv }: LoadedConfig, address: string): Promise<NativeConnection> {
  const { connectionOptions } = loadClientConnectConfig({ overrideEnvVars: { ...temporalEnv, TEMPORAL_ADDRESS: address } });
  try {
    return await NativeConnection.connect(connectionOptions);
  } catch (cause) {
    throw new AppError('Unavailable', 'SERVICE_NOT_ANSWERING', `The Temporal service at ${address} does not answer as expected. Check its address, certificate and key; koubou doctor tells more.`, { cause });
  }
}

// Built in advance in the package; in a checkout once per state of the sources, kept beside the other downloads.
async function workflowBundle(cacheDir: string): Promise<NonNullable<WorkerOptions['workflowBundle']>> {
  if (isBuilt()) return { codePath: fileURLToPath(ownEntry('workflow-bundle')) };
  const codePath = join(cacheDir, 'workflows', `${ownVersion().replaceAll(/[^\w.-]/g, '_')}.js`);
  if (readTextIfPresent(codePath) === null) {
    const { code } = await bundleWorkflowCode({ workflowsPath: fileURLToPath(ownEntry('workflows/index')), logger: new DefaultLogger('ERROR') });
    ensureDir(dirname(codePath), 0o755);
    writeFileAtomic(codePath, code, 0o644);
  }
  return { codePath };
}
