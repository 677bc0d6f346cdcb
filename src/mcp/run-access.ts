import type { RunPlace } from '#client/run-place.ts';
import { AppError } from '#domain/errors.ts';
import { defaultTenant, type Principal } from './principal.ts';
import type { McpReading } from './server-options.ts';

/**
 * The run of an id, if it is one that the principal may see. One of somebody else's is as unknown as one that never was.
 *
 * Fails   InvalidInput RUN_UNKNOWN
 */
export async function findVisibleRun(runId: string, { store, reviews }: McpReading, principal: Principal): Promise<RunPlace> {
  const place = await (reviews === null ? findStoredRun(runId, store) : reviews.find(runId));
  if (place.runId !== runId) throw unknownRun();
  if (principal.tenant !== undefined && principal.tenant !== (await tenantOf(place, { store, reviews }))) throw unknownRun();
  return place;
}

// Loaded only now: what it can do besides brings Temporal's client along.
async function findStoredRun(runId: string, store: McpReading['store']): Promise<RunPlace> {
  const { findRunPlace } = await import('#client/run-place.ts');
  return findRunPlace(runId, store, null);
}

/** Of a batch as its request was stored. */
export function tenantOfBatch(request: unknown): string {
  const told = typeof request === 'object' && request !== null && 'tenant' in request ? request.tenant : undefined;
  return typeof told === 'string' ? told : defaultTenant;
}

async function tenantOf({ kind, runId }: RunPlace, { store, reviews }: McpReading): Promise<string | null> {
  const stored = await storedTenant(runId, kind, store);
  if (stored !== null || reviews === null) return stored;
  // One that has not opened its artifact yet is known to the service alone.
  return (await reviews.listOpen()).find((run) => run.runId === runId)?.tenant ?? null;
}

async function storedTenant(runId: string, kind: RunPlace['kind'], store: McpReading['store']): Promise<string | null> {
  if (kind === 'review') return (await store.getRun(runId))?.tenant ?? null;
  const batch = await store.getBatch(runId);
  return batch === null ? null : tenantOfBatch(batch.request);
}

function unknownRun(): AppError {
  return new AppError('InvalidInput', 'RUN_UNKNOWN', 'There is no run with this id.');
}
