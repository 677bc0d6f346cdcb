import path from 'node:path';
import { AppError } from '#domain/errors.ts';
import { kindOfPath, repositoryAround } from '#io/named-files.ts';

/** The folder that paths must stay in. */
export interface Root {
  /** Absolute. */
  readonly root: string;
  readonly because: '--root' | 'repository' | 'current folder';
}

/** Of `--root`, else the repository around the current folder, else the current folder. Fails with InvalidInput ROOT_NOT_FOUND. */
export function chooseRoot(cwd: string, rootFlag: string | undefined): Root {
  if (rootFlag === undefined) {
    const repository = repositoryAround(cwd);
    return repository === null ? { root: cwd, because: 'current folder' } : { root: repository, because: 'repository' };
  }
  const root = path.resolve(cwd, rootFlag);
  if (kindOfPath(root) !== 'folder') throw new AppError('InvalidInput', 'ROOT_NOT_FOUND', `--root ${rootFlag} is no folder. Name one that exists.`);
  return { root, because: '--root' };
}
