import { closeSync, existsSync, fsyncSync, openSync, readdirSync, renameSync, statfsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Bytes that this user may still write on the disk of a folder, or of the nearest folder above it that exists. */
export function freeBytes(folder: string): number {
  if (!existsSync(folder)) return freeBytes(dirname(folder));
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
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
