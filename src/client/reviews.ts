import type { Client } from '@temporalio/client';
import { AppError } from '#domain/errors.ts';
import { toCamelKeys, toSnakeKeys } from '#domain/json-keys.ts';
import type { Decision, RunState } from '#domain/report.ts';
import type { Store } from '#store/store.ts';
import type { WireBatchRequest, WireRequest } from '#wire/request.ts';
import { decideUpdate } from '#workflows/messages.ts';
import { applyRun, type Applied } from './apply-run.ts';
import { askProgress, awaitRun, type RunProgress, type WaitEnd, type WaitOptions } from './await-run.ts';
import { contentOfBatch, contentOfReview } from './content.ts';
import { serviceFailure } from './failures.ts';
import { identify } from './identity.ts';
import { listOpenRuns, type OpenRun } from './open-runs.ts';
import { findRunPlace, type RunPlace } from './run-place.ts';
import { batchTexts, reviewTexts } from './run-texts.ts';
import { silentQueues } from './silent-queues.ts';
import { startRun, type StartedRun } from './start-run.ts';

export interface ReviewsOptions {
  readonly client: Client;
  readonly store: Store;
  /** Of the files that requests name. */
  readonly host: string;
  /** Name of the workflows' own task queue. */
  readonly queue: string;
}

type Place = Pick<RunPlace, 'runId' | 'workflowId'>;

/** Everything a person or a program can do with runs; the one client of Temporal. Errors are AppErrors throughout. */
export interface Reviews {
  /** Text inside the request goes into the store first; a request that runs already is joined. */
  startReview(request: WireRequest): Promise<StartedRun>;
  startBatch(request: WireBatchRequest): Promise<StartedRun>;
  /** Saves (and commits) a finished run's best revision; the same call again changes nothing. */
  apply(runId: string, commit: boolean): Promise<Applied>;
  find(id: string): Promise<RunPlace>;
  /** Null where no worker answers. */
  progress(place: Place): Promise<RunProgress | null>;
  /** Fails   InvalidInput DECISION_REFUSED, RUN_NOT_OPEN · Unavailable NO_WORKER */
  decide(place: Place, decision: Decision): Promise<RunProgress>;
  /** Asks the run to stop; `wait` tells when it has. */
  cancel(place: Place): Promise<void>;
  wait(place: Place, options?: WaitOptions): Promise<WaitEnd>;
  /** Newest first. */
  listOpen(states?: readonly RunState[]): Promise<OpenRun[]>;
  /** A sentence where a task queue has no worker; '' otherwise. */
  silentQueues(): Promise<string>;
}

const decideDeadlineMs = 15_000;

export function createReviews({ client, store, host, queue }: ReviewsOptions): Reviews {
  return {
    startReview: async (request) => {
      const kept = await keepText(store, request);
      const place = { tenant: request.tenant ?? 'default', host, root: request.root ?? '', content: contentOfReview(kept) };
      return startRun(client, { kind: 'review', identity: identify('review', kept, place), request: kept, taskQueue: queue, ...reviewTexts(kept) });
    },
    startBatch: async (request) => {
      const { tenant = 'default', root = '' }: Partial<Pick<WireRequest, 'tenant' | 'root'>> = 'requests' in request ? {} : request;
      const place = { tenant, host, root, content: contentOfBatch(request) };
      return startRun(client, { kind: 'batch', identity: identify('batch', request, place), request, taskQueue: queue, ...batchTexts(request) });
    },
    apply: (runId, commit) => applyRun(client, { runId, commit, taskQueue: queue }),
    find: (id) => findRunPlace(id, store, client),
    progress: (place) => askProgress(client, place),
    decide: (place, decision) => decide(client, place, decision),
    cancel: (place) => cancel(client, place),
    wait: (place, options = {}) => awaitRun(client, place, options),
    listOpen: (states) => listOpenRuns(client, states),
    silentQueues: () => silentQueues(client, queue),
  };
}

// Text must never enter a history: only its hash travels.
async function keepText(store: Store, request: WireRequest): Promise<WireRequest> {
  const { artifact } = request;
  if ('task' in artifact) {
    const { task, ...asked } = artifact;
    const { sha256 } = await store.putText(task);
    return { ...request, artifact: { task_sha256: sha256, ...asked } };
  }
  if (!('text' in artifact)) return request;
  const { sha256 } = await store.putText(artifact.text);
  return { ...request, artifact: { name: artifact.name, sha256 } };
}

async function decide(client: Client, { workflowId, runId }: Place, decision: Decision): Promise<RunProgress> {
  const handle = client.workflow.getHandle(workflowId, runId);
  const update = (): Promise<unknown> => handle.executeUpdate<unknown, [unknown]>(decideUpdate, { args: [toSnakeKeys(decision)] });
  try {
    return toCamelKeys(await client.connection.withDeadline(Date.now() + decideDeadlineMs, update)) as RunProgress;
  } catch (error) {
    throw decisionFailure(error);
  }
}

function decisionFailure(error: unknown): unknown {
  if (error instanceof Error && error.name === 'WorkflowUpdateRPCTimeoutOrCancelledError') {
    return new AppError('Unavailable', 'NO_WORKER', 'No worker took the decision in; it may still take hold once one runs. `koubou status` tells which task queues are served.', { cause: error });
  }
  return serviceFailure(error);
}

async function cancel(client: Client, { workflowId, runId }: Place): Promise<void> {
  try {
    await client.workflow.getHandle(workflowId, undefined, { firstExecutionRunId: runId }).cancel();
  } catch (error) {
    throw serviceFailure(error);
  }
}
