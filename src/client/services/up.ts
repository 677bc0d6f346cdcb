import { dirname } from 'node:path';
import { AppError } from '#domain/errors.ts';
import { takeLease, type Lease } from '#io/lease.ts';
import { ensureDir } from '#io/state-files.ts';
import { findService } from './find-service.ts';
import type { StartWorkers } from './keep-workers.ts';
import type { Ports } from './ports.ts';
import { readRecord } from './record.ts';
import type { ServiceIdentity } from './record-keeper.ts';
import { serve } from './serve.ts';
import { serviceFiles, type ServiceFiles } from './service-files.ts';
import { listenForStop } from './stop-request.ts';
import { whereItIs } from './service-text.ts';

export interface UpOptions {
  readonly stateDir: string;
  readonly identity: ServiceIdentity;
  /** Finds, downloads or builds the Temporal command; that may take minutes. */
  readonly locate: (progress: (line: string) => void, signal: AbortSignal) => Promise<{ readonly path: string; readonly serverVersion: string }>;
  readonly startWorkers: StartWorkers;
  /** All that the workers serve, for people. */
  readonly queues: readonly string[];
  /** How long the workers let steps in hand go on. */
  readonly graceMs: number;
  /** Leave after so long without anything going on; only a service that was started by a command does. null = never. */
  readonly idleExitMs: number | null;
  readonly environment: Readonly<Record<string, string>>;
  /** Default: those of last time, else 7233 and 8233. */
  readonly ports?: Ports;
  /** Standard output. */
  readonly print: (line: string) => void;
  /** Standard error. */
  readonly say: (line: string) => void;
}

/** How long a service that is ending may take until its successor gives up waiting for it. */
const predecessorMs = 60_000;

/**
 * Runs the service of a state folder in this process until it is told to stop, is idle or gives up.
 * Where one runs already, says where and returns.
 *
 * Out     the exit code: 0 stopped in order, or another one runs · 130 steps in hand were left behind (a second signal,
 *         or they did not end in time): then the caller must end the process, which they would keep alive
 * Fails   what `locate`, the server and the workers fail with; nothing is left running then
 */
export async function runUp(options: UpOptions): Promise<number> {
  const files = serviceFiles(options.stateDir);
  ensureDir(options.stateDir, 0o700);
  ensureDir(dirname(files.serverLog), 0o700);
  const lease = await takeUpLease(files);
  if (lease === null) {
    for (const line of whereItIs(readRecord(files.record), await findService(files))) options.print(line);
    return 0;
  }
  const stop = listenForStop();
  try {
    return await serve(options, files, stop);
  } catch (error) {
    if (stop.asked.aborted) return stop.now.aborted ? 130 : 0;
    throw error;
  } finally {
    lease.release();
    stop.release();
  }
}

async function takeUpLease(files: ServiceFiles): Promise<Lease | null> {
  const isEnding = (await findService(files)).kind === 'stopping';
  try {
    return await takeLease(files.upLease, { waitMs: isEnding ? predecessorMs : 0, note: 'koubou up' });
  } catch (error) {
    if (error instanceof AppError && error.code === 'LEASE_HELD') return null;
    throw error;
  }
}
