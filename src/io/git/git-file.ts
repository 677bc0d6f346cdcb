import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '#domain/errors.ts';
import { checkPath, shownPath } from '#domain/path-rule.ts';
import { endOfLineRule, type EndOfLineRule } from './end-of-line.ts';
import { findRepository, pathInRepository, type Repository } from './repository.ts';
import { git } from './runner.ts';

/** One file as its repository sees it. */
export interface GitFile {
  readonly repository: Repository;
  /** Relative to the top of the repository, with '/'. */
  readonly path: string;
  readonly endOfLine: EndOfLineRule;
}

/** What a tree or the index holds at a path. */
export interface Entry {
  /** Octal, as git writes it; may also be a link or a submodule. */
  readonly mode: string;
  readonly blob: string;
}

/**
 * Finds the repository of a file that is to be committed; null when there is none.
 *
 * Fails   InvalidInput: the path rule's codes, those of findRepository, GIT_FILTER, GIT_ALTERNATES
 */
export async function openGitFile(file: { readonly root: string; readonly path: string }): Promise<GitFile | null> {
  checkPath(file.path, {});
  const repository = await findRepository(file.root, path.posix.dirname(file.path));
  if (repository === null) return null;
  refuseAlternates(repository);
  const inside = pathInRepository(repository, file.path);
  const attributes = await readAttributes(repository, inside);
  refuseFilters(file.path, attributes);
  const text = { text: valueOf(attributes, 'text'), eol: valueOf(attributes, 'eol'), crlf: valueOf(attributes, 'crlf') };
  return { repository, path: inside, endOfLine: endOfLineRule(text, repository.settings.get('core.autocrlf')) };
}

/** What a commit holds at the file's path; null where it has nothing there. */
export async function entryInCommit(file: GitFile, commit: string | null): Promise<Entry | null> {
  if (commit === null) return null;
  const { stdout } = await git(file.repository, ['ls-tree', '-z', '--full-tree', commit, '--', file.path]);
  const [, mode, blob] = /^([0-7]{6}) (?:blob|commit) ([0-9a-f]+)\t/.exec(stdout) ?? [];
  return mode === undefined || blob === undefined || !stdout.endsWith(`\t${file.path}\0`) ? null : { mode, blob };
}

async function readAttributes(repository: Repository, file: string): Promise<ReadonlyMap<string, string>> {
  const names = ['text', 'eol', 'crlf', 'filter', 'working-tree-encoding', 'ident'];
  const { stdout } = await git(repository, ['check-attr', '-z', ...names, '--', file]);
  const fields = stdout.split('\0');
  return new Map(names.map((name, index) => [name, fields[index * 3 + 2] ?? 'unspecified']));
}

function valueOf(attributes: ReadonlyMap<string, string>, name: string): string {
  return attributes.get(name) ?? 'unspecified';
}

// Its blob is not what lies on the disk, and only running the repository's own program would tell what it is.
function refuseFilters(shown: string, attributes: ReadonlyMap<string, string>): void {
  const set = ['filter', 'working-tree-encoding', 'ident'].filter((name) => !['unspecified', 'unset'].includes(valueOf(attributes, name)));
  if (set.length === 0) return;
  throw new AppError(
    'InvalidInput',
    'GIT_FILTER',
    `${shownPath(shown)} has the git attribute ${set.join(', ')}: ${set.includes('filter') ? 'its blob is made by a program (Git LFS, for one), which is never run' : 'git stores another text than the file holds'}. Save without committing, and commit it yourself.`,
  );
}

function refuseAlternates(repository: Repository): void {
  const file = path.join(repository.commonDir, 'objects/info/alternates');
  if (!existsSync(file) || readFileSync(file, 'utf8').trim() === '') return;
  throw new AppError('InvalidInput', 'GIT_ALTERNATES', 'The repository borrows objects from another one (objects/info/alternates). Run git repack -a -d and remove that file, or clone without --shared.');
}
