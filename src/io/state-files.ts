import { randomBytes } from 'node:crypto';
import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '#domain/errors.ts';

// Plain files of this program's own folders. Files of a project go through files.ts and save.ts.

/** The file's text, or null when it (or its folder) does not exist. */
export function readTextIfPresent(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/**
 * The file's JSON value, or null when there is no file.
 *
 * Fails   Misconfigured STATE_FILE_UNREADABLE when it is not JSON
 */
export function readJsonIfPresent(file: string): unknown {
  const text = readTextIfPresent(file);
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('Misconfigured', 'STATE_FILE_UNREADABLE', `${file} is not JSON. Repair it or remove it.`, { cause });
  }
}

/**
 * The text of a file that holds a secret, or null when there is none.
 *
 * Fails   Misconfigured STATE_FILE_OPEN where others than its owner may read or change it
 */
export function readSecretIfPresent(file: string): string | null {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats !== undefined && (stats.mode & 0o077) !== 0) {
    throw new AppError('Misconfigured', 'STATE_FILE_OPEN', `${file} can be read or changed by others. Replace what it holds, then \`chmod 600\` it.`);
  }
  return stats === undefined ? null : readTextIfPresent(file);
}

/** Replaces the file as a whole or not at all, and returns once it is on the disk. `mode` is exact, whatever the umask. */
export function writeFileAtomic(file: string, data: string | Uint8Array, mode: number): void {
  const temporary = `${file}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  try {
    const descriptor = openSync(temporary, 'wx', mode);
    try {
      writeFileSync(descriptor, data);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    chmodSync(temporary, mode);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(path.dirname(file));
}

/**
 * Creates the folder and its parents; the folder itself gets exactly `mode`, also when it was there.
 *
 * Fails   Misconfigured FOLDER_UNWRITABLE
 */
export function ensureDir(folder: string, mode: number): void {
  try {
    makeFolders(folder, mode);
    chmodSync(folder, mode);
  } catch (cause) {
    throw new AppError('Misconfigured', 'FOLDER_UNWRITABLE', `The folder ${folder} cannot be made or written. Give rights to it, or name another place by KOUBOU_HOME.`, { cause });
  }
}

/**
 * Creates the folder and its parents, one by one: Node's own recursive mode never returns where the system answers "no such
 * file" below a folder that exists, as it does below /proc. Fails with the system's own error.
 */
export function makeFolders(folder: string, mode: number): void {
  if (isFolder(folder)) return;
  const parent = path.dirname(folder);
  if (parent !== folder) makeFolders(parent, mode);
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!isFolder(folder)) throw error;
  }
}

function isFolder(place: string): boolean {
  return statSync(place, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Removes a file; true when there was one. */
export function removeIfPresent(file: string): boolean {
  try {
    rmSync(file);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
