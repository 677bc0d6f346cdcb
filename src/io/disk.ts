import { closeSync, existsSync, fsyncSync, openSync, readdirSync, renameSync, statfsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '#domain/errors.ts';

/** Bytes that this user may still write on the disk of a folder, or of the nearest folder above it that exists. */
export function freeBytes(folder: string): number {
  if (!existsSync(folder)) return freeBytes(dirname(folder));
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** That the disk is full is no bug: said by the system's code, or by a message that says so. Anything else is given back as it is. */
export function asDiskFull(error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error;
  const { code = '' } = error as NodeJS.ErrnoException;
  return ['ENOSPC', 'EDQUOT'].includes(code) || saysDiskFull(error.message) ? diskFull(error) : error;
}

/** Whether the words of a program tell of a full disk, as Go's, SQLite's and Node's do. */
export function saysDiskFull(text: string): boolean {
  return /no space left on device|database or disk is full|SQLITE_FULL|disk quota exceeded|\bENOSPC\b|\bEDQUOT\b/i.test(text);
}

export function diskFull(cause?: unknown): AppError {
  const message = 'No space is left (or the quota is used up) on the disk of the state folder. Free some, or name another place by KOUBOU_HOME.';
  return new AppError('Unavailable', 'DISK_FULL', message, cause === undefined ? {} : { cause });
}

/** Removes a folder with everything in it; one that is not there is fine. */
export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** Removes everything in a folder but the entries named. */
export async function keepOnly(folder: string, names: readonly string[]): Promise<void> {
  const entries = existsSync(folder) ? readdirSync(folder) : [];
  for (const name of entries.filter((entry) => !names.includes(entry))) await removeFolder(join(folder, name));
}

/** Renames a finished file of the same disk over `to`, and returns once that is on the disk: `to` is never half there. */
export function moveIntoPlace(from: string, to: string): void {
  sync(from);
  renameSync(from, to);
  sync(dirname(to));
}

function sync(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
