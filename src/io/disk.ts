import { closeSync, existsSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Bytes that this user may still write on the disk of a folder, or of the nearest folder above it that exists. */
export function freeBytes(folder: string): number {
  if (!existsSync(folder)) return freeBytes(dirname(folder));
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** Removes a folder with everything in it; one that is not there is fine. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** Removes everything in a folder but the entries named. */
export function keepOnly(folder: string, names: readonly string[]): void {
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    if (!names.includes(name)) removeFolder(join(folder, name));
  }
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
