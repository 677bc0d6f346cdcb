import { randomUUID } from 'node:crypto';
import { readlinkSync, symlinkSync, unlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '#domain/errors.ts';
import { processIdentity } from './process-identity.ts';

export interface LeaseHolder {
  readonly pid: number;
  /** Start time of the process, as processIdentity gives it. */
  readonly identity: string;
  readonly host: string;
  /** What the holder is doing, for people. */
  readonly note: string;
  readonly takenAt: string;
}

export interface Lease {
  /** Gives the lease back; a second call does nothing. */
  release(): void;
}

export interface LeaseOptions {
  /** How long to wait for a living holder; 0 tries once. */
  readonly waitMs: number;
  readonly pollMs?: number;
  /** At most 200 characters are kept. */
  readonly note?: string;
  readonly signal?: AbortSignal;
}

interface Entry extends LeaseHolder {
  readonly token: string;
}

/** Neither we nor anybody else can tell whether a holder on another host, or an entry we cannot read, is alive. */
type Read = { readonly state: 'free' } | { readonly state: 'dead' | 'held'; readonly entry: Entry | null };

/**
 * Waits for and takes an exclusive lease, among all processes of this machine and within this one.
 *
 * The lease is a symbolic link whose target is the holder's description: creating it is exclusive and its content is
 * there from the first moment, so a kill leaves neither an empty lease nor a temporary file. A dead holder's lease is
 * removed only by whoever holds the lease `<file>.x`, so no living holder's is ever removed by a slow rival.
 *
 * Fails   Unavailable LEASE_HELD when the time is up · the signal's own reason
 */
export async function takeLease(file: string, options: LeaseOptions): Promise<Lease> {
  const deadline = performance.now() + options.waitMs;
  const pollMs = options.pollMs ?? 25;
  for (;;) {
    options.signal?.throwIfAborted();
    const lease = tryLease(file, options.note ?? '');
    if (lease !== null) return lease;
    const left = deadline - performance.now();
    if (left <= 0) throw heldError(file, options.waitMs);
    await sleep(Math.min(left, pollMs * (0.5 + Math.random())), undefined, options.signal === undefined ? {} : { signal: options.signal });
  }
}

/** Who holds the lease, or null when nobody alive does. A holder on another host counts as alive. */
export function leaseHolder(file: string): LeaseHolder | null {
  const read = readLease(file);
  if (read.state !== 'held' || read.entry === null) return null;
  const { token: _, ...holder } = read.entry;
  return holder;
}

function tryLease(file: string, note: string): Lease | null {
  const token = randomUUID();
  if (create(file, { ...ourselves(), note: note.slice(0, 200), takenAt: new Date().toISOString(), token })) {
    return { release: () => releaseOwn(file, token) };
  }
  if (readLease(file).state !== 'dead') return null;
  const removal = tryLease(`${file}.x`, 'removing the lease of a dead process');
  if (removal === null) return null;
  try {
    if (readLease(file).state === 'dead') unlinkSync(file);
  } finally {
    removal.release();
  }
  return tryLease(file, note);
}

function create(file: string, entry: Entry): boolean {
  try {
    symlinkSync(JSON.stringify(entry), file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readLease(file: string): Read {
  let target: string;
  try {
    target = readlinkSync(file);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? { state: 'free' } : { state: 'held', entry: null };
  }
  const entry = parseEntry(target);
  if (entry === null || entry.host !== hostname()) return { state: 'held', entry };
  return { state: processIdentity(entry.pid) === entry.identity ? 'held' : 'dead', entry };
}

function parseEntry(target: string): Entry | null {
  try {
    const entry = JSON.parse(target) as Entry;
    return typeof entry.pid === 'number' && typeof entry.identity === 'string' && typeof entry.host === 'string' ? entry : null;
  } catch {
    return null;
  }
}

function releaseOwn(file: string, token: string): void {
  const read = readLease(file);
  if (read.state !== 'free' && read.entry?.token === token) unlinkSync(file);
}

let own: { readonly pid: number; readonly identity: string; readonly host: string } | undefined;

function ourselves(): { readonly pid: number; readonly identity: string; readonly host: string } {
  own ??= { pid: process.pid, identity: processIdentity(process.pid) ?? 'unknown', host: hostname() };
  return own;
}

function heldError(file: string, waitMs: number): AppError {
  const holder = leaseHolder(file);
  const who = holder === null ? 'something that is not ours' : `process ${holder.pid} on ${holder.host}${holder.note === '' ? '' : ` (${holder.note})`}`;
  return new AppError('Unavailable', 'LEASE_HELD', `${file} is held by ${who} after ${waitMs} ms. Wait for it to end; remove the file only if no such process runs.`);
}
