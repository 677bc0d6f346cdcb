import type { Connection } from '@temporalio/client';
import { readDeparture } from './departure.ts';
import { findService, type FoundService } from './find-service.ts';
import { queueStatus, type Installation, type QueueStatus } from './queue-status.ts';
import { serviceFiles, type ServiceFiles } from './service-files.ts';
import { answers } from './tcp.ts';

export interface ServiceStatus {
  /** 'external' is a service that was named and is not ours; 'unreachable' one that does not answer. */
  readonly state: FoundService['kind'] | 'external' | 'unreachable';
  readonly address: string | null;
  readonly namespace: string | null;
  readonly uiUrl: string | null;
  readonly pid: number | null;
  readonly version: string | null;
  /** Empty where no service answers. */
  readonly queues: readonly QueueStatus[];
  /** One sentence where something is to be known: why nothing answers, and what becomes of runs that wait. */
  readonly note: string | null;
}

export interface StatusOptions extends Installation {
  readonly stateDir: string;
  readonly external?: { readonly address: string; readonly namespace: string; readonly named: string } | undefined;
  /** Opens the connection that commands use; it is closed here. */
  readonly connect: (address: string) => Promise<Connection>;
}

/** What `koubou status` shows of the service; never starts, ends or waits for one. */
export async function serviceStatus(options: StatusOptions): Promise<ServiceStatus> {
  if (options.external !== undefined) return namedStatus(options, options.external);
  const files = serviceFiles(options.stateDir);
  const found = await findService(files);
  const queues = found.kind === 'live' ? await readQueues(options, found.record) : [];
  return { state: found.kind, ...placeOf(found), queues, note: noteOf(found, files) };
}

type Place = Pick<ServiceStatus, 'address' | 'namespace' | 'uiUrl' | 'pid' | 'version'>;

const nowhere: Place = { address: null, namespace: null, uiUrl: null, pid: null, version: null };

// The address of a service that was killed may be anybody's by now.
function placeOf(found: FoundService): Place {
  if (found.kind === 'none' || found.kind === 'stale') return nowhere;
  if (found.kind === 'starting') return { ...nowhere, pid: found.pid };
  const { address, namespace, uiUrl, pid, version } = found.record;
  return { address, namespace, uiUrl, pid, version };
}

async function namedStatus(options: StatusOptions, { address, namespace, named }: NonNullable<StatusOptions['external']>): Promise<ServiceStatus> {
  const answered = await answers(address, 5_000);
  return {
    ...nowhere,
    state: answered ? 'external' : 'unreachable',
    address,
    namespace,
    queues: answered ? await readQueues(options, { address, namespace }) : [],
    note: answered ? null : `Nothing answers at ${address}, the service named by ${named}.`,
  };
}

async function readQueues(options: StatusOptions, { address, namespace }: { readonly address: string; readonly namespace: string }): Promise<QueueStatus[]> {
  const connection = await options.connect(address);
  try {
    return await connection.withDeadline(Date.now() + 5_000, () => queueStatus(connection, namespace, options));
  } finally {
    await connection.close();
  }
}

function noteOf(found: FoundService, files: ServiceFiles): string | null {
  const later = 'Runs that wait, and their timers, go on when it is started again: by the next review, or by `koubou up`.';
  const notes: Readonly<Record<FoundService['kind'], () => string | null>> = {
    live: () => null,
    starting: () => 'The service is starting.',
    stopping: () => 'The service is ending: its workers finish the steps in hand.',
    silent: () => 'The service does not answer at this moment: its server is being started again, or hangs.',
    stale: () => `The service was killed. ${later}`,
    none: () => `${whyNone(files)} ${later}`,
  };
  return notes[found.kind]();
}

function whyNone(files: ServiceFiles): string {
  const departure = readDeparture(files.left);
  if (departure === null) return 'No service is running.';
  return `The service left at ${departure.at}, after ${Math.round(departure.idleMs / 60_000)} minutes in which nothing went on.`;
}
