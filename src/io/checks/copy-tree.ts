import { lstatSync, mkdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { AppError } from '#domain/errors.ts';
import { checkPath, type PathRules } from '#domain/path-rule.ts';
import { readEntry } from '#io/files.ts';
import { openFolder, openRoot, type OpenFolder, type OpenRoot } from '#io/roots.ts';
import { tooLarge } from './tree-listing.ts';

export interface CopyJob {
  /** Absolute. */
  readonly root: string;
  /** Relative to the root. */
  readonly files: readonly string[];
  /** An empty folder of our own. */
  readonly to: string;
  /** Names that are never opened are not copied either. */
  readonly rules: Pick<PathRules, 'forbidden'>;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** So many files are copied before others get their turn: heartbeats must not wait for a large tree. */
const filesAtOnce = 100;

/**
 * Copies a working tree's files, none of them through a link. A link that stays inside is copied as a link; one that leads out,
 * devices, and files with a second name are left out.
 *
 * Fails   Misconfigured CHECK_TREE_TOO_LARGE, NOT_READABLE · the signal's own reason
 */
export async function copyTree(job: CopyJob): Promise<void> {
  const root = openRoot(job.root);
  const copying: Copying = { ...job, opened: root, bytes: 0, links: [] };
  try {
    for (const [index, [folder, names]] of [...byFolder(job).entries()].entries()) {
      if (index % filesAtOnce === 0) await yieldToOthers();
      await copyFolder(copying, folder, names);
    }
    // Last, so that no file is written through one.
    for (const { file, target } of copying.links) symlinkSync(target, path.join(job.to, file));
  } finally {
    root.close();
  }
}

interface Copying extends CopyJob {
  readonly opened: OpenRoot;
  bytes: number;
  readonly links: { readonly file: string; readonly target: string }[];
}

function byFolder({ files, rules }: CopyJob): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const file of files.filter((each) => !isForbidden(each, rules))) {
    const folder = path.posix.dirname(file);
    const names = folders.get(folder);
    if (names === undefined) folders.set(folder, [path.posix.basename(file)]);
    else names.push(path.posix.basename(file));
  }
  return folders;
}

// Other rules are about what may be reviewed: a test's fixture may have any name.
function isForbidden(file: string, { forbidden = [] }: Pick<PathRules, 'forbidden'>): boolean {
  try {
    checkPath(file, { forbidden });
    return false;
  } catch (error) {
    return error instanceof AppError && ['PATH_DENIED_NAME', 'PATH_TRAVERSAL', 'PATH_EMPTY'].includes(error.code);
  }
}

async function copyFolder(copying: Copying, place: string, names: readonly string[]): Promise<void> {
  const folder = openIfPlain(copying.opened, place);
  if (folder === null) return;
  try {
    mkdirSync(path.join(copying.to, place), { recursive: true, mode: 0o700 });
    for (const [index, name] of names.entries()) {
      if (index % filesAtOnce === 0) await yieldToOthers();
      copying.signal.throwIfAborted();
      copyEntry(copying, folder, path.posix.join(place, name));
    }
  } finally {
    folder.close();
  }
}

// Git may list a folder that is a link by now.
function openIfPlain(root: OpenRoot, place: string): OpenFolder | null {
  return orNull(() => openFolder(root, place === '.' ? [] : place.split('/')));
}

function copyEntry(copying: Copying, folder: OpenFolder, file: string): void {
  const name = path.posix.basename(file);
  const there = lstatSync(folder.at(name), { throwIfNoEntry: false });
  if (there?.isSymbolicLink() === true) {
    const target = readlinkSync(folder.at(name));
    if (staysInside(file, target)) copying.links.push({ file, target });
    return;
  }
  const left = copying.maxBytes - copying.bytes;
  if ((there?.size ?? 0) > left) throw tooLarge(`${Math.floor(copying.maxBytes / 1_000_000)} MB`);
  const read = there?.isFile() === true ? orNull(() => readEntry(folder, name, { path: file, maxBytes: left })) : null;
  if (read === null) return;
  copying.bytes += read.content.length;
  writeFileSync(path.join(copying.to, file), read.content, { flag: 'wx', mode: (read.stats.mode & 0o777) | 0o600 });
}

function staysInside(file: string, target: string): boolean {
  if (target === '' || path.posix.isAbsolute(target)) return false;
  const segments = target.split('/').filter((segment) => segment !== '' && segment !== '.');
  const down = segments.findIndex((segment) => segment !== '..');
  // What climbs after it went down may do so from wherever another link leads.
  if (down !== -1 && segments.slice(down).includes('..')) return false;
  const end = path.posix.join(path.posix.dirname(file), target);
  return end !== '..' && !end.startsWith('../');
}

// Not there any more, a link or a device by now, or with a second name that may lie elsewhere.
function orNull<T>(open: () => T | null): T | null {
  try {
    return open();
  } catch (error) {
    if (error instanceof AppError && ['NOT_FOUND', 'PATH_SYMLINK', 'PATH_HARDLINK', 'NOT_REGULAR'].includes(error.code)) return null;
    throw error;
  }
}
