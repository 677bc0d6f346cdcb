import { closeSync, constants, existsSync, fstatSync, fsyncSync, lstatSync, mkdirSync, openSync, readlinkSync, realpathSync, rmdirSync, type Stats } from 'node:fs';
import path from 'node:path';
import { AppError } from '#domain/errors.ts';
import { shownPath } from '#domain/path-rule.ts';
import { fileError, systemCode } from './file-errors.ts';

/**
 * How a path is kept below its root.
 *
 * openat     every folder is opened relative to the one before it and no link is followed: there is no moment between
 *            a check and its use (Linux: /proc/self/fd)
 * realpath   links are looked for before and after each step; whoever can write into the root could still win a race
 */
export type PathConfinement = 'openat' | 'realpath';

export const pathConfinement: PathConfinement = process.platform === 'linux' && existsSync('/proc/self/fd') ? 'openat' : 'realpath';

/** A folder that stays the same one whatever its path comes to mean. */
export interface OpenFolder {
  readonly descriptor: number;
  /** A path for node:fs that means `name` in this very folder. */
  at(name: string): string;
  close(): void;
}

export interface OpenRoot extends OpenFolder {
  /** Its own path, no part of which is a link. */
  readonly canonical: string;
  readonly confinement: PathConfinement;
}

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;

/**
 * Opens the folder that paths must stay in; a root that is a link is followed now and never again.
 *
 * Fails   InvalidInput ROOT_NOT_FOUND · Misconfigured NOT_READABLE
 */
export function openRoot(root: string, confinement: PathConfinement = pathConfinement): OpenRoot {
  if (!path.isAbsolute(root) || root.includes('\0')) throw new AppError('InvalidInput', 'ROOT_NOT_FOUND', 'The root must be an absolute path.');
  try {
    const descriptor = openSync(root, O_RDONLY | O_DIRECTORY);
    const canonical = confinement === 'openat' ? readlinkSync(`/proc/self/fd/${descriptor}`) : realpathSync(root);
    return { ...folderOf(descriptor, canonical, confinement), canonical, confinement };
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'].includes(systemCode(error) ?? '')) {
      throw new AppError('InvalidInput', 'ROOT_NOT_FOUND', 'The root is not a folder. Give the folder that paths are relative to.', { cause: error });
    }
    throw fileError(error, '.', 'read');
  }
}

/**
 * Opens a root by the canonical path it had before.
 *
 * Fails   Conflict ROOT_CHANGED when a part of that path is a link now · as openRoot
 */
export function reopenRoot(canonical: string, confinement: PathConfinement = pathConfinement): OpenRoot {
  const root = openRoot(canonical, confinement);
  if (root.canonical === path.normalize(canonical).replace(/(?<=.)\/$/, '')) return root;
  root.close();
  throw new AppError('Conflict', 'ROOT_CHANGED', 'The root leads somewhere else than when the artifact was opened. Start the run again.');
}

/**
 * Opens a folder below the root, by segments that passed the path rule; null when there is none.
 *
 * Fails   InvalidInput PATH_SYMLINK when a part of the path is a link · Misconfigured NOT_READABLE
 */
export function openFolder(root: OpenRoot, segments: readonly string[]): OpenFolder | null {
  let folder: OpenFolder = again(root);
  for (let depth = 1; depth <= segments.length; depth++) {
    const next = step(root, folder, segments.slice(0, depth));
    if (next === null) return null;
    folder = next;
  }
  return folder;
}

/** Makes the folders that are missing and returns how many, for `removeFolders`. Fails as openFolder; Misconfigured NOT_WRITABLE. */
export function makeFolders(root: OpenRoot, segments: readonly string[]): number {
  let made = 0;
  for (const [index, segment] of segments.entries()) {
    const parent = openFolder(root, segments.slice(0, index));
    if (parent === null) throw notFolder(segments.slice(0, index));
    try {
      mkdirSync(parent.at(segment), 0o777);
      fsyncSync(parent.descriptor);
      made += 1;
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw fileError(error, segments.slice(0, index + 1).join('/'), 'write');
    } finally {
      parent.close();
    }
  }
  return made;
}

/** Takes back the last `count` folders, where they are empty. */
export function removeFolders(root: OpenRoot, segments: readonly string[], count: number): void {
  for (let length = segments.length; length > segments.length - count; length--) {
    const parent = openFolder(root, segments.slice(0, length - 1));
    if (parent === null) return;
    try {
      rmdirSync(parent.at(segments[length - 1]!));
    } catch {
      return;
    } finally {
      parent.close();
    }
  }
}

function folderOf(descriptor: number, place: string, confinement: PathConfinement): OpenFolder {
  const base = confinement === 'openat' ? `/proc/self/fd/${descriptor}` : place;
  return { descriptor, at: (name) => `${base}/${name}`, close: () => closeSync(descriptor) };
}

// A second handle on the root, so that every folder of a walk can be closed alike.
function again(root: OpenRoot): OpenFolder {
  const descriptor = openSync(root.at('.'), O_RDONLY | O_DIRECTORY);
  return folderOf(descriptor, root.canonical, root.confinement);
}

// Opens the last of the segments in the folder that the others lead to, and closes that folder.
function step(root: OpenRoot, parent: OpenFolder, segments: readonly string[]): OpenFolder | null {
  const name = parent.at(segments.at(-1)!);
  try {
    const next = folderOf(openSync(name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW), name, root.confinement);
    if (root.confinement === 'realpath') assertUnmoved(root, next, segments);
    return next;
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') return null;
    if (code !== 'ELOOP' && code !== 'ENOTDIR') throw fileError(error, segments.join('/'), 'read');
    if (statIfPresent(name)?.isFile() === true) return null;
    throw linkError(segments.join('/'));
  } finally {
    parent.close();
  }
}

function assertUnmoved(root: OpenRoot, folder: OpenFolder, segments: readonly string[]): void {
  const [opened, named] = [fstatSync(folder.descriptor), statIfPresent(path.join(root.canonical, ...segments))];
  const isSame = named !== null && opened.ino === named.ino && opened.dev === named.dev;
  if (isSame && realpathSync(path.join(root.canonical, ...segments)) === path.join(root.canonical, ...segments)) return;
  folder.close();
  throw linkError(segments.join('/'));
}

/** What lies at a place, without following a link; null when nothing does. */
export function statIfPresent(place: string): Stats | null {
  return lstatSync(place, { throwIfNoEntry: false }) ?? null;
}

export function linkError(shown: string): AppError {
  return new AppError('InvalidInput', 'PATH_SYMLINK', `${shownPath(shown)} is a symbolic link; links are never followed. Give the path it leads to.`);
}

function notFolder(segments: readonly string[]): AppError {
  return new AppError('InvalidInput', 'NOT_A_FOLDER', `${shownPath(segments.join('/'))} is not a folder.`);
}
