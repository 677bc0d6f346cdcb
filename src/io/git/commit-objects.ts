import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '#domain/errors.ts';
import { toBlob } from './end-of-line.ts';
import type { GitFile } from './git-file.ts';
import type { IdentityEnvironment } from './identity.ts';
import { isObjectId } from './refs.ts';
import { git, gitLine } from './runner.ts';

/** Writes the bytes as the blob that `git add` would make of them, over the one that is committed, and returns its id. */
export async function writeBlob(file: GitFile, content: Uint8Array, committed: string | null): Promise<string> {
  const before = file.endOfLine === 'auto' && committed !== null ? (await git(file.repository, ['cat-file', 'blob', committed])).stdoutBytes : null;
  return gitLine(file.repository, ['hash-object', '-w', '--no-filters', '--stdin'], { input: toBlob(content, file.endOfLine, before) });
}

export interface NewCommit {
  readonly blob: string;
  /** 100644 or 100755. */
  readonly mode: string;
  readonly message: string;
}

/**
 * Writes commits one upon the other, each changing only the file's own path, and returns their ids; no ref moves.
 *
 * The trees are made in an index of our own, so that the user's is not even read.
 */
export async function writeCommits(file: GitFile, parent: string | null, plan: { readonly commits: readonly NewCommit[]; readonly identity: IdentityEnvironment }): Promise<string[]> {
  const index = privateIndex(file);
  const env = { GIT_INDEX_FILE: index };
  const settings = ['core.splitIndex=false'];
  const ids: string[] = [];
  try {
    await git(file.repository, parent === null ? ['read-tree', '--empty'] : ['read-tree', parent], { env, settings });
    for (const { blob, mode, message } of plan.commits) {
      await git(file.repository, ['update-index', '--add', '--cacheinfo', `${mode},${blob},${file.path}`], { env, settings });
      const tree = await gitLine(file.repository, ['write-tree', '--missing-ok'], { env, settings });
      const base = ids.at(-1) ?? parent;
      const args = ['commit-tree', tree, ...(base === null ? [] : ['-p', base]), '-F', '-'];
      ids.push(checkedId(await gitLine(file.repository, args, { input: message, env: plan.identity })));
    }
    return ids;
  } finally {
    removePrivateIndexes(file);
  }
}

/** An index in the git directory that only the holder of the repository's lease uses. */
export function privateIndex(file: GitFile): string {
  return path.join(file.repository.gitDir, `${prefix}${process.pid}`);
}

/** Removes what we, or an attempt that was killed, left; whoever holds the lease may, since nobody else is at work. */
export function removePrivateIndexes(file: GitFile): void {
  for (const name of readdirSync(file.repository.gitDir)) {
    if (name.startsWith(prefix)) rmSync(path.join(file.repository.gitDir, name), { force: true });
  }
}

const prefix = 'koubou-index-';

function checkedId(id: string): string {
  if (isObjectId(id)) return id;
  throw new AppError('Bug', 'GIT_UNEXPECTED', 'git commit-tree printed something else than an object id.');
}
