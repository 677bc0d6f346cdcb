import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { summarizeError } from '#domain/errors.ts';
import { commitFile } from '#io/git/commit.ts';
import { inspectGit } from '#io/git/inspect.ts';
import { afterSaving, useHome } from '#test/support/commit-request.ts';
import { makeRepository, type TestRepository } from '#test/support/git-repository.ts';
import { makeScratch, type Scratch } from '#test/support/scratch.ts';

let scratch: Scratch;
let restoreHome: () => void;
let repository: TestRepository;
beforeEach(() => {
  scratch = makeScratch('busy');
  restoreHome = useHome(scratch.outside);
  repository = makeRepository(scratch.root);
  repository.write('x.md', 'old\n');
  repository.write('both.md', 'base\n');
  repository.commitAll();
  repository.git('branch', 'side');
  repository.write('both.md', 'mine\n');
  repository.commitAll('mine');
  repository.git('checkout', '-q', 'side');
  repository.write('both.md', 'theirs\n');
  repository.commitAll('theirs');
  repository.git('checkout', '-q', 'main');
});
afterEach(() => {
  restoreHome();
  scratch.remove();
});

const attempt = (...args: string[]): void => {
  try {
    repository.git(...args);
  } catch {
    // It stops at the conflict, which is what the test is about.
  }
};

const refusal = (act: Promise<unknown>): Promise<string> => act.then(() => 'none', (error: unknown) => `${summarizeError(error).kind} ${summarizeError(error).message}`);
const mailbox = (): void => {
  writeFileSync(path.join(scratch.outside, 'patch'), repository.git('format-patch', '--stdout', '-1', 'side'));
  attempt('am', path.join(scratch.outside, 'patch'));
};

const works: readonly (readonly [work: string, ending: string, begin: () => void])[] = [
  ['a rebase', 'git rebase --continue or --abort', () => attempt('rebase', '-q', 'side')],
  ['a rebase', 'git rebase --continue or --abort', () => attempt('rebase', '-q', '--apply', 'side')],
  ['git am', 'git am --continue or --abort', mailbox],
  ['a cherry-pick', 'git cherry-pick --continue or --abort', () => attempt('cherry-pick', 'side')],
  ['a revert', 'git revert --continue or --abort', () => attempt('revert', '--no-edit', 'side')],
  ['a bisection', 'git bisect reset', () => void repository.git('bisect', 'start', 'HEAD', 'HEAD~1')],
];

describe('in the middle of', () => {
  test.each(works)('%s (%s) nothing is committed: refused at first, a conflict later', async (work, ending, begin) => {
    const request = await afterSaving(repository, 'new\n');
    repository.git('checkout', '--', 'x.md');
    begin();
    repository.write('x.md', 'new\n');
    const [head, told] = [repository.id('HEAD'), `The repository is in the middle of ${work}. End it first (${ending}), or save without committing.`];
    expect(await refusal(inspectGit({ root: scratch.root, path: 'x.md' }))).toBe(`InvalidInput ${told}`);
    expect(await refusal(commitFile(request))).toBe(`Conflict ${told}`);
    expect([repository.id('HEAD'), repository.read('x.md')]).toEqual([head, 'new\n']);
  });

  test('a merge a file is committed, and the merge goes on', async () => {
    attempt('merge', '-q', 'side');
    const { status, branch } = await commitFile(await afterSaving(repository, 'new\n'));
    expect([status, branch, repository.id('MERGE_HEAD')]).toEqual(['committed', 'main', repository.id('side')]);
  });

  test('nothing any more, once git is done with it', async () => {
    attempt('rebase', '-q', 'side');
    repository.git('rebase', '--abort');
    expect((await commitFile(await afterSaving(repository, 'new\n'))).status).toBe('committed');
  });

  test('nothing, on a detached HEAD a file is committed on no branch', async () => {
    repository.git('checkout', '-q', '--detach');
    expect(await commitFile(await afterSaving(repository, 'new\n'))).toEqual({ id: repository.id('HEAD'), branch: null, status: 'committed' });
  });

  test('a bisection that a commit came before, the same call again finds its commit', async () => {
    const request = await afterSaving(repository, 'new\n');
    const first = await commitFile(request);
    repository.git('bisect', 'start');
    expect(await commitFile(request)).toEqual({ ...first, status: 'already' });
  });
});
