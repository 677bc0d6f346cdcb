import { lstatSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '#domain/errors.ts';
import { checkFolderPath, checkPath, shownPath } from '#domain/path-rule.ts';
import { openArtifactFile } from '#io/files.ts';
import { openFolder, openRoot } from '#io/roots.ts';
import { diffBase } from './diff-base.ts';
import { readHunks, type ChangedFile } from './hunks.ts';
import { listRepository, maxFiles, walk } from './listing.ts';
import { checkRevision } from './refs.ts';
import { findRepository, pathInRepository, type Repository } from './repository.ts';
import { git } from './runner.ts';

export interface FolderRequest {
  /** Absolute. */
  readonly root: string;
  /** Relative to the root; '.' for the root itself. */
  readonly directory: string;
  /** The most files that are listed; default maxFiles. */
  readonly limit?: number;
}

export interface Candidates {
  /** Relative to the root, sorted: regular files that the path rule lets through. */
  readonly files: readonly string[];
  /** Files that nobody may open by their name, and why; those in folders that are never opened (node_modules) are not told. */
  readonly refused: readonly { readonly path: string; readonly because: string }[];
}

/**
 * Lists the files below a folder that git does not ignore; without a repository, all but those in node_modules and in
 * folders whose name begins with a dot.
 *
 * Out     null when it is no folder; links and devices are left out
 * Fails   InvalidInput: the path rule's codes, FOLDER_TOO_LARGE, those of findRepository
 */
export async function listCandidates(request: FolderRequest): Promise<Candidates | null> {
  const segments = checkFolderPath(request.directory, {});
  const canonical = canonicalFolder(request.root, segments);
  if (canonical === null) return null;
  const repository = await findRepository(request.root, request.directory);
  const listed = repository === null ? walk(request.root, segments) : await listRepository(repository, request.directory, 'all');
  const candidates = sortOut(canonical, [...new Set(listed)].toSorted());
  const limit = request.limit ?? maxFiles;
  if (candidates.files.length + candidates.refused.length > limit) {
    throw new AppError('InvalidInput', 'FOLDER_TOO_LARGE', `${shownPath(request.directory)} has more than ${limit} files. Name a smaller folder, or let git ignore what is not yours.`);
  }
  return candidates;
}

function sortOut(root: string, listed: readonly string[]): Candidates {
  const files: string[] = [];
  const refused: { path: string; because: string }[] = [];
  for (const file of listed) {
    const because = refusalOf(file, path.join(root, file));
    if (because === null) files.push(file);
    else if (because !== '') refused.push({ path: file, because });
  }
  return { files, refused };
}

// Null for a file that can be opened; '' for one that need not be told.
function refusalOf(file: string, place: string): string | null {
  if (!isRegularFile(place)) return file.includes('\uFFFD') && !isThere(place) ? 'its name is not UTF-8' : '';
  const refusal = ruleAgainst(file);
  if (refusal === null) return null;
  return refusal.code === 'PATH_DENIED_NAME' ? '' : refusal.message.replace(/^.* is refused: (.*)\.$/s, 'its name is refused: $1');
}

export interface ChangesRequest {
  /** Absolute. */
  readonly root: string;
  /** Branch, tag or commit; default: as diffBase says. */
  readonly base?: string;
}

/** Larger untracked files are no text that anybody wrote. */
const maxUntrackedBytes = 20_000_000;

export interface Changes {
  /** Sorted by path. */
  readonly files: readonly ChangedFile[];
  /** As of `Candidates`. */
  readonly refused: Candidates['refused'];
}

/**
 * Lists the lines below the root that differ from a base, what is not committed yet included; untracked files whole.
 *
 * Out     paths relative to the root; deleted, binary and filtered (Git LFS) files, links and devices are left out
 * Fails   InvalidInput GIT_BAD_REF, GIT_NOT_A_REPOSITORY, those of findRepository
 */
export async function changedSince(request: ChangesRequest): Promise<Changes> {
  const repository = await repositoryOf(request);
  const base = await diffBase(repository, request.base);
  const [changed, untracked] = await Promise.all([diff(repository, base.id), listRepository(repository, '.', 'untracked')]);
  const whole = untracked.map((file) => wholeFile(repository, file)).filter((file) => file !== null);
  const { files, refused } = sortOut(repository.root, [...new Set([...changed.map((file) => file.path), ...untracked])].toSorted());
  const openable = new Set(files);
  return { files: [...changed, ...whole].filter((file) => openable.has(file.path)).toSorted((a, b) => (a.path < b.path ? -1 : 1)), refused };
}

async function repositoryOf({ root, base }: ChangesRequest): Promise<Repository> {
  if (base !== undefined) checkRevision(base);
  const repository = await findRepository(root, '.');
  if (repository === null) throw new AppError('InvalidInput', 'GIT_NOT_A_REPOSITORY', 'Changed lines need a git repository around the root. Run git init there, or name files instead.');
  return repository;
}

async function diff(repository: Repository, base: string): Promise<ChangedFile[]> {
  const inside = pathInRepository(repository, '.');
  const { stdout } = await git(
    repository,
    [
      'diff', '--no-ext-diff', '--no-textconv', '--no-renames', '--no-color', '--no-indent-heuristic', '--ignore-submodules=all', '--submodule=short', '-U0', '--inter-hunk-context=0',
      '--src-prefix=a/', '--dst-prefix=b/', '-O/dev/null', '--diff-filter=d', ...(inside === '' ? [] : [`--relative=${inside}/`]), base, '--', inside === '' ? '.' : inside,
    ],
    { env: withoutFilters(repository), settings: ['core.quotePath=true', 'diff.noprefix=false'] },
  );
  const changed = readHunks(stdout);
  const filtered = await filteredFiles(repository, changed.map((file) => file.path));
  return changed.filter((file) => !filtered.has(file.path));
}

// Comparing with working files runs the programs that filters name; a filter whose commands are empty runs none.
function withoutFilters(repository: Repository): Record<string, string> {
  const drivers = new Set([...repository.settings.keys()].flatMap((key) => /^filter\.(.+)\.[a-z]+$/s.exec(key)?.[1] ?? []));
  const settings = [...drivers].flatMap((driver) => [
    [`filter.${driver}.clean`, ''], [`filter.${driver}.smudge`, ''], [`filter.${driver}.process`, ''], [`filter.${driver}.required`, 'false'],
  ]);
  const numbered = settings.flatMap(([key, value], index) => [[`GIT_CONFIG_KEY_${index}`, key], [`GIT_CONFIG_VALUE_${index}`, value]]);
  return { GIT_CONFIG_COUNT: String(settings.length), ...Object.fromEntries(numbered) };
}

async function filteredFiles(repository: Repository, files: readonly string[]): Promise<ReadonlySet<string>> {
  if (files.length === 0) return new Set();
  const input = files.map((file) => `${pathInRepository(repository, file)}\0`).join('');
  const { stdout } = await git(repository, ['check-attr', '-z', '--stdin', 'filter'], { input });
  const fields = stdout.split('\0');
  return new Set(files.filter((_, index) => !['unspecified', 'unset'].includes(fields[index * 3 + 2] ?? 'unspecified')));
}

function wholeFile(repository: Repository, file: string): ChangedFile | null {
  try {
    const { text } = openArtifactFile({ root: repository.root, path: file, rules: {}, maxBytes: maxUntrackedBytes });
    const count = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
    return text === '' ? null : { path: file, lines: [[1, count]] };
  } catch (error) {
    if (error instanceof AppError && error.kind === 'InvalidInput') return null;
    throw error;
  }
}

function ruleAgainst(file: string): AppError | null {
  try {
    checkPath(file, {});
    return null;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

// The root's own path; null when the segments lead to no folder.
function canonicalFolder(root: string, segments: readonly string[]): string | null {
  const opened = openRoot(root);
  try {
    const folder = openFolder(opened, segments);
    folder?.close();
    return folder === null ? null : opened.canonical;
  } finally {
    opened.close();
  }
}

function isRegularFile(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

function isThere(place: string): boolean {
  return lstatSync(place, { throwIfNoEntry: false }) !== undefined;
}
