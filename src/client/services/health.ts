import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import { answers } from './tcp.ts';

export interface Health {
  readonly address: string;
  readonly namespace: string;
  /** performance.now() at which it is too late. */
  readonly deadline: number;
  readonly signal: AbortSignal;
}

/**
 * Waits until the server serves the namespace and hands back the connection; null when it was too late or no longer
 * wanted. A gRPC channel that was refused once waits a second, so the port is looked at first.
 */
export async function connectWhenHealthy(health: Health): Promise<Connection | null> {
  while (isWanted(health) && !(await answers(health.address, 200))) await sleep(20);
  const { Connection: Grpc } = await import('@temporalio/client');
  while (isWanted(health)) {
    const connection = await Grpc.connect({ address: health.address, connectTimeout: 2_000 }).catch(() => null);
    if (connection === null) continue;
    if (await servesNamespace(connection, health)) return connection;
    await connection.close();
  }
  return null;
}

async function servesNamespace(connection: Connection, health: Health): Promise<boolean> {
  while (isWanted(health)) {
    const answer = await connection
      .withDeadline(Date.now() + 2_000, () => connection.workflowService.describeNamespace({ namespace: health.namespace }))
      .catch(() => null);
    if (answer !== null) return true;
    await sleep(50);
    if (!(await answers(health.address, 200))) return false;
  }
  return false;
}

function isWanted(health: Health): boolean {
  return !health.signal.aborted && performance.now() < health.deadline;
}
