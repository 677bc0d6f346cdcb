import { constants, copyFileSync, existsSync, renameSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '#domain/errors.ts';
import { takeLease, type Lease } from '#io/lease.ts';
import { privateIndex, removePrivateIndexes } from './commit-objects.ts';
import type { Entry, GitFile } from './git-file.ts';
import { git, lockedError } from './runner.ts';

/** Longer than git itself takes for its index, shorter than a person's patience. */
const lockWaitMs = 3_000;

/**
 * Takes git's own lock of the user's index: other git commands wait or fail as they do for each other.
 *
 * It is a lease in the place of `index.lock`, so that what a killed attempt leaves is known to be ours and is taken over;
 * a lock of git's own is never removed.
 *
 * Fails   Unavailable GIT_LOCKED
 */
export async function lockUserIndex(file: GitFile, note: string): Promise<Lease> {
  try {
    return await takeLease(`${indexOf(file)}.lock`, { waitMs: lockWaitMs, note });
  } catch (cause) {
    if (cause instanceof AppError && cause.code === 'LEASE_HELD') throw lockedError({ cause });
    throw cause;
  }
}

/**
 * Makes, in a private index, what the user's index will be once the file is committed; call `install` when it is.
 *
 * In      replaceable: what the entry may be without anything staged getting lost; null stands for no entry
 * Out     null when the user's index stays as it is: something else is staged at the path, or it is there already
 */
export async function prepareUserIndex(file: GitFile, wanted: Entry, replaceable: readonly (string | null)[]): Promise<{ install(): void } | null> {
  const index = indexOf(file);
  const staged = await stagedEntry(file);
  if (staged === 'unmerged' || staged?.blob === wanted.blob || !replaceable.includes(staged?.blob ?? null)) return null;
  removePrivateIndexes(file);
  const copy = privateIndex(file);
  if (existsSync(index)) copyFileSync(index, copy, constants.COPYFILE_EXCL);
  // A change of mode alone may be staged; it stays so.
  const mode = staged?.mode.startsWith('100') === true ? staged.mode : wanted.mode;
  await git(file.repository, ['update-index', '--add', '--cacheinfo', `${mode},${wanted.blob},${file.path}`], { env: { GIT_INDEX_FILE: copy } });
  return { install: () => renameSync(copy, index) };
}

async function stagedEntry(file: GitFile): Promise<Entry | 'unmerged' | null> {
  const { stdout } = await git(file.repository, ['ls-files', '--stage', '-z', '--full-name', '--', file.path]);
  const entries = stdout.split('\0').filter((line) => line.endsWith(`\t${file.path}`));
  const [, mode, blob, stage] = /^([0-7]{6}) ([0-9a-f]+) ([0-3])\t/.exec(entries[0] ?? '') ?? [];
  if (mode === undefined || blob === undefined) return null;
  return stage === '0' ? { mode, blob } : 'unmerged';
}

function indexOf(file: GitFile): string {
  return path.join(file.repository.gitDir, 'index');
}
