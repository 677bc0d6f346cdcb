import { AppError } from '#domain/errors.ts';
import type { GitBase } from '#domain/artifact.ts';
import { shownPath } from '#domain/path-rule.ts';
import { refuseBusy } from './busy.ts';
import { entryInCommit, openGitFile, type GitFile } from './git-file.ts';
import { readHead } from './refs.ts';
import { git } from './runner.ts';

export interface GitState extends GitBase {
  /** Absolute. */
  readonly top: string;
  /** Relative to `top`, with '/'. */
  readonly pathInRepository: string;
  readonly tracked: boolean;
}

/**
 * Says where git stands with a file that is to be committed; null when no repository is around it.
 *
 * Fails   InvalidInput: those of openGitFile, GIT_BAD_REF, GIT_IGNORED, GIT_BUSY
 */
export async function inspectGit(request: { readonly root: string; readonly path: string }): Promise<GitState | null> {
  const file = await openGitFile(request);
  if (file === null) return null;
  refuseBusy(file.repository, 'InvalidInput');
  const [{ branch, head }, tracked] = await Promise.all([readHead(file.repository), isTracked(file)]);
  if (!tracked) await refuseIgnored(file);
  const entry = await entryInCommit(file, head);
  return { top: file.repository.top, pathInRepository: file.path, branch, head, blob: entry?.blob ?? null, tracked };
}

async function isTracked(file: GitFile): Promise<boolean> {
  const { stdout } = await git(file.repository, ['ls-files', '-z', '--', file.path]);
  return stdout !== '';
}

// What is ignored is often secret; git itself adds it only when forced.
async function refuseIgnored(file: GitFile): Promise<void> {
  // This one command refuses literal pathspecs; './' keeps a name from being read as anything else.
  const { exitCode } = await git(file.repository, ['check-ignore', '-q', '--', `./${file.path}`], { ok: [0, 1], env: { GIT_LITERAL_PATHSPECS: '0' } });
  if (exitCode !== 0) return;
  throw new AppError('InvalidInput', 'GIT_IGNORED', `${shownPath(file.path)} is ignored by git and not tracked. Run git add -f on it first, or save without committing.`);
}
