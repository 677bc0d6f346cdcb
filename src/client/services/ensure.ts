import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '#domain/errors.ts';
import { takeLease, type Lease } from '#io/lease.ts';
import { changedAt, touch } from '#io/log-file.ts';
import { ensureDir } from '#io/state-files.ts';
import { stopService } from './down.ts';
import { findService, type FoundService } from './find-service.ts';
import { readRecord, type ServiceRecord } from './record.ts';
import { serviceFiles, type ServiceFiles } from './service-files.ts';
import { startDetached, type DetachedStart } from './start-detached.ts';
import { answers } from './tcp.ts';

export interface EnsureOptions extends DetachedStart {
  /** Named by --address, settings or TEMPORAL_*: used as it is, never started, restarted or ended. */
  readonly external?: { readonly address: string; readonly namespace: string; readonly named: string } | undefined;
  readonly version: string;
  readonly fingerprint: string;
  readonly startIfMissing: boolean;
  /** The root was asked for (`up --root`), so a service with another one is replaced. */
  readonly rootIsGiven?: boolean;
  /** How long the workers of a service that must be replaced let steps in hand go on. */
  readonly graceMs: number;
}

export interface Service {
  readonly address: string;
  readonly namespace: string;
  readonly uiUrl?: string;
  readonly pid?: number;
  readonly startedNow: boolean;
}

const startLimitMs = 20 * 60_000;
/** A server that died is started again within a second or two. */
const silentLimitMs = 15_000;
const stopSlackMs = 20_000;

/**
 * The service a command is to use: the one that was named, else the recorded one of the state folder, else a new one.
 * Never whoever happens to answer at Temporal's usual port.
 *
 * Fails   Unavailable SERVICE_NOT_ANSWERING (a named one), SERVICE_NOT_RUNNING, SERVICE_START_FAILED
 */
export async function ensureService(options: EnsureOptions): Promise<Service> {
  if (options.external !== undefined) return useNamed(options.external);
  const files = serviceFiles(options.stateDir);
  ensureDir(options.stateDir, 0o700);
  // Before the look: a service that is about to leave looks at it last.
  touch(files.lastUsed);
  const found = await findService(files);
  if (found.kind === 'live' && isCurrent(found.record, options)) return settled(files, found.record, options, false);
  if (!options.startIfMissing && (found.kind === 'none' || found.kind === 'stale')) throw notRunning();
  const lease = await takeChangeLease(files, options);
  try {
    return await change(files, options);
  } finally {
    lease.release();
  }
}

async function useNamed({ address, namespace, named }: NonNullable<EnsureOptions['external']>): Promise<Service> {
  if (await answers(address, 5_000)) return { address, namespace, startedNow: false };
  throw new AppError(
    'Unavailable',
    'SERVICE_NOT_ANSWERING',
    `Nothing answers at ${address}, the Temporal service named by ${named}. Start that service, or name none to use one of your own.`,
  );
}

// Under the lease, so that of two commands one starts or replaces the service and the other finds it.
async function change(files: ServiceFiles, options: EnsureOptions): Promise<Service> {
  const found = await untilSettled(files, options);
  if (found.kind === 'live' && isCurrent(found.record, options)) return settled(files, found.record, options, false);
  if (found.kind !== 'none' && found.kind !== 'stale') return replace(files, found, options);
  if (!options.startIfMissing) throw notRunning();
  options.progress('Starting the local service.');
  return settled(files, await startDetached(options), options, true);
}

async function replace(files: ServiceFiles, found: FoundService, options: EnsureOptions): Promise<Service> {
  const old = readRecord(files.record);
  const auto = options.auto && old?.auto !== false && changedAt(files.stayUp) === null;
  const root = options.rootIsGiven === true ? options.root : (old?.root ?? options.root);
  options.progress(whyReplaced(found, options));
  await stopService(files, options.graceMs + stopSlackMs);
  return settled(files, await startDetached({ ...options, auto, root }), options, true);
}

// Waits while a service starts, ends or has its server started again.
async function untilSettled(files: ServiceFiles, options: EnsureOptions): Promise<FoundService> {
  const begun = performance.now();
  let said = false;
  for (;;) {
    const found = await findService(files);
    const waited = performance.now() - begun;
    if (waited >= passingMs(found, options.graceMs)) return found;
    if (!said && waited > 1_000) options.progress(`Waiting for the service, which is ${found.kind}.`);
    said ||= waited > 1_000;
    await sleep(50, undefined, options.signal === undefined ? {} : { signal: options.signal });
  }
}

// How long a service may be as it was found before something is done about it: one that has been starting all day never will.
function passingMs(found: FoundService, graceMs: number): number {
  if (found.kind === 'starting') return Math.max(silentLimitMs, startLimitMs - (Date.now() - Date.parse(found.since)));
  if (found.kind === 'stopping') return graceMs + stopSlackMs;
  return found.kind === 'silent' ? silentLimitMs : 0;
}

function isCurrent(record: ServiceRecord, options: EnsureOptions): boolean {
  const isSameRoot = options.rootIsGiven !== true || record.root === options.root;
  return isSameRoot && record.version === options.version && record.fingerprint === options.fingerprint;
}

function whyReplaced(found: FoundService, options: EnsureOptions): string {
  if (found.kind !== 'live') return 'The service does not answer; it is ended and started again.';
  const isSameVersion = found.record.version === options.version;
  const isSameSettings = found.record.fingerprint === options.fingerprint;
  const what = !isSameVersion ? `another version (${found.record.version})` : isSameSettings ? 'another root' : 'other settings or provider variables';
  return `The service was started with ${what}: its workers finish the steps in hand, then it is started again. Runs go on.`;
}

// `up --detach` on a service that a command started lets it stay.
function settled(files: ServiceFiles, record: ServiceRecord, options: EnsureOptions, startedNow: boolean): Service {
  if (record.auto && !options.auto) touch(files.stayUp);
  return { address: record.address, namespace: record.namespace, uiUrl: record.uiUrl, pid: record.pid, startedNow };
}

async function takeChangeLease(files: ServiceFiles, options: EnsureOptions): Promise<Lease> {
  const note = 'starting the service';
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  try {
    return await takeLease(files.changeLease, { waitMs: 1_000, note, ...signal });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'LEASE_HELD') throw error;
  }
  options.progress('Another command is starting the service; waiting for it.');
  return takeLease(files.changeLease, { waitMs: startLimitMs, pollMs: 100, note, ...signal });
}

function notRunning(): AppError {
  return new AppError('Unavailable', 'SERVICE_NOT_RUNNING', 'No Koubou service is running. Start one with `koubou up --detach`.');
}
