import type { Artifact } from '#domain/artifact.ts';
import { AppError, summarizeError } from '#domain/errors.ts';
import { attemptTimeoutMs } from '#domain/limits.ts';
import type { ProjectContext } from '#domain/project-context.ts';
import { describeRaw } from '#domain/raw-request.ts';
import type { FileSource, ReviewRequest } from '#domain/request.ts';
import { decodeText } from '#domain/text-shape.ts';
import { chooseLanguage, readRequest, type ReadRequest, type TextSource } from '#wire/read-request.ts';
import type { Dependencies } from './dependencies.ts';
import type { Drafted } from './draft-artifact.ts';
import { gitBase } from './git-base.ts';
import { placeChecks } from './place-checks.ts';
import { openNewFile } from './open-new-file.ts';
import { gatherContext, shownToNobody } from './project-context.ts';
import { asStep } from './working-time.ts';

export interface OpenInput {
  /** The workflow's own argument, not yet validated. */
  readonly request: unknown;
  readonly runId: string;
  readonly workflowId: string;
  readonly startedAt: string;
}

export interface OpenArtifactInput extends OpenInput {
  /** What a model made of the task that the request gives. */
  readonly drafted?: Pick<Drafted, 'files' | 'taskSha256'>;
}

export interface Opened {
  readonly request: ReviewRequest;
  readonly artifact: Artifact;
  /** What models are shown of the project; absent where none was named. */
  readonly context?: ProjectContext;
  /** Queue suffix of each reviewer and of the improver. */
  readonly queues: Readonly<Record<string, string>>;
  readonly improverQueue: string;
  /** Reviewers that step in, in this order, for a model that cannot be reached or read. */
  readonly fallbacks?: readonly string[];
  /** The most one attempt of a review or improvement may take. */
  readonly attemptMs: Readonly<Record<string, number>>;
  /** The same of each check, by its name; absent where none was named. */
  readonly checkMs?: Readonly<Record<string, number>>;
  readonly heartbeatTimeoutMs: number;
}

/** Validates the request, opens the artifact by the path rule, and stores revision 0. Idempotent. */
export function openArtifact(deps: Dependencies) {
  return (input: OpenArtifactInput): Promise<Opened> =>
    asStep(async () => {
      try {
        return await open(deps, input);
      } catch (error) {
        await recordRefusal(deps, input, error);
        throw error;
      }
    });
}

async function open(deps: Dependencies, input: OpenArtifactInput): Promise<Opened> {
  const read = withDraft(readRequest(input.request, deps.defaults), input.drafted);
  checkPrices(deps, read.request);
  const { artifact, source } = await find(deps, read);
  const request: ReviewRequest = { ...read.request, artifact: source };
  const context = await contextOf(deps, request, artifact);
  const checkMs = await placeChecks(deps, request.checks, artifact);
  await deps.store.startRun({
    runId: input.runId,
    workflowId: input.workflowId,
    tenant: request.tenant,
    artifactName: artifact.name,
    ...(artifact.path === undefined ? {} : { artifactPath: artifact.path }),
    ...(artifact.root === undefined ? {} : { root: artifact.root }),
    kind: artifact.kind,
    language: artifact.language,
    targetScore: request.limits.targetScore,
    request,
    artifact,
    startedAt: input.startedAt,
  });
  return { request, artifact, ...context, ...placement(deps, request), ...(checkMs === undefined ? {} : { checkMs }), heartbeatTimeoutMs: deps.heartbeatTimeoutMs };
}

// A budget in money can only be kept where every model that may be asked has a price.
export function checkPrices({ registry, defaults }: Dependencies, { reviewers, improver, budgetUsd }: ReadRequest['request']): void {
  if (budgetUsd === undefined) return;
  const asked = [...reviewers, ...defaults.fallbacks].map((id) => registry.reviewer(id));
  const unpriced = [...asked, registry.improver(improver)].find(({ asksModel, isPriced }) => asksModel && isPriced === false);
  if (unpriced === undefined) return;
  throw new AppError('Misconfigured', 'PRICE_UNKNOWN', `A budget in USD cannot be kept: nobody knows what ${unpriced.id} (${unpriced.version}) costs. Add its model to llm.prices, or set a budget in tokens.`);
}

async function contextOf(deps: Dependencies, request: ReviewRequest, artifact: Artifact): Promise<Pick<Opened, 'context'>> {
  const { projectPath, root } = request;
  if (projectPath === undefined) return {};
  const { revision, taskSha256, path } = artifact;
  const texts = await Promise.all([revision.sha256, ...(taskSha256 === undefined ? [] : [taskSha256])].map((sha256) => deps.store.getText(sha256)));
  // The artifact's root has its links followed; a project below it is looked for from there.
  const context = await gatherContext(deps, { root: artifact.root ?? root, givenRoot: root, project: projectPath, text: texts.join('\n'), ...(path === undefined ? {} : { ownPath: path }) });
  return { context: asksModel(deps, request) ? context : shownToNobody(context) };
}

function asksModel({ registry }: Dependencies, { reviewers, improver, limits }: ReviewRequest): boolean {
  return reviewers.some((id) => registry.reviewer(id).asksModel) || (limits.maxIterations > 1 && registry.improver(improver).asksModel);
}

interface Found {
  readonly artifact: Artifact;
  readonly source: ReviewRequest['artifact'];
}

// Several files share what the run may spend: each is reviewed by a run of its own.
function withDraft(read: ReadRequest, drafted: OpenArtifactInput['drafted']): ReadRequest {
  const main = drafted?.files[0];
  if (drafted === undefined || main === undefined) return read;
  const { budgetUsd, budgetTokens, ...request } = read.request;
  const count = drafted.files.length;
  const share = { ...(budgetUsd === undefined ? {} : { budgetUsd: budgetUsd / count }), ...(budgetTokens === undefined ? {} : { budgetTokens: Math.ceil(budgetTokens / count) }) };
  return { request: { ...request, ...share }, artifact: { path: main.path, sha256: main.sha256, taskSha256: drafted.taskSha256 } };
}

async function find(deps: Dependencies, read: ReadRequest): Promise<Found> {
  const { artifact: source } = read;
  if ('task' in source) throw new AppError('Bug', 'NOT_DRAFTED', 'A task was opened before anything was written for it.');
  if ('path' in source && 'sha256' in source) return { artifact: await openNewFile(deps, read.request, source), source };
  return 'path' in source ? openFile(deps, read, source) : openText(deps, read, source);
}

async function openFile(deps: Dependencies, read: ReadRequest, source: FileSource): Promise<Found> {
  const { save } = read.request;
  const file = deps.workspace.openArtifactFile({ root: read.request.root, path: source.path, rules: deps.pathRules, maxBytes: deps.maxArtifactBytes });
  // The root with its links followed: one that is re-pointed later must not lead the save elsewhere.
  const { root } = file;
  const git = await gitBase(deps, save, { root, path: file.path });
  const revision = await deps.store.putText(file.text);
  const artifact: Artifact = {
    name: file.path.split('/').at(-1) ?? file.path,
    path: file.path,
    root,
    ...chooseLanguage(read.request, file.path, file.text),
    bytes: file.bytes,
    sha256: file.sha256,
    revision,
    shape: file.shape,
    ...git,
    ...(source.lines === undefined ? {} : { lines: source.lines }),
  };
  return { artifact, source };
}

async function openText(deps: Dependencies, read: ReadRequest, source: TextSource): Promise<Found> {
  if (read.request.save !== 'none') throw new AppError('InvalidInput', 'INPUT_INVALID', 'A text without a path cannot be saved; give a path, or leave save at "none".');
  const given = read.inlineText ?? (await deps.store.getText(source.sha256 ?? ''));
  const bytes = new TextEncoder().encode(given);
  if (bytes.length > deps.maxArtifactBytes) throw new AppError('InvalidInput', 'TOO_LARGE', `The text has ${bytes.length} bytes; at most ${deps.maxArtifactBytes} are reviewed.`);
  const { text, shape } = decodeText(bytes);
  const revision = await deps.store.putText(text);
  const artifact: Artifact = { name: source.name, ...chooseLanguage(read.request, source.name, text), bytes: bytes.length, sha256: revision.sha256, revision, shape };
  return { artifact, source: { name: source.name, sha256: revision.sha256 } };
}

function placement({ registry, defaults }: Dependencies, request: ReviewRequest): Pick<Opened, 'queues' | 'improverQueue' | 'attemptMs' | 'fallbacks'> {
  const fallbacks = defaults.fallbacks.filter((id) => !request.reviewers.includes(id));
  const reviewers = [...request.reviewers, ...fallbacks].map((id) => registry.reviewer(id));
  const improver = registry.improver(request.improver);
  const attemptOf = (asksModel: boolean): number => attemptTimeoutMs(request.limits.iterationTimeoutMs, asksModel);
  return {
    queues: Object.fromEntries(reviewers.map(({ id, queue }) => [id, queue])),
    improverQueue: improver.queue,
    ...(fallbacks.length === 0 ? {} : { fallbacks }),
    attemptMs: Object.fromEntries([...reviewers, improver].map(({ id, asksModel }) => [id, attemptOf(asksModel)])),
  };
}

// A run that never opened is still listed, with what was wrong; a store that is down must not hide the first error.
export async function recordRefusal(deps: Dependencies, input: OpenInput, error: unknown): Promise<void> {
  const summary = { ...summarizeError(error), step: 'open' };
  const record = { runId: input.runId, workflowId: input.workflowId, startedAt: input.startedAt, ...describeRaw(input.request), error: summary };
  await deps.store.recordRefusal(record).catch(() => undefined);
}
