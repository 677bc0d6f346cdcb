import { AppError } from '#domain/errors.ts';
import { searchAttributeList } from '#domain/search-attributes.ts';

export interface ServerPlace {
  /** Loopback only: whoever reaches the server may start and end runs. */
  readonly ip: string;
  readonly port: number;
  readonly uiPort: number;
  /** Where runs outlive the process; null keeps them in memory. */
  readonly databaseFile: string | null;
  readonly namespace: string;
}

/**
 * Server settings that decide the speed of a run, as measured on two cores: without the first three every hand-over of
 * a step takes 50 ms, because the default is 20 polls a second and shard.
 */
export const dynamicConfig: Readonly<Record<string, string>> = {
  'history.transferProcessorMaxPollRPS': '2000',
  'history.timerProcessorMaxPollRPS': '2000',
  'history.visibilityProcessorMaxPollRPS': '2000',
  'matching.numTaskqueueReadPartitions': '1',
  'matching.numTaskqueueWritePartitions': '1',
  'matching.TaskQueueInfoByBuildIdTTL': '"1s"',
  'system.enableActivityEagerExecution': 'true',
};

/** The arguments of `temporal` that start the local server; the user's own temporal.toml and TEMPORAL_* do not count. */
export function serverArguments(place: ServerPlace): string[] {
  return [
    'server', 'start-dev', '--disable-config-env', '--disable-config-file',
    '--ip', loopback(place.ip), '--port', String(place.port), '--ui-port', String(place.uiPort),
    '--namespace', place.namespace,
    ...databaseArguments(place.databaseFile),
    ...searchAttributeList.flatMap(({ name, type }) => ['--search-attribute', `${name}=${type}`]),
    ...Object.entries(dynamicConfig).flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${value}`]),
    '--ui-disable-news-fetch', '--log-level', 'warn',
  ];
}

function databaseArguments(file: string | null): string[] {
  if (file === null) return [];
  return ['--db-filename', file, '--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=normal'];
}

function loopback(ip: string): string {
  if (/^127(\.\d{1,3}){3}$/.test(ip)) return ip;
  throw new AppError(
    'Misconfigured',
    'SERVICE_NOT_LOOPBACK',
    `The local service has no access control and listens on this machine only, never on ${ip}. To share a service, run a Temporal cluster and name it by TEMPORAL_ADDRESS.`,
  );
}
