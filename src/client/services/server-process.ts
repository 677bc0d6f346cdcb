import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '#domain/errors.ts';
import { diskFull, saysDiskFull } from '#io/disk.ts';
import { fileSize, readLogFrom } from '#io/log-file.ts';
import { spawnService, type ServiceProcess } from '#io/service-process.ts';
import { connectWhenHealthy } from './health.ts';
import type { Ports } from './ports.ts';
import { ensureSearchAttributes } from './search-attributes.ts';
import { serverArguments } from './server-command.ts';

export interface ServerStart {
  readonly temporalPath: string;
  readonly namespace: string;
  /** null keeps runs in memory. */
  readonly databaseFile: string | null;
  readonly logFile: string;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Told as soon as the process runs, before it is healthy. */
  readonly onProcess?: (pid: number, ports: Ports) => void;
}

/** A server opens its database and answers within a second or two; a slow disk may take longer. */
const startLimitMs = 60_000;
const stopGraceMs = 5_000;

export const localIp = '127.0.0.1';

/**
 * Starts one server process and returns once it serves the namespace with all search attributes.
 * Nothing is left running when it fails.
 *
 * Fails   Unavailable SERVICE_PORT_TAKEN (another program was faster), DISK_FULL, SERVICE_START_FAILED (it ended; with what its log
 *         says), SERVICE_START_SLOW · the signal's own reason
 */
export async function startServerProcess(start: ServerStart, ports: Ports, signal: AbortSignal): Promise<ServiceProcess> {
  const logOffset = fileSize(start.logFile);
  const child = await spawnService({
    command: start.temporalPath,
    args: serverArguments({ ip: localIp, port: ports.grpc, uiPort: ports.ui, databaseFile: start.databaseFile, namespace: start.namespace }),
    env: serverEnvironment(start.environment),
    cwd: start.folder,
    logFile: start.logFile,
    detached: true,
    dieWithParent: true,
  });
  start.onProcess?.(child.pid, ports);
  try {
    await untilServing({ start, ports, child, logOffset, signal });
    return child;
  } catch (error) {
    await child.stop('SIGTERM', stopGraceMs);
    signal.throwIfAborted();
    throw error;
  }
}

interface Waiting {
  readonly start: ServerStart;
  readonly ports: Ports;
  readonly child: ServiceProcess;
  readonly logOffset: number;
  readonly signal: AbortSignal;
}

async function untilServing(waiting: Waiting): Promise<void> {
  const ended = new AbortController();
  void waiting.child.exited.then(() => ended.abort());
  const connection = await connectWhenHealthy({
    address: `${localIp}:${waiting.ports.grpc}`,
    namespace: waiting.start.namespace,
    deadline: performance.now() + startLimitMs,
    signal: AbortSignal.any([waiting.signal, ended.signal]),
  });
  try {
    if (connection === null || !(await isOurs(waiting, ended.signal))) throw startError(waiting, ended.signal.aborted);
    await ensureSearchAttributes(connection, waiting.start.namespace);
  } finally {
    await connection?.close();
  }
}

// Two services that start at the same moment may both have found the port free; then one of them answers for both
// until the other has ended. The banner is printed only by a server that listens itself; a server that prints another
// one is believed once it has outlived that moment.
async function isOurs(waiting: Waiting, ended: AbortSignal): Promise<boolean> {
  const banner = new RegExp(`Server:\\s+\\S+:${waiting.ports.grpc}\\b`);
  for (let waited = 0; waited < 3_000 && !ended.aborted; waited += 20) {
    if (banner.test(readLogFrom(waiting.start.logFile, waiting.logOffset))) break;
    await sleep(20);
  }
  return !ended.aborted;
}

function startError({ start, ports, logOffset }: Waiting, hasEnded: boolean): AppError {
  const log = readLogFrom(start.logFile, logOffset);
  if (hasEnded && log.includes('address already in use')) {
    return new AppError('Unavailable', 'SERVICE_PORT_TAKEN', `Another program took port ${ports.grpc} or ${ports.ui} meanwhile. Try again.`);
  }
  if (saysDiskFull(log)) return diskFull();
  const told = log.trim() === '' ? 'Its log is empty.' : `Its log says:\n${tellingLines(log).join('\n')}`;
  if (hasEnded) return new AppError('Unavailable', 'SERVICE_START_FAILED', `The Temporal server ended as soon as it was started. See ${start.logFile}. ${told}`);
  return new AppError('Unavailable', 'SERVICE_START_SLOW', `The Temporal server did not answer within ${startLimitMs / 1_000} s. See ${start.logFile}. ${told}`);
}

// A Go program that breaks says why first and prints its stack then.
function tellingLines(log: string): string[] {
  const lines = log.split('\n').filter((line) => line.trim() !== '').map((line) => line.slice(0, 500));
  const errors = lines.filter((line) => /\b(?:panic|fatal|error)\b/i.test(line));
  return errors.length > 0 ? errors.slice(0, 3) : lines.slice(-5);
}

// The server needs none of the user's secrets.
function serverEnvironment(environment: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(['PATH', 'HOME', 'TMPDIR', 'LANG'].flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])));
}
