import type { Revision } from '#domain/artifact.ts';
import { AppError } from '#domain/errors.ts';
import { attemptTimeoutMs } from '#domain/limits.ts';
import { shownPath, type PathRules } from '#domain/path-rule.ts';
import { checkTask, pathTaken, taskNeedsModel } from '#domain/task.ts';
import { readRequest, type ReadRequest, type TaskSource } from '#wire/read-request.ts';
import type { Dependencies } from './dependencies.ts';
import { gitBase } from './git-base.ts';
import { checkPrices, recordRefusal, type OpenInput } from './open-artifact.ts';
import { asStep, type TimeLimits } from './working-time.ts';

/** Who writes, from what, and what the writer has to know. Texts lie in the store. */
export interface DraftPlan extends TimeLimits {
  readonly task: Revision;
  /** The path that was asked for, which passed the path rule and is free. */
  readonly name?: string;
  /** Id of a model. */
  readonly drafter: string;
  /** Queue suffix. */
  readonly queue: string;
  /** Of a JSON list: paths of files that the project has, relative to the root. */
  readonly filesSha256: string;
  readonly rules: PathRules;
  readonly heartbeatTimeoutMs: number;
}

/**
 * Validates a request that gives a task, and all that can be known to be wrong before a model is paid.
 *
 * Fails   as `openArtifact` · Misconfigured TASK_NEEDS_MODEL · InvalidInput TASK_EMPTY, TASK_TOO_LARGE, PATH_TAKEN, PATH_DENIED_NAME
 */
export function prepareDraft(deps: Dependencies) {
  return (input: OpenInput): Promise<DraftPlan> =>
    asStep(async () => {
      try {
        return await prepare(deps, readRequest(input.request, deps.defaults));
      } catch (error) {
        await recordRefusal(deps, input, error);
        throw error;
      }
    });
}

async function prepare(deps: Dependencies, read: ReadRequest): Promise<DraftPlan> {
  const { request, artifact: source } = read;
  if (!('task' in source)) throw new AppError('Bug', 'NO_TASK', 'A draft was asked for without a task.');
  const task = read.inlineText ?? (await deps.store.getText(source.task.sha256 ?? ''));
  checkTask(task);
  const drafter = chooseDrafter(deps, request);
  checkPrices(deps, request);
  checkPrices(deps, { ...request, improver: drafter.id });
  await checkPlace(deps, request, source);
  const [stored, files] = await Promise.all([deps.store.putText(task), deps.store.putText(JSON.stringify(await listFiles(deps, request.root)))]);
  return {
    task: stored,
    ...(source.name === undefined ? {} : { name: source.name }),
    drafter: drafter.id,
    queue: drafter.queue,
    filesSha256: files.sha256,
    rules: deps.pathRules,
    heartbeatTimeoutMs: deps.heartbeatTimeoutMs,
    remainingMs: Math.min(request.limits.iterationTimeoutMs, request.limits.timeoutMs),
    attemptMs: attemptTimeoutMs(request.limits.iterationTimeoutMs, true),
  };
}

// Whoever improves knows best what he is to begin with.
function chooseDrafter({ registry, defaults }: Dependencies, { improver, reviewers }: ReadRequest['request']): { readonly id: string; readonly queue: string } {
  for (const id of [improver, ...reviewers, ...defaults.fallbacks, ...(defaults.drafters ?? [])]) {
    const drafter = registry.drafter(id);
    if (drafter !== null) return drafter;
  }
  throw taskNeedsModel();
}

/** Stands for a file whose name is not known yet. */
const anyName = 'draft.md';

async function checkPlace(deps: Dependencies, { root, save }: ReadRequest['request'], { name }: TaskSource): Promise<void> {
  if (name === undefined) return checkRepository(deps, root, save);
  const place = deps.workspace.placeNewFile({ root, path: name, rules: deps.pathRules });
  if (place.isTaken) throw pathTaken(shownPath(name));
  await gitBase(deps, save, place);
}

async function checkRepository(deps: Dependencies, root: string, save: ReadRequest['request']['save']): Promise<void> {
  try {
    await gitBase(deps, save, { root, path: anyName });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'GIT_IGNORED') throw error;
  }
}

// A project of more files than can be listed is drafted for without knowing them.
async function listFiles({ workspace }: Dependencies, root: string): Promise<readonly string[]> {
  try {
    return (await workspace.listCandidates({ root, directory: '.' }))?.files ?? [];
  } catch (error) {
    if (error instanceof AppError && error.code === 'FOLDER_TOO_LARGE') return [];
    throw error;
  }
}
