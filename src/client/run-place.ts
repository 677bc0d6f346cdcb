import type { Client } from '@temporalio/client';
import { AppError } from '#domain/errors.ts';
import type { Store } from '#store/store.ts';
import { workflowTypes } from '#workflows/messages.ts';
import { listOpenRuns } from './open-runs.ts';

export type RunKind = 'review' | 'batch';

/** Where a run is found: `runId` is the one handle that people and programs use. */
export interface RunPlace {
  readonly kind: RunKind;
  /** Of the first execution. */
  readonly runId: string;
  readonly workflowId: string;
  /** Whether the store says that it has ended. */
  readonly closed: boolean;
}

export const workflowTypeOf: Readonly<Record<RunKind, string>> = { review: workflowTypes.review, batch: workflowTypes.reviewBatch };

/**
 * The run that an id means: a run id, a workflow id (its latest run), or the beginning of one run id. A run that has not
 * opened its artifact yet is known to the service alone; without a service only the store is asked.
 *
 * Fails   InvalidInput RUN_UNKNOWN, RUN_AMBIGUOUS
 */
export async function findRunPlace(id: string, store: Store, client: Client | null): Promise<RunPlace> {
  // Every id begins with nothing: an unset variable of a script must not decide about whatever run is open.
  if (id.trim() === '') throw new AppError('InvalidInput', 'RUN_UNKNOWN', 'The run id is empty. `koubou list` shows all runs.');
  const found = await findStored(id, store);
  const exact = found.find(({ runId }) => runId === id);
  if (exact !== undefined) return exact;
  const open = client === null ? [] : (await listOpenRuns(client)).filter(({ runId, workflowId }) => workflowId === id || runId.startsWith(id));
  const unknown = open.filter(({ runId }) => found.every((place) => place.runId !== runId));
  // A workflow id means its latest run, and an open run is later than any closed one.
  const latest = unknown.find(({ workflowId }) => workflowId === id);
  if (latest !== undefined) return { ...latest, closed: false };
  const [first, ...others] = [...found, ...unknown.map((run) => ({ ...run, closed: false }))];
  if (first === undefined) throw new AppError('InvalidInput', 'RUN_UNKNOWN', `There is no run ${quoted(id)}. \`koubou list\` shows them all.`);
  if (others.length > 0) throw new AppError('InvalidInput', 'RUN_AMBIGUOUS', `${others.length + 1} runs begin with ${quoted(id)}. Give more of the run id; \`koubou list\` shows them.`);
  const { kind, runId, workflowId, closed } = first;
  return { kind, runId, workflowId, closed };
}

async function findStored(id: string, store: Store): Promise<RunPlace[]> {
  const [run, batch] = await Promise.all([store.findRun(id).catch(nullIfUnknown), store.findBatch(id)]);
  const isOf = (found: { readonly runId: string; readonly workflowId: string }): boolean => found.runId === id || found.workflowId === id;
  const places: RunPlace[] = [
    ...(run === null ? [] : [{ kind: 'review' as const, runId: run.runId, workflowId: run.workflowId, closed: run.closedAt !== undefined }]),
    ...(batch === null ? [] : [{ kind: 'batch' as const, runId: batch.runId, workflowId: batch.workflowId, closed: batch.closedAt !== undefined }]),
  ];
  const exact = places.filter(isOf);
  return exact.length > 0 ? exact : places;
}

function nullIfUnknown(error: unknown): null {
  if (error instanceof AppError && error.code === 'RUN_UNKNOWN') return null;
  throw error;
}

function quoted(id: string): string {
  return JSON.stringify(id.slice(0, 64));
}
