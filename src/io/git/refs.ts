import { AppError } from '#domain/errors.ts';
import { shownPath } from '#domain/path-rule.ts';
import { git, type GitPlace } from './runner.ts';

export interface Head {
  /** Null where HEAD is detached. */
  readonly branch: string | null;
  /** Commit id, null in a repository without a commit. */
  readonly head: string | null;
}

/**
 * Refuses what cannot be the name of a commit, before git sees it.
 *
 * In      a branch, tag, id, or one of these with ~n, ^n, @{…}; never a range, a path in a commit, or an option
 * Fails   InvalidInput GIT_BAD_REF
 */
export function checkRevision(revision: string): string {
  const isOption = revision === '' || revision.startsWith('-');
  if (isOption || revision.length > 255 || revision.includes('..') || /[\s:?*[\\\p{Cc}\p{Cf}\p{Cs}]/u.test(revision)) throw badRef(revision);
  return revision;
}

/** Refuses what cannot be the name of a branch, by letters first and then by git's own rules. Fails   InvalidInput GIT_BAD_REF */
export async function checkBranch(place: GitPlace, branch: string): Promise<string> {
  checkRevision(branch);
  const { exitCode, stdout } = await git(place, ['check-ref-format', '--branch', branch], { ok: [0, 1, 128] });
  if (exitCode !== 0 || stdout !== `${branch}\n`) throw badRef(branch);
  return branch;
}

/** Fails   InvalidInput GIT_BAD_REF when HEAD is neither a branch nor a commit */
export async function readHead(place: GitPlace): Promise<Head> {
  const [branch, commit] = await Promise.all([readBranch(place), git(place, ['rev-parse', '-q', '--verify', 'HEAD^{commit}'], { ok: [0, 1, 128] })]);
  const head = commit.exitCode === 0 ? commit.stdout.trim() : null;
  if (branch === null && head === null) throw badRef('HEAD');
  return { branch, head };
}

/** The branch that HEAD is on, null where it is detached. Fails   InvalidInput GIT_BAD_REF when it is on something else */
export async function readBranch(place: GitPlace): Promise<string | null> {
  const { exitCode, stdout } = await git(place, ['symbolic-ref', '-q', 'HEAD'], { ok: [0, 1, 128] });
  if (exitCode !== 0) return null;
  const ref = stdout.trim();
  if (!ref.startsWith('refs/heads/')) throw badRef(ref);
  return checkRevision(ref.slice('refs/heads/'.length));
}

/** The id of the commit a revision means. Fails   InvalidInput GIT_BAD_REF */
export async function resolveCommit(place: GitPlace, revision: string): Promise<string> {
  const { exitCode, stdout } = await git(place, ['rev-parse', '-q', '--verify', `${checkRevision(revision)}^{commit}`], { ok: [0, 1, 128] });
  if (exitCode !== 0) throw badRef(revision);
  return stdout.trim();
}

export function isObjectId(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

export function badRef(name: string): AppError {
  return new AppError('InvalidInput', 'GIT_BAD_REF', `${shownPath(name)} is not a commit or branch of the repository. Give a branch, a tag or a commit id.`);
}
