import { checkRevision, readHead, resolveCommit } from './refs.ts';
import type { Repository } from './repository.ts';
import { git, gitLine } from './runner.ts';

export interface DiffBase {
  /** What it was taken from, for people: `main`, `origin/main`, or what was given. */
  readonly name: string;
  /** A commit, or the empty tree in a repository without one. */
  readonly id: string;
}

/**
 * The commit that changed lines are counted from: the one given, else where HEAD and the default branch parted
 * (origin/HEAD, main, master, in this order), else HEAD.
 *
 * Fails   InvalidInput GIT_BAD_REF
 */
export async function diffBase(repository: Repository, base: string | undefined): Promise<DiffBase> {
  const { head } = await readHead(repository);
  if (base !== undefined) return { name: base, id: await resolveCommit(repository, checkRevision(base)) };
  if (head === null) return { name: 'nothing', id: await gitLine(repository, ['hash-object', '-t', 'tree', '--stdin'], { input: '' }) };
  const origin = await git(repository, ['symbolic-ref', '-q', '--short', 'refs/remotes/origin/HEAD'], { ok: [0, 1, 128] });
  const branches = [origin.stdout.trim(), 'main', 'master', 'origin/main', 'origin/master'].filter((name) => name !== '');
  for (const name of branches) {
    const ref = name.startsWith('origin/') ? `refs/remotes/${name}` : `refs/heads/${name}`;
    const { exitCode, stdout } = await git(repository, ['merge-base', ref, head], { ok: [0, 1, 128] });
    if (exitCode === 0) return { name, id: stdout.trim() };
  }
  return { name: 'HEAD', id: head };
}
