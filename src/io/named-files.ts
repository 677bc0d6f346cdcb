import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readdirSync, readSync, realpathSync, statSync, type Dirent } from 'node:fs';
import path from 'node:path';
import { AppError } from '#domain/errors.ts';
import { makeFolders, writeFileAtomic } from './state-files.ts';

// Files that a person names on the command line beside the artifact (--out, --baseline, --config): outside the path rule,
// with the person's own rights.

export type PathKind = 'file' | 'folder' | 'other';

/** What stands at a path, links followed; null where there is nothing, or nothing that may be looked at. */
export function kindOfPath(place: string): PathKind | null {
  try {
    const found = statSync(place);
    if (found.isFile()) return 'file';
    return found.isDirectory() ? 'folder' : 'other';
  } catch {
    return null;
  }
}

/** The nearest folder from here upward that holds `.git`, a folder or a worktree's file; null where none does. */
export function repositoryAround(folder: string): string | null {
  if (existsSync(path.join(folder, '.git'))) return folder;
  const above = path.dirname(folder);
  return above === folder ? null : repositoryAround(above);
}

/** The folder with every link on the way to it resolved; itself where it does not exist. */
export function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

/**
 * The text of a file that was named with a flag.
 *
 * Fails   InvalidInput FILE_NOT_FOUND, FILE_NOT_READABLE, FILE_TOO_LARGE
 */
export function readNamedFile(file: string, maxBytes: number): string {
  return new TextDecoder().decode(readBytes(file, maxBytes));
}

/** Hex SHA-256 of a file's bytes; null where it cannot be read or is larger than `maxBytes`. */
export function hashOfFile(file: string, maxBytes: number): string | null {
  try {
    return createHash('sha256').update(readBytes(file, maxBytes)).digest('hex');
  } catch {
    return null;
  }
}

/** Writes a file that was asked for, whole or not at all; folders on the way are made. Fails with InvalidInput OUTPUT_NOT_WRITABLE. */
export function writeNamedFile(file: string, content: string): void {
  try {
    makeFolders(path.dirname(file), 0o777);
    writeFileAtomic(file, content, 0o666 & ~process.umask());
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown cause';
    throw new AppError('InvalidInput', 'OUTPUT_NOT_WRITABLE', `${file} cannot be written (${reason}). Make room for it, or name another folder.`, { cause });
  }
}

function readBytes(file: string, maxBytes: number): Uint8Array {
  const kind = kindOfPath(file);
  if (kind === null) throw new AppError('InvalidInput', 'FILE_NOT_FOUND', `There is no file ${file}.`);
  if (kind !== 'file') throw new AppError('InvalidInput', 'FILE_NOT_READABLE', `${file} is ${kind === 'folder' ? 'a folder' : 'a device or a pipe'}. Name a file.`);
  try {
    return readAtMost(file, maxBytes);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('InvalidInput', 'FILE_NOT_READABLE', `${file} cannot be read. Check its mode.`, { cause });
  }
}

function readAtMost(file: string, maxBytes: number): Uint8Array {
  const descriptor = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(Math.min(statSync(file).size, maxBytes) + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read) read = readSync(descriptor, buffer, length, buffer.length - length, null);
    if (length > maxBytes) throw new AppError('InvalidInput', 'FILE_TOO_LARGE', `${file} has more than ${maxBytes} bytes.`);
    return buffer.subarray(0, length);
  } finally {
    closeSync(descriptor);
  }
}

/** Folders whose changes never change a review. */
const passedOver: readonly string[] = ['.git', 'node_modules'];
/** Looking at more than this takes seconds. */
const stampLimit = 20_000;

/**
 * A digest of the names, sizes and times of change of everything below a folder, `.git` and `node_modules` left out:
 * equal as long as nothing was written there. Null for a folder of more files than are worth looking at.
 */
export function stampOfFolder(folder: string): string | null {
  const hash = createHash('sha256');
  let files = 0;
  const visit = (place: string): void => {
    for (const entry of entriesOf(place)) {
      if (files > stampLimit) return;
      const found = path.join(place, entry.name);
      if (entry.isDirectory() && !passedOver.includes(entry.name)) visit(found);
      if (!entry.isFile()) continue;
      files += 1;
      hash.update(`${found}\0${stampOfFile(found)}\0`);
    }
  };
  visit(folder);
  return files > stampLimit ? null : hash.digest('hex');
}

/** Size and time of change; '' where there is no file. */
export function stampOfFile(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? '' : `${found.size}-${found.mtimeMs}`;
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}
