import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { AppError } from '#domain/errors.ts';
import { checkPath, shownPath, type PathRules } from '#domain/path-rule.ts';
import { decodeText, type TextShape } from '#domain/text-shape.ts';
import { fileError, systemCode } from './file-errors.ts';
import { linkError, openFolder, openRoot, type OpenFolder, type PathConfinement } from './roots.ts';

export interface OpenFileRequest {
  /** Absolute. */
  readonly root: string;
  /** Relative to the root, with '/'. */
  readonly path: string;
  readonly rules: PathRules;
  readonly maxBytes: number;
  readonly confinement?: PathConfinement;
}

export interface ArtifactFile {
  readonly path: string;
  /** The root's own path, links resolved: what saving has to be given, so that a link re-pointed meanwhile leads nowhere. */
  readonly root: string;
  readonly bytes: number;
  /** Hex, of the file's bytes. */
  readonly sha256: string;
  /** Permission bits, 0o000–0o7777. */
  readonly mode: number;
  readonly content: Uint8Array;
  readonly text: string;
  readonly shape: TextShape;
}

/**
 * Reads a text file below a root: no link, no device, no second name, not too large.
 *
 * Fails   InvalidInput: the path rule's codes, ROOT_NOT_FOUND, NOT_FOUND, PATH_SYMLINK, PATH_HARDLINK, NOT_REGULAR,
 *         TOO_LARGE, INPUT_BINARY · Misconfigured NOT_READABLE · Unavailable TOO_MANY_FILES, FILE_SYSTEM_ERROR
 */
export function openArtifactFile(request: OpenFileRequest): ArtifactFile {
  const segments = checkPath(request.path, request.rules);
  const root = openRoot(request.root, request.confinement);
  try {
    const folder = openFolder(root, segments.slice(0, -1));
    const file = folder === null ? null : readFrom(folder, segments.at(-1)!, request);
    if (file === null) throw notFound(request.path);
    const { content, stats } = file;
    return {
      path: request.path,
      root: root.canonical,
      bytes: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
      mode: stats.mode & 0o7777,
      content,
      ...decodeText(content),
    };
  } finally {
    root.close();
  }
}

export interface OpenedBytes {
  readonly content: Uint8Array;
  readonly stats: Stats;
}

/** Reads one file of an open folder, null when there is none. Fails as openArtifactFile. */
export function readEntry(folder: OpenFolder, name: string, file: { readonly path: string; readonly maxBytes: number }): OpenedBytes | null {
  const descriptor = openEntry(folder, name, file.path);
  if (descriptor === null) return null;
  try {
    const stats = fstatSync(descriptor);
    assertPlain(stats, file);
    return { content: readUpTo(descriptor, stats.size, file), stats };
  } catch (error) {
    throw fileError(error, file.path, 'read');
  } finally {
    closeSync(descriptor);
  }
}

function readFrom(folder: OpenFolder, name: string, request: OpenFileRequest): OpenedBytes | null {
  try {
    return readEntry(folder, name, request);
  } finally {
    folder.close();
  }
}

// O_NONBLOCK: opening a FIFO that nobody writes to would wait for ever.
function openEntry(folder: OpenFolder, name: string, shown: string): number | null {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = constants;
  try {
    return openSync(folder.at(name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') return null;
    if (code === 'ELOOP') throw linkError(shown);
    if (code === 'ENXIO' || code === 'ENODEV' || code === 'EOPNOTSUPP') throw notRegular(shown);
    throw fileError(error, shown, 'read');
  }
}

function assertPlain(stats: Stats, file: { readonly path: string; readonly maxBytes: number }): void {
  if (!stats.isFile()) throw notRegular(file.path);
  if (stats.nlink > 1) {
    throw new AppError('InvalidInput', 'PATH_HARDLINK', `${shownPath(file.path)} has ${stats.nlink} names (hard links), of which some may lie elsewhere. Copy it to a file of its own.`);
  }
  if (stats.size > file.maxBytes) throw tooLarge(file);
}

// Bytes that are no UTF-8 reach a program as U+FFFD: by that name nothing is found.
function notFound(shown: string): AppError {
  const hint = shown.includes('\uFFFD') ? ' Its name is not UTF-8 (\uFFFD stands for what could not be read): rename it.' : '';
  return new AppError('InvalidInput', 'NOT_FOUND', `There is no file ${shownPath(shown)} below the root.${hint}`);
}

function notRegular(shown: string): AppError {
  return new AppError('InvalidInput', 'NOT_REGULAR', `${shownPath(shown)} is not a regular file.`);
}

function tooLarge(file: { readonly path: string; readonly maxBytes: number }): AppError {
  return new AppError('InvalidInput', 'TOO_LARGE', `${shownPath(file.path)} has more than ${file.maxBytes} bytes, which is the limit.`);
}

// The size may be wrong by the time it is read (a file that grows) or from the start (/proc says 0).
function readUpTo(descriptor: number, size: number, file: { readonly path: string; readonly maxBytes: number }): Uint8Array {
  let buffer = new Uint8Array(size + 1);
  let length = 0;
  for (;;) {
    const read = readSync(descriptor, buffer, length, buffer.length - length, null);
    length += read;
    if (length > file.maxBytes) throw tooLarge(file);
    if (read === 0) return buffer.slice(0, length);
    if (length === buffer.length) buffer = grown(buffer, file.maxBytes + 1);
  }
}

function grown(buffer: Uint8Array<ArrayBuffer>, limit: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.min(Math.max(buffer.length * 2, 65_536), limit));
  larger.set(buffer);
  return larger;
}
