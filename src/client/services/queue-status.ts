import type { Connection } from '@temporalio/client';
import { allQueues } from '#workflows/messages.ts';

export interface QueueStatus {
  readonly name: string;
  readonly kind: 'workflow' | 'activity';
  /** Pollers seen within the last 90 s; the server remembers ended ones for minutes. */
  readonly pollers: number;
  /** Tasks that wait for a worker; the server's own estimate. */
  readonly backlog: number;
}

/** temporal.api.enums.v1.TaskQueueType */
const taskQueueTypes = { workflow: 1, activity: 2 } as const;

/** A poll lasts up to 60 s, and its beginning is what the server notes. */
const pollMs = 90_000;

export interface Installation {
  /** Name of the workflows' own queue. */
  readonly prefix: string;
  /** Suffixes of the queues that single providers have. */
  readonly more?: readonly string[] | undefined;
}

/** What the server says about the task queues of one installation; needs only the right to read. */
export async function queueStatus(connection: Connection, namespace: string, { prefix, more = [] }: Installation): Promise<QueueStatus[]> {
  const queues = allQueues(prefix, more).map((name) => ({ name, kind: name === prefix ? 'workflow' : 'activity' } as const));
  return Promise.all(queues.map(async (queue) => ({ ...queue, ...(await describe(connection, namespace, queue)) })));
}

async function describe(
  connection: Connection,
  namespace: string,
  { name, kind }: Pick<QueueStatus, 'name' | 'kind'>,
): Promise<Pick<QueueStatus, 'pollers' | 'backlog'>> {
  const answer = await connection.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name },
    taskQueueType: taskQueueTypes[kind],
    reportStats: true,
  });
  const seen = (answer.pollers ?? []).filter((poller) => Date.now() - 1_000 * Number(poller.lastAccessTime?.seconds ?? 0) < pollMs);
  return { pollers: seen.length, backlog: Number(answer.stats?.approximateBacklogCount ?? 0) };
}
