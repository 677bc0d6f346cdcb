import type { Artifact } from '#domain/artifact.ts';
import { AppError } from '#domain/errors.ts';
import type { SaveMode } from '#domain/request.ts';
import type { Dependencies } from './dependencies.ts';

/** Where git stands with a file, looked up only where a commit was asked for. Fails with InvalidInput GIT_NOT_A_REPOSITORY and as `inspectGit`. */
export async function gitBase({ workspace }: Dependencies, save: SaveMode, place: { readonly root: string; readonly path: string }): Promise<Pick<Artifact, 'git'>> {
  if (save !== 'commit') return {};
  const git = await workspace.inspectGit(place);
  if (git === null) throw new AppError('InvalidInput', 'GIT_NOT_A_REPOSITORY', 'Committing needs a git repository around the artifact; run git init there, or use save "write".');
  return { git: { branch: git.branch, head: git.head, blob: git.blob } };
}

/** Whether git will not have this file, for whatever reason of its own. */
export function isGitRefusal(error: unknown): error is AppError {
  return error instanceof AppError && error.kind === 'InvalidInput' && error.code.startsWith('GIT_');
}
