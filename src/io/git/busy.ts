import { existsSync } from 'node:fs';
import path from 'node:path';
import { AppError, type ErrorKind } from '#domain/errors.ts';
import type { GitPlace } from './runner.ts';

// The first that is there counts: a rebase that stopped at a pick leaves CHERRY_PICK_HEAD too.
const marks: readonly (readonly [file: string, work: string, ending: string])[] = [
  ['rebase-apply/applying', 'git am', 'git am --continue or --abort'],
  ['rebase-apply', 'a rebase', 'git rebase --continue or --abort'],
  ['rebase-merge', 'a rebase', 'git rebase --continue or --abort'],
  ['CHERRY_PICK_HEAD', 'a cherry-pick', 'git cherry-pick --continue or --abort'],
  ['REVERT_HEAD', 'a revert', 'git revert --continue or --abort'],
  ['sequencer', 'a cherry-pick or revert', 'git cherry-pick --continue or --abort'],
  ['BISECT_LOG', 'a bisection', 'git bisect reset'],
];

/**
 * Refuses to commit into work of git that has HEAD somewhere for a while: the commit would become a part of it, or be lost
 * with its end. A merge does not move HEAD before its own commit, so it hinders nothing.
 *
 * Fails   GIT_BUSY of the given kind
 */
export function refuseBusy({ gitDir }: GitPlace, kind: ErrorKind): void {
  const found = marks.find(([file]) => existsSync(path.join(gitDir, file)));
  if (found === undefined) return;
  const [, work, ending] = found;
  throw new AppError(kind, 'GIT_BUSY', `The repository is in the middle of ${work}. End it first (${ending}), or save without committing.`);
}
