import { readdirSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '#domain/errors.ts';
import { listRepository } from '#io/git/listing.ts';
import { findRepository, pathInRepository, type Repository } from '#io/git/repository.ts';
import { git } from '#io/git/runner.ts';
import { openFolder, openRoot, type OpenRoot } from '#io/roots.ts';

export interface TreeListing {
  /** Relative to the root, links and devices among them. */
  readonly files: readonly string[];
  /** Folders of installed dependencies, which are not the project's own text. */
  readonly dependencies: readonly string[];
}

/** Where package managers put what they install. */
const dependencyNames: readonly string[] = ['node_modules', '.venv', 'venv', 'vendor'];
/** What versions and caches are kept in; nothing of it is anybody's text. */
const skippedNames: readonly string[] = ['.git', '.hg', '.svn', '__pycache__', '.cache', '.next', '.nuxt', '.turbo', '.tox', '.gradle', 'target'];

/**
 * The files that make up a working tree: those that git tracks or does not ignore; without a repository all but caches.
 *
 * Fails   Misconfigured CHECK_TREE_TOO_LARGE · InvalidInput those of findRepository
 */
export async function listTree(root: string, maxFiles: number): Promise<TreeListing> {
  const repository = await findRepository(root, '.');
  const { files, dependencies } = repository === null ? walk(root, maxFiles) : await listed(repository);
  const own = files.filter((file) => !inNodeModules(file));
  if (own.length > maxFiles) throw tooLarge(`${maxFiles} files`);
  return { files: own, dependencies: [...new Set([...dependencies, ...files.filter(inNodeModules).map(nodeModulesOf)])].toSorted() };
}

export function tooLarge(limit: string): AppError {
  return new AppError('Misconfigured', 'CHECK_TREE_TOO_LARGE', `A check runs on a copy of the working tree, and this one has more than ${limit}. Let git ignore what is not needed, or give a smaller --root.`);
}

async function listed(repository: Repository): Promise<{ files: string[]; dependencies: string[] }> {
  const [all, ignored] = await Promise.all([listRepository(repository, '.', 'all'), ignoredFolders(repository)]);
  return { files: [...new Set(all)].toSorted(), dependencies: ignored.filter((folder) => dependencyNames.includes(path.posix.basename(folder))) };
}

async function ignoredFolders(repository: Repository): Promise<string[]> {
  const below = pathInRepository(repository, '.');
  const { stdout } = await git(repository, ['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory', '--full-name', '--', below === '' ? '.' : below]);
  const folders = stdout.split('\0').filter((entry) => entry.endsWith('/')).map((entry) => path.relative(repository.root, path.join(repository.top, entry)));
  return folders.filter((folder) => folder !== '' && !folder.startsWith('..'));
}

// Checked in or not ignored, they are installed all the same.
function inNodeModules(file: string): boolean {
  return file.split('/').includes('node_modules');
}

function nodeModulesOf(file: string): string {
  const segments = file.split('/');
  return segments.slice(0, segments.indexOf('node_modules') + 1).join('/');
}

function walk(root: string, maxFiles: number): { files: string[]; dependencies: string[] } {
  const opened = openRoot(root);
  try {
    const found = { files: [] as string[], dependencies: [] as string[] };
    const waiting: (readonly string[])[] = [[]];
    for (let next = waiting.pop(); next !== undefined && found.files.length <= maxFiles; next = waiting.pop()) waiting.push(...visit(opened, next, found));
    return { ...found, files: found.files.toSorted() };
  } finally {
    opened.close();
  }
}

function visit(root: OpenRoot, segments: readonly string[], found: { files: string[]; dependencies: string[] }): string[][] {
  const folder = openFolder(root, segments);
  if (folder === null) return [];
  try {
    const entries = readdirSync(folder.at('.'), { withFileTypes: true }).map((entry) => ({ entry, place: [...segments, entry.name] }));
    found.files.push(...entries.filter(({ entry }) => !entry.isDirectory()).map(({ place }) => place.join('/')));
    const folders = entries.filter(({ entry }) => entry.isDirectory() && !skippedNames.includes(entry.name));
    found.dependencies.push(...folders.filter(({ entry }) => dependencyNames.includes(entry.name)).map(({ place }) => place.join('/')));
    return folders.filter(({ entry }) => !dependencyNames.includes(entry.name)).map(({ place }) => place);
  } finally {
    folder.close();
  }
}
