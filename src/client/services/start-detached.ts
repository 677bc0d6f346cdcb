import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '#domain/errors.ts';
import { diskFull, freeBytes, saysDiskFull } from '#io/disk.ts';
import { boundLog, fileSize, logTail, readLogFrom } from '#io/log-file.ts';
import { spawnService, type ServiceExit } from '#io/service-process.ts';
import { ensureDir } from '#io/state-files.ts';
import { daemonArguments, readDaemonLine } from './daemon-arguments.ts';
import { findService } from './find-service.ts';
import type { ServiceRecord } from './record.ts';
import { serviceFiles, type ServiceFiles } from './service-files.ts';

export interface DetachedStart {
  readonly stateDir: string;
  /** The command that is this program, e.g. ['/usr/bin/node', '/…/bin/koubou.js']. */
  readonly selfCommand: readonly string[];
  /** Passed on unchanged: the workers read their provider keys from it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly root: string;
  /** Leaves when idle. */
  readonly auto: boolean;
  readonly progress: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** The first start may build Temporal, which takes 3 to 5 minutes on two cores. */
const startLimitMs = 20 * 60_000;
/** The rest is in the log. */
const shownLines = 3;
/** A database of the service begins with several hundred kilobytes. */
const leastFreeBytes = 65_536;
const maxLogBytes = 10 * 1024 * 1024;

/**
 * Starts this program again as a service in a session of its own and waits until it answers.
 * Interrupting the wait leaves the service starting.
 *
 * Fails   Unavailable SERVICE_START_FAILED with the end of its log, DISK_FULL, SERVICE_START_SLOW · the signal's own reason
 */
export async function startDetached(start: DetachedStart): Promise<ServiceRecord> {
  const files = serviceFiles(start.stateDir);
  ensureDir(start.stateDir, 0o700);
  ensureDir(dirname(files.serviceLog), 0o700);
  boundLog(files.serviceLog, maxLogBytes);
  const logOffset = fileSize(files.serviceLog);
  const [command, ...args] = [...start.selfCommand, ...daemonArguments(start)];
  const child = await spawnService({
    command: command!,
    args,
    env: start.environment,
    cwd: start.stateDir,
    logFile: files.serviceLog,
    detached: true,
  });
  let exit: ServiceExit | null = null;
  void child.exited.then((ended) => (exit = ended));
  return untilLive({ files, start, logOffset, exited: () => exit });
}

interface Waiting {
  readonly files: ServiceFiles;
  readonly start: DetachedStart;
  readonly logOffset: number;
  readonly exited: () => ServiceExit | null;
}

async function untilLive({ files, start, logOffset, exited }: Waiting): Promise<ServiceRecord> {
  const deadline = performance.now() + startLimitMs;
  let told = 0;
  while (performance.now() < deadline) {
    const exit = exited();
    told = tellProgress({ files, start, logOffset }, told);
    const found = await findService(files);
    if (found.kind === 'live') return found.record;
    // It may have ended because another one took the place: then that one is waited for.
    if (exit !== null && (exit.code !== 0 || found.kind === 'none' || found.kind === 'stale')) throw startFailed(files, logOffset, exit);
    await sleep(25, undefined, start.signal === undefined ? {} : { signal: start.signal });
  }
  throw new AppError('Unavailable', 'SERVICE_START_SLOW', `The service is still starting after ${startLimitMs / 60_000} minutes. See ${files.serviceLog}; \`koubou down\` ends it.`);
}

function tellProgress({ files, start, logOffset }: Omit<Waiting, 'exited'>, told: number): number {
  const lines = readLogFrom(files.serviceLog, logOffset).split('\n').slice(0, -1).flatMap((line) => readDaemonLine(line) ?? []);
  for (const line of lines.slice(told)) start.progress(line);
  return lines.length;
}

function startFailed(files: ServiceFiles, logOffset: number, exit: ServiceExit): AppError {
  const lines = logTail(files.serviceLog, shownLines, logOffset).map((line) => (readDaemonLine(line) ?? line).slice(0, 500));
  // A full disk holds no log that could say so.
  if (saysDiskFull(lines.join('\n')) || freeBytes(dirname(files.record)) < leastFreeBytes) return diskFull();
  const how = exit.signal ?? `exit code ${exit.code}`;
  const told = lines.length === 0 ? 'Its log is empty.' : `Its log ends:\n${lines.join('\n')}`;
  return new AppError('Unavailable', 'SERVICE_START_FAILED', `The service ended while it started (${how}). See ${files.serviceLog}. ${told}`);
}
