import { existsSync, lstatSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { AppError } from '#domain/errors.ts';
import { linkError, openRoot } from '#io/roots.ts';
import { isWithin } from '#io/within.ts';
import { badRef, checkRevision, isObjectId } from './refs.ts';
import { readSettings, type GitPlace } from './runner.ts';

export interface Repository extends GitPlace {
  /** The root's own path, links resolved. */
  readonly root: string;
  /** Every setting of the repository and the user, by its key as `git config --list` prints it. */
  readonly settings: ReadonlyMap<string, string>;
}

/**
 * Finds the repository that a folder below a root belongs to: the nearest one, which may begin below or above the root.
 *
 * A `.git` file (linked worktree, submodule) is followed only if its target says that it belongs here.
 *
 * Out     null when there is none
 * Fails   InvalidInput GIT_DIR_OUTSIDE, GIT_WORKTREE_MISMATCH, GIT_BARE, GIT_BAD_REF, PATH_SYMLINK, ROOT_NOT_FOUND
 */
export async function findRepository(root: string, folder: string): Promise<Repository | null> {
  const opened = openRoot(root);
  opened.close();
  const start = existingFolder(opened.canonical, folder);
  for (let top = start; ; top = path.dirname(top)) {
    const place = placeAt(top);
    if (place !== null) return verified(place, opened.canonical);
    if (top === path.dirname(top)) return null;
  }
}

/** A path below the root as the repository names it. */
export function pathInRepository(repository: Repository, file: string): string {
  return path.relative(repository.top, path.join(repository.root, file)).split(path.sep).join('/');
}

// The folder may still have to be made; then its nearest parent decides.
function existingFolder(canonical: string, folder: string): string {
  let place = path.join(canonical, folder);
  while (place !== canonical && !existsSync(place)) place = path.dirname(place);
  if (realpathSync(place) !== place) throw linkError(folder);
  return statSync(place).isDirectory() ? place : path.dirname(place);
}

function placeAt(top: string): GitPlace | null {
  const dotGit = path.join(top, '.git');
  const stats = lstatSync(dotGit, { throwIfNoEntry: false });
  if (stats === undefined) return null;
  if (stats.isSymbolicLink()) throw outside('.git is a symbolic link');
  if (stats.isFile()) return follow(top, dotGit);
  if (!stats.isDirectory() || !existsSync(path.join(dotGit, 'HEAD'))) return null;
  // Only a linked worktree has this file; here it would send objects and refs into another repository.
  if (existsSync(path.join(dotGit, 'commondir'))) throw outside('its .git folder has a commondir file');
  return { top, gitDir: dotGit, commonDir: dotGit };
}

function follow(top: string, dotGit: string): GitPlace {
  const named = /^gitdir: (.+)$/m.exec(readFileSync(dotGit, 'utf8'))?.[1]?.trimEnd();
  const gitDir = named === undefined ? null : realpathIfPresent(path.resolve(top, named));
  if (gitDir === null || !existsSync(path.join(gitDir, 'HEAD'))) throw outside('its .git file leads to no git directory');
  const back = readIfPresent(path.join(gitDir, 'gitdir'));
  if (back === null) return { top, gitDir, commonDir: gitDir };
  if (realpathIfPresent(path.resolve(gitDir, back)) !== dotGit) throw outside('its .git file leads to a git directory that belongs to another worktree');
  return { top, gitDir, commonDir: commonDirOf(gitDir) };
}

function commonDirOf(gitDir: string): string {
  const named = realpathIfPresent(path.resolve(gitDir, readIfPresent(path.join(gitDir, 'commondir')) ?? '.'));
  const worktrees = path.dirname(gitDir);
  if (named === path.dirname(worktrees) && path.basename(worktrees) === 'worktrees') return named;
  throw outside('its worktree does not lie in the repository it names');
}

async function verified(place: GitPlace, root: string): Promise<Repository> {
  if (isWithin(root, place.gitDir)) throw outside('the root lies inside a git directory');
  refuseLinks(place);
  checkHead(place);
  const settings = await readSettings(place, homedir());
  const worktree = settings.get('core.worktree');
  const named = worktree === undefined ? null : realpathIfPresent(path.resolve(place.gitDir, worktree));
  if (worktree !== undefined && named !== place.top) {
    throw new AppError('InvalidInput', 'GIT_WORKTREE_MISMATCH', 'The repository says (core.worktree) that its files lie elsewhere. Remove that setting or work there.');
  }
  const isOwnFolder = place.gitDir === path.join(place.top, '.git');
  const isLinkedWorktree = place.gitDir !== place.commonDir;
  // A submodule's git directory names its worktree; nothing else shows that a target without a gitdir file belongs here.
  if (!isOwnFolder && !isLinkedWorktree && named === null) throw outside('its .git file leads to a git directory that does not point back');
  if (settings.get('core.bare') === 'true' && !isLinkedWorktree) {
    throw new AppError('InvalidInput', 'GIT_BARE', 'The repository is bare: it has no working files. Review a worktree of it.');
  }
  return { ...place, root, settings };
}

// A link in here would let a commit write into another repository.
function refuseLinks(place: GitPlace): void {
  const own = ['HEAD', 'index', 'logs', 'refs'].map((name) => path.join(place.gitDir, name));
  const common = ['config', 'logs', 'objects', 'packed-refs', 'refs', 'refs/heads'].map((name) => path.join(place.commonDir, name));
  const link = [...own, ...common].find((file) => lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true);
  if (link !== undefined) throw outside(`${path.basename(link)} in its git directory is a symbolic link`);
}

// Without a proper HEAD git takes the folder for none of its own, and every command fails for a reason of its own.
function checkHead(place: GitPlace): void {
  const head = (readIfPresent(path.join(place.gitDir, 'HEAD')) ?? '').trim();
  const branch = /^ref: refs\/heads\/(.+)$/.exec(head)?.[1];
  if (branch !== undefined) checkRevision(branch);
  else if (!isObjectId(head)) throw badRef(head.replace(/^ref: /, ''));
}

function readIfPresent(file: string): string | null {
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd() : null;
}

function realpathIfPresent(file: string): string | null {
  return existsSync(file) ? realpathSync(file) : null;
}

function outside(why: string): AppError {
  return new AppError('InvalidInput', 'GIT_DIR_OUTSIDE', `The repository is refused: ${why}. Run git worktree repair, or work in an ordinary clone.`);
}
