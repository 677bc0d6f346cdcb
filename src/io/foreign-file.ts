import { readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '#domain/errors.ts';
import { makeFolders, writeFileAtomic } from './state-files.ts';

// Files of other programs that a person has us change: their settings.

/** A file as it was read. */
export interface ForeignFile {
  /** '' where there is none yet. */
  readonly text: string;
  /** Where it really lies: links lead into people's own collections of settings, and stay. */
  readonly target: string;
  /** Permission bits that it has, or gets. */
  readonly mode: number;
}

/** Fails with InvalidInput FILE_NOT_READABLE. */
export function readForeignFile(file: string): ForeignFile {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) return { text: '', target: file, mode: 0o600 };
  try {
    const target = realpathSync(file);
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(target)), target, mode: stats.mode & 0o777 };
  } catch (cause) {
    throw new AppError('InvalidInput', 'FILE_NOT_READABLE', `${file} cannot be read as text. Check its rights and what it holds.`, { cause });
  }
}

/**
 * Replaces the file whole or not at all, and not if another program has changed it since it was read.
 *
 * Fails   Conflict FILE_CHANGED · InvalidInput OUTPUT_NOT_WRITABLE
 */
export function replaceForeignFile(file: string, read: ForeignFile, text: string): void {
  if (readForeignFile(file).text !== read.text) throw new AppError('Conflict', 'FILE_CHANGED', `${file} was changed by another program just now. Call the command again.`);
  try {
    makeFolders(path.dirname(read.target), 0o700);
    writeFileAtomic(read.target, text, read.mode);
  } catch (cause) {
    throw new AppError('InvalidInput', 'OUTPUT_NOT_WRITABLE', `${file} cannot be written. Check its rights and those of its folder.`, { cause });
  }
}
