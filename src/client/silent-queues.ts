import type { Client, Connection } from '@temporalio/client';
import { stepQueue } from '#workflows/messages.ts';
import { queueStatus } from './services/queue-status.ts';

const deadlineMs = 3_000;

/**
 * One sentence for the person who waits when no living worker serves a queue; '' where each is served, or where the
 * service does not answer, which is told elsewhere. A model's queue counts only where runs use one.
 */
export async function silentQueues(client: Client, prefix: string): Promise<string> {
  const connection = client.connection as Connection;
  const look = (): ReturnType<typeof queueStatus> => queueStatus(connection, client.options.namespace, { prefix });
  const queues = await connection.withDeadline(Date.now() + deadlineMs, look).catch(() => []);
  const silent = queues.filter(({ name, pollers }) => pollers === 0 && name !== stepQueue(prefix, 'llm')).map(({ name }) => name);
  if (silent.length === 0) return '';
  const what = silent.length === 1 ? 'the task queue' : 'the task queues';
  return `Nothing moves: no worker serves ${what} ${silent.join(', ')}. Start one with \`koubou worker --queues ${silent.join(',')}\`.`;
}
