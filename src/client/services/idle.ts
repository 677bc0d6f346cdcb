import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import { searchAttributes } from '#domain/search-attributes.ts';
import { workflowTypes } from '#workflows/messages.ts';

/** One look at the service, in milliseconds since 1970. */
export interface Look {
  readonly at: number;
  /** Runs that are neither parked, paused nor waiting for a person; null when the server did not tell. */
  readonly working: number | null;
  /** Runs that began or ended since the look before. */
  readonly moved: number;
  /** When a command used the service last. */
  readonly usedAt: number;
}

/** When something last went on, given what was known before: doubt counts as something. */
export function lastActivity(before: number, look: Look): number {
  const isActive = look.working === null || look.working > 0 || look.moved > 0;
  return Math.max(before, look.usedAt, isActive ? look.at : 0);
}

export interface IdleWatch {
  readonly address: string;
  readonly namespace: string;
  readonly idleMs: number;
  readonly usedAt: () => number;
  /** A service that a person started does not leave. */
  readonly mayLeave: () => boolean;
  readonly signal: AbortSignal;
}

/** Resolves with true once nothing has gone on for `idleMs`, with false when the signal was faster. */
export async function untilIdle(watch: IdleWatch): Promise<boolean> {
  const everyMs = Math.min(30_000, Math.max(100, watch.idleMs / 10));
  let active = Date.now();
  let lookedAt = active;
  while (!watch.signal.aborted) {
    await sleep(everyMs, undefined, { signal: watch.signal }).catch(() => undefined);
    const at = Date.now();
    active = watch.mayLeave() ? lastActivity(active, { at, ...(await counts(watch, lookedAt)), usedAt: watch.usedAt() }) : at;
    lookedAt = at;
    if (at - active >= watch.idleMs) return !watch.signal.aborted;
  }
  return false;
}

async function counts(watch: IdleWatch, since: number): Promise<Pick<Look, 'working' | 'moved'>> {
  const { Connection: Grpc } = await import('@temporalio/client');
  const connection = await Grpc.connect({ address: watch.address, connectTimeout: 5_000 }).catch(() => null);
  if (connection === null) return { working: null, moved: 0 };
  try {
    return await connection.withDeadline(Date.now() + 5_000, () => countRuns(connection, watch.namespace, since));
  } catch {
    return { working: null, moved: 0 };
  } finally {
    await connection.close();
  }
}

// A batch does nothing itself but wait for its runs. A run without a status has just been started.
async function countRuns(connection: Connection, namespace: string, since: number): Promise<Pick<Look, 'working' | 'moved'>> {
  const count = async (query: string): Promise<number> => Number((await connection.workflowService.countWorkflowExecutions({ namespace, query })).count);
  const open = `ExecutionStatus = 'Running' AND WorkflowType != '${workflowTypes.reviewBatch}'`;
  const time = `'${new Date(since).toISOString()}'`;
  const [all, waiting, moved] = await Promise.all([
    count(open),
    count(`${open} AND ${searchAttributes.status.name} IN ('parked', 'paused', 'waiting_for_decision')`),
    // To the server an open run closes in the far future.
    count(`StartTime >= ${time} OR (CloseTime >= ${time} AND ExecutionStatus != 'Running')`),
  ]);
  return { working: all - waiting, moved };
}
