import { lstatSync, readFileSync, realpathSync, statSync } from 'node:fs';
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
  /** The byte order mark before the text, which no parser wants; '' where there is none. */
  readonly mark: string;
}

const byteOrderMark = '\ufeff';

/** Fails with InvalidInput FILE_NOT_READABLE. */
export function readForeignFile(file: string): ForeignFile {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) {
    if (isLink(file)) throw new AppError('InvalidInput', 'FILE_NOT_READABLE', `${file} is a link that leads nowhere. Make what it leads to, or remove it.`);
    return { text: '', target: file, mode: 0o600, mark: '' };
  }
  // A pipe would be waited for without end.
  if (!stats.isFile()) throw new AppError('InvalidInput', 'FILE_NOT_READABLE', `${file} is no file. Move it away.`);
  try {
    const target = realpathSync(file);
    const whole = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(target));
    const mark = whole.startsWith(byteOrderMark) ? byteOrderMark : '';
    return { text: whole.slice(mark.length), target, mode: stats.mode & 0o777, mark };
  } catch (cause) {
    throw new AppError('InvalidInput', 'FILE_NOT_READABLE', `${file} cannot be read as text. Check its rights and what it holds.`, { cause });
  }
}

function isLink(file: string): boolean {
  try {
    return lstatSync(file).isSymbolicLink();
  } catch {
    return false;
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
    writeFileAtomic(read.target, `${read.mark}${text}`, read.mode);
  } catch (cause) {
    throw new AppError('InvalidInput', 'OUTPUT_NOT_WRITABLE', `${file} cannot be written. Check its rights and those of its folder.`, { cause });
  }
}
