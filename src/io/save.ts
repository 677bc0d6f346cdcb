import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync, constants, fchmodSync, fchownSync, fsyncSync, linkSync, openSync, readdirSync, renameSync, rmSync, unlinkSync, writeSync, type Stats,
} from 'node:fs';
import { AppError } from '#domain/errors.ts';
import { checkPath, shownPath, type PathRules } from '#domain/path-rule.ts';
import { fileError, systemCode } from './file-errors.ts';
import { readEntry } from './files.ts';
import { processIdentity } from './process-identity.ts';
import { makeFolders, openFolder, removeFolders, reopenRoot, type OpenFolder, type OpenRoot, type PathConfinement } from './roots.ts';

export interface SaveRequest {
  /** As openArtifactFile returned it. */
  readonly root: string;
  readonly path: string;
  readonly rules: PathRules;
  /** Of the bytes the file must still have; null when it must not exist. */
  readonly expectedSha256: string | null;
  readonly content: Uint8Array;
  /** Permission bits of a new file, less the umask; default 0o644. A file that exists keeps its own. */
  readonly mode?: number;
  /** The same on every attempt of the same save. */
  readonly runKey: string;
  readonly confinement?: PathConfinement;
  /** Told the name of each step as it is reached, for tests that interrupt. */
  readonly step?: (name: string) => void;
}

export interface SaveReport {
  /** 'already': an earlier attempt, or somebody else, had written these very bytes. */
  readonly status: 'written' | 'already';
  readonly sha256: string;
}

/** A file grown beyond this was changed by somebody, whatever it was before. */
const maxComparedBytes = 200_000_000;

/**
 * Replaces a file as a whole if it still has the bytes expected; calling it again is harmless.
 *
 * Fails   Conflict FILE_CHANGED (the file keeps its bytes), ROOT_CHANGED · InvalidInput as openArtifactFile ·
 *         Misconfigured NOT_WRITABLE · Unavailable DISK_FULL, TOO_MANY_FILES, SAVE_INTERRUPTED, FILE_SYSTEM_ERROR
 */
export function saveFile(request: SaveRequest): SaveReport {
  const segments = checkPath(request.path, request.rules);
  const root = reopenRoot(request.root, request.confinement);
  try {
    return saveBelow(root, segments, request);
  } finally {
    root.close();
  }
}

function saveBelow(root: OpenRoot, segments: readonly string[], request: SaveRequest): SaveReport {
  const parents = segments.slice(0, -1);
  const made = request.expectedSha256 === null ? makeFolders(root, parents) : 0;
  try {
    const folder = openFolder(root, parents);
    if (folder === null) throw changed(request, null);
    try {
      return saveInto(folder, segments.at(-1)!, request);
    } finally {
      folder.close();
    }
  } catch (error) {
    removeFolders(root, parents, made);
    throw fileError(error, request.path, 'write');
  }
}

function saveInto(folder: OpenFolder, name: string, request: SaveRequest): SaveReport {
  const wanted = sha256(request.content);
  request.step?.('save.opened');
  removeRemains(folder, request);
  const found = compare(folder, name, request);
  if (found?.sha256 === wanted) {
    fsyncSync(folder.descriptor);
    return { status: 'already', sha256: wanted };
  }
  if (found !== null) assertWritable(folder.at(name));
  const isWritten = replace(folder, { name, existing: found?.stats ?? null }, request);
  request.step?.('save.after-rename');
  fsyncSync(folder.descriptor);
  request.step?.('save.done');
  return { status: isWritten ? 'written' : 'already', sha256: wanted };
}

// Between the last comparison and the rename of a file that exists lie some microseconds in which a person's save would be
// lost: no call of the system compares and renames at once.
function replace(folder: OpenFolder, file: { name: string; existing: Stats | null }, request: SaveRequest): boolean {
  const temporary = folder.at(`${temporaryPrefix(request)}${process.pid}-${ownIdentity()}-${randomBytes(3).toString('hex')}.tmp`);
  try {
    writeTemporary(temporary, file.existing, request);
    request.step?.('save.before-rename');
    const found = compare(folder, file.name, request);
    if (found === null && giveName({ temporary, name: folder.at(file.name) }, request)) return true;
    // A file that has appeared by now is compared once more.
    const standing = found ?? compare(folder, file.name, request);
    if (standing?.sha256 !== sha256(request.content)) {
      renameSync(temporary, folder.at(file.name));
      return true;
    }
    unlinkSync(temporary);
    return false;
  } catch (error) {
    rmSync(temporary, { force: true });
    if (systemCode(error) !== 'ENOENT') throw error;
    throw new AppError('Unavailable', 'SAVE_INTERRUPTED', `${shownPath(request.path)}: its folder, or what was being written, was taken away meanwhile; it is tried again.`);
  }
}

// Where there was no file a second name decides at once who comes first; false where one has appeared, or the file system
// knows no second names. A kill in between leaves the temporary name, which the next attempt removes.
function giveName({ temporary, name }: { readonly temporary: string; readonly name: string }, request: SaveRequest): boolean {
  try {
    linkSync(temporary, name);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') throw error;
    return false;
  }
  request.step?.('save.linked');
  unlinkSync(temporary);
  return true;
}

interface Found {
  readonly sha256: string;
  readonly stats: Stats;
}

// What lies there: nothing or the bytes expected (go on), the bytes wanted (done), or anything else (a person's edit).
function compare(folder: OpenFolder, name: string, request: SaveRequest): Found | null {
  const found = look(folder, name, request);
  const actual = found?.sha256 ?? null;
  if (actual !== request.expectedSha256 && actual !== sha256(request.content)) throw changed(request, actual);
  return found;
}

function look(folder: OpenFolder, name: string, request: SaveRequest, isSecond = false): Found | null {
  try {
    const file = readEntry(folder, name, { path: request.path, maxBytes: maxComparedBytes });
    return file === null ? null : { sha256: sha256(file.content), stats: file.stats };
  } catch (error) {
    if (error instanceof AppError && error.code === 'TOO_LARGE') throw changed(request, 'too large to compare');
    // A new file has two names for a moment while another attempt makes it.
    if (request.expectedSha256 === null && error instanceof AppError && error.code === 'PATH_HARDLINK') {
      if (isSecond) throw appeared(request);
      pause(20);
      return look(folder, name, request, true);
    }
    throw error;
  }
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

// The name tells whose it is: of this run and path, and of a process that can be asked after. Two attempts at once must
// not share one, else the second could have its half-written file renamed into place by the first.
function temporaryPrefix(request: SaveRequest): string {
  return `.koubou-${sha256(`${request.runKey}\n${request.path}`).slice(0, 16)}-`;
}

function ownIdentity(): string {
  return processIdentity(process.pid) ?? 'unknown';
}

function removeRemains(folder: OpenFolder, request: SaveRequest): void {
  const prefix = temporaryPrefix(request);
  for (const name of readdirSync(folder.at('.'))) {
    if (!name.startsWith(prefix)) continue;
    const [, pid, identity] = /^([0-9]+)-(.+)-[0-9a-f]{6}\.tmp$/.exec(name.slice(prefix.length)) ?? [];
    if (pid !== undefined && processIdentity(Number(pid)) === identity) continue;
    rmSync(folder.at(name), { force: true });
  }
}

// A rename would replace a write-protected file as well; whoever protected it did not mean that.
function assertWritable(file: string): void {
  closeSync(openSync(file, constants.O_WRONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK));
}

function writeTemporary(file: string, existing: Stats | null, request: SaveRequest): void {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  request.step?.('save.before-open');
  const descriptor = openSync(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, existing === null ? (request.mode ?? 0o644) : 0o600);
  try {
    const half = request.content.length >> 1;
    writeAll(descriptor, request.content.subarray(0, half));
    request.step?.('save.half-written');
    writeAll(descriptor, request.content.subarray(half));
    if (existing !== null) keepOwnerAndMode(descriptor, existing);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at, bytes.length - at);
}

function keepOwnerAndMode(descriptor: number, existing: Stats): void {
  let kept = 0o7777;
  try {
    fchownSync(descriptor, existing.uid, existing.gid);
  } catch (error) {
    if (systemCode(error) !== 'EPERM') throw error;
    kept = 0o777;
  }
  fchmodSync(descriptor, existing.mode & kept);
}

function changed(request: SaveRequest, actual: string | null): AppError {
  if (request.expectedSha256 === null) return appeared(request);
  const name = (hash: string | null): string => (hash === null ? 'no file' : /^[0-9a-f]{64}$/.test(hash) ? hash.slice(0, 12) : hash);
  return new AppError(
    'Conflict',
    'FILE_CHANGED',
    `${shownPath(request.path)} was changed meanwhile (expected ${name(request.expectedSha256)}, found ${name(actual)}). It was left as it is; start a new run to review what it has become.`,
  );
}

function appeared({ path }: SaveRequest): AppError {
  return new AppError('Conflict', 'FILE_CHANGED', `${shownPath(path)} was made by somebody else meanwhile. It was left as it is; start a new run with another name, or review that file.`);
}

function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
