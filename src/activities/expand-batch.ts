import { isJudged, languageOf } from '#domain/artifact.ts';
import { summarizeBatch } from '#domain/batch.ts';
import { AppError, errorPolicies, summarizeError } from '#domain/errors.ts';
import { parseInput } from '#wire/problems.ts';
import { batchRequestSchema, type WireBatchRequest, type WireRequest } from '#wire/request.ts';
import type { Dependencies } from './dependencies.ts';
import { asStep } from './working-time.ts';

export interface ExpandInput {
  readonly request: unknown;
  readonly runId: string;
  readonly workflowId: string;
  readonly startedAt: string;
}

/** One review of a batch: what differs from `shared`. */
export interface BatchItem {
  readonly path: string;
  readonly request: Partial<WireRequest>;
}

export interface ExpandedBatch {
  readonly shared: Partial<WireRequest>;
  readonly items: readonly BatchItem[];
  readonly skipped: readonly { readonly path: string; readonly because: string }[];
  readonly concurrency: number;
}

/** Contracts §3. */
const defaultConcurrency = 4;
/** A folder with more files than this is refused: history and result stay small. */
const batchLimit = 5000;

/** Validates the one argument of the workflow `reviewBatch` and turns folders and diffs into single files. */
export function expandBatch(deps: Dependencies) {
  return (input: ExpandInput): Promise<ExpandedBatch> =>
    asStep(async () => {
      try {
        const expanded = await expand(deps, parseInput(batchRequestSchema, input.request, 'The batch request'));
        if (expanded.items.length > batchLimit) {
          throw new AppError('InvalidInput', 'BATCH_TOO_LARGE', `The batch has ${expanded.items.length} files; at most ${batchLimit} go into one. Name a smaller folder.`);
        }
        await deps.store.putBatch({ runId: input.runId, workflowId: input.workflowId, request: input.request, startedAt: input.startedAt });
        return expanded;
      } catch (error) {
        await keepFailure(deps, input, error);
        throw error;
      }
    });
}

// The service forgets a closed batch, and people ask for it by the id that they were given. What is tried again may yet succeed.
async function keepFailure({ store }: Dependencies, { runId, workflowId, request, startedAt }: ExpandInput, failure: unknown): Promise<void> {
  const error = summarizeError(failure);
  if (errorPolicies[error.kind].retried) return;
  const closedAt = new Date().toISOString();
  try {
    await store.putBatch({ runId, workflowId, request, startedAt });
    await store.closeBatch({ runId, summary: summarizeBatch([], { skipped: [], startedAt, closedAt, error }), entries: [], closedAt });
  } catch {
    // The failure itself is what has to be told.
  }
}

async function expand(deps: Dependencies, batch: WireBatchRequest): Promise<ExpandedBatch> {
  const concurrency = batch.concurrency ?? defaultConcurrency;
  if ('requests' in batch) {
    const items = batch.requests.map((request) => ({ path: nameOf(request), request }));
    return { shared: {}, items, skipped: [], concurrency };
  }
  if ('paths' in batch) {
    const { paths, concurrency: _concurrency, ...shared } = batch;
    const root = deps.defaults.resolveRoot(shared.root);
    const found = await Promise.all(paths.map((path) => filesBelow(deps, root, path)));
    return { shared: { ...shared, root }, concurrency, ...sortOut(found.flatMap(({ files }) => files), found.flatMap(({ refused }) => refused)) };
  }
  const { diff, concurrency: _concurrency, ...shared } = batch;
  const root = deps.defaults.resolveRoot(shared.root);
  const { files, refused } = await deps.workspace.changedSince({ root, ...(diff.base === undefined ? {} : { base: diff.base }) });
  const candidates = files.map(({ path, lines }) => ({ path, lines, named: false }));
  return { shared: { ...shared, root }, concurrency, ...sortOut(candidates, refused) };
}

interface Candidate {
  readonly path: string;
  readonly lines?: readonly (readonly [number, number])[];
  /** Named by the caller himself: then it is reviewed whatever its kind. */
  readonly named: boolean;
}

interface Found {
  readonly files: readonly Candidate[];
  readonly refused: ExpandedBatch['skipped'];
}

async function filesBelow(deps: Dependencies, root: string, path: string): Promise<Found> {
  const found = await deps.workspace.listCandidates({ root, directory: path });
  if (found === null) return { files: [{ path, named: true }], refused: [] };
  return { files: found.files.map((file) => ({ path: file, named: false })), refused: found.refused };
}

function sortOut(candidates: readonly Candidate[], refused: ExpandedBatch['skipped']): Pick<ExpandedBatch, 'items' | 'skipped'> {
  const unique = [...new Map(candidates.map((candidate) => [candidate.path, candidate])).values()];
  const judged = (candidate: Candidate): boolean => candidate.named || isJudged(languageOf(candidate.path));
  return {
    items: unique.filter(judged).map(({ path, lines }) => ({ path, request: { artifact: { path, ...(lines === undefined ? {} : { lines: lines.map(([first, last]) => [first, last] as [number, number]) }) } } })),
    skipped: [...unique.filter((candidate) => !judged(candidate)).map(({ path }) => ({ path, because: 'no engine judges this kind of file' })), ...onlyOnce(refused)],
  };
}

function onlyOnce(refused: ExpandedBatch['skipped']): ExpandedBatch['skipped'] {
  return [...new Map(refused.map((file) => [file.path, file])).values()];
}

function nameOf({ artifact }: WireRequest): string {
  if ('path' in artifact) return artifact.path;
  return artifact.name ?? 'task';
}
