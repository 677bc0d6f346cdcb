import { existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '#domain/errors.ts';
import { commitFile, type CommitRequest } from '#io/git/commit.ts';
import { inspectGit } from '#io/git/inspect.ts';
import { takeLease } from '#io/lease.ts';
import { processIdentity } from '#io/process-identity.ts';
import { afterSaving, useHome } from '#test/support/commit-request.ts';
import { makeRepository, type TestRepository } from '#test/support/git-repository.ts';
import { makeScratch, type Scratch } from '#test/support/scratch.ts';

let scratch: Scratch;
let repository: TestRepository;
let restoreHome: () => void;
beforeEach(() => {
  scratch = makeScratch('conflict');
  restoreHome = useHome(scratch.outside);
  repository = makeRepository(scratch.root);
  repository.write('x.md', 'old\n');
  repository.commitAll();
});
afterEach(() => {
  restoreHome();
  scratch.remove();
});

const inGit = (name: string) => path.join(scratch.root, '.git', name);

async function codeOf(outcome: Promise<unknown>): Promise<string> {
  return outcome.then(() => 'none', (error: unknown) => (error instanceof AppError ? `${error.kind} ${error.code}` : String(error)));
}

/** Moves the branch to a commit of somebody else that was prepared before, as a push or another worktree would. */
function preparedCommit(file: string): () => void {
  repository.git('checkout', '-q', '--detach');
  repository.write(file, 'theirs\n');
  repository.git('add', file);
  repository.git('commit', '-q', '-m', 'theirs');
  const id = repository.id('HEAD');
  repository.git('checkout', '-q', 'main');
  return () => void repository.git('update-ref', 'refs/heads/main', id);
}

describe('a branch that moved', () => {
  test('without touching the file is planned anew', async () => {
    const request = await afterSaving(repository, 'new\n');
    repository.write('y.md', 'theirs\n');
    repository.git('add', 'y.md');
    repository.git('commit', '-q', '-m', 'theirs');
    const report = await commitFile(request);
    expect([report.status, repository.log(), repository.git('status', '--porcelain')]).toEqual(['committed', ['Improve x.md: score 60 to 91.5', 'theirs', 'base'], '']);
  });

  test('at the last moment is planned anew too', async () => {
    const move = preparedCommit('y.md');
    let moves = 0;
    const step = (name: string) => {
      if (name === 'commit.before-ref' && moves++ === 0) move();
    };
    const report = await commitFile(await afterSaving(repository, 'new\n', { step }));
    expect([moves, report.id, repository.log()]).toEqual([2, repository.id('main'), ['Improve x.md: score 60 to 91.5', 'theirs', 'base']]);
    expect(repository.git('show', '--name-only', '--format=', 'HEAD')).toBe('x.md');
  });

  test.each(['before', 'at the last moment'])('and touched the file %s is a Conflict; both texts are kept', async (when) => {
    const move = preparedCommit('x.md');
    const step = (name: string) => {
      if (name === 'commit.before-ref') move();
    };
    const request = await afterSaving(repository, 'new\n', when === 'before' ? {} : { step });
    if (when === 'before') move();
    expect(await codeOf(commitFile(request))).toBe('Conflict GIT_PATH_CHANGED');
    expect([repository.log(), repository.git('show', 'HEAD:x.md'), repository.read('x.md')]).toEqual([['theirs', 'base'], 'theirs', 'new\n']);
    expect(readdirSync(inGit('')).filter((name) => /koubou|lock/.test(name))).toEqual([]);
  });

  test('back to an earlier commit is planned anew', async () => {
    repository.write('y.md', 'y\n');
    repository.commitAll('second');
    const request = await afterSaving(repository, 'new\n');
    repository.git('reset', '-q', '--soft', 'HEAD~1');
    await commitFile(request);
    expect([repository.log(), repository.git('status', '--porcelain')]).toEqual([['Improve x.md: score 60 to 91.5', 'base'], 'A  y.md']);
  });
});

describe('a branch that was switched', () => {
  test.each([
    ['another branch', ['-b', 'side']],
    ['a detached HEAD', ['--detach']],
  ])('to %s is a Conflict and nothing is committed', async (_, args) => {
    const request = await afterSaving(repository, 'new\n');
    repository.git('checkout', '-q', ...args);
    expect(await codeOf(commitFile(request))).toBe('Conflict GIT_BRANCH_SWITCHED');
    expect(repository.git('rev-list', '--all', '--count')).toBe('1');
  });

  test('while the branch moves leaves the index of the other branch alone', async () => {
    repository.git('branch', 'side');
    const step = (name: string) => {
      if (name === 'commit.after-ref') repository.git('symbolic-ref', 'HEAD', 'refs/heads/side');
    };
    await commitFile(await afterSaving(repository, 'new\n', { step }));
    expect([repository.git('show', 'main:x.md'), repository.git('show', ':x.md'), repository.git('log', '--format=%s', 'side')]).toEqual(['new', 'old', 'base']);
  });
});

describe('locks', () => {
  test.each(['index.lock', 'refs/heads/main.lock'])("git-21: git's own %s makes it Unavailable and is never removed", async (lock) => {
    const request = await afterSaving(repository, 'new\n');
    writeFileSync(inGit(lock), '');
    expect(await codeOf(commitFile(request))).toBe('Unavailable GIT_LOCKED');
    expect([existsSync(inGit(lock)), repository.log(), existsSync(inGit('koubou.lock'))]).toEqual([true, ['base'], false]);
  });

  test('git-21: a lock of the index whose owner is a dead attempt of ours is taken over, a living one is not', async () => {
    const request = await afterSaving(repository, 'new\n');
    const holder = { pid: process.pid, identity: processIdentity(process.pid), host: hostname(), note: 'run 0', takenAt: '', token: 't' };
    symlinkSync(JSON.stringify(holder), inGit('index.lock'));
    expect([await codeOf(commitFile(request)), lstatSync(inGit('index.lock')).isSymbolicLink()]).toEqual(['Unavailable GIT_LOCKED', true]);
    expect(() => repository.git('add', '-A')).toThrow(/index\.lock': File exists/);
    writeLink({ ...holder, identity: 'an earlier process' });
    expect([(await commitFile(request)).status, repository.git('status', '--porcelain')]).toEqual(['committed', '']);
  });

  test('another run that commits is waited for, and said to hold the lock when it takes too long', async () => {
    const request = await afterSaving(repository, 'new\n');
    const lease = await takeLease(inGit('koubou.lock'), { waitMs: 0 });
    expect(await codeOf(commitFile({ ...request, waitMs: 50 }))).toBe('Unavailable GIT_LOCKED');
    setTimeout(() => lease.release(), 100);
    expect((await commitFile(request)).status).toBe('committed');
  });

  function writeLink(holder: object): void {
    const lock = inGit('index.lock');
    unlinkSync(lock);
    symlinkSync(JSON.stringify(holder), lock);
  }
});

describe('what is never committed', () => {
  const inspect = (file = 'x.md') => codeOf(inspectGit({ root: scratch.root, path: file }));

  test.each(['filter=lfs', 'ident', 'working-tree-encoding=UTF-16'])('a file with the attribute %s is GIT_FILTER', async (attribute) => {
    repository.write('.gitattributes', `*.md ${attribute}\n`);
    expect(await inspect()).toBe('InvalidInput GIT_FILTER');
    const why = attribute.startsWith('filter') ? 'its blob is made by a program' : 'git stores another text than the file holds';
    await expect(inspectGit({ root: scratch.root, path: 'x.md' })).rejects.toThrow(why);
    const request: CommitRequest = {
      root: scratch.root, path: 'x.md', original: null, content: new Uint8Array(), base: { branch: 'main', head: null, blob: null },
      run: { runId: 'r', iteration: 1, score: 1 }, subject: 's', at: '2026-11-21T00:00:00Z',
    };
    expect(await codeOf(commitFile(request))).toBe('InvalidInput GIT_FILTER');
  });

  test('a file that git ignores is GIT_IGNORED unless it is tracked', async () => {
    repository.write('.gitignore', 'secret*\n');
    repository.write('secret.md', 'x\n');
    expect(await inspect('secret.md')).toBe('InvalidInput GIT_IGNORED');
    expect(await inspect('secret-that-is-not-there.md')).toBe('InvalidInput GIT_IGNORED');
    repository.git('add', '-f', 'secret.md');
    expect(await inspect('secret.md')).toBe('none');
  });

  test('a repository that borrows objects is GIT_ALTERNATES', async () => {
    repository.write('.git/objects/info/alternates', `${scratch.outside}\n`);
    expect(await inspect()).toBe('InvalidInput GIT_ALTERNATES');
  });

  test('where there is no repository there is nothing to inspect, and no commit', async () => {
    mkdirSync(path.join(scratch.outside, 'plain'));
    const root = path.join(scratch.outside, 'plain');
    expect(await inspectGit({ root, path: 'x.md' })).toBe(null);
    const request = await afterSaving(repository, 'new\n');
    expect(await codeOf(commitFile({ ...request, root }))).toBe('InvalidInput GIT_NOT_A_REPOSITORY');
    expect(readFileSync(path.join(scratch.root, 'x.md'), 'utf8')).toBe('new\n');
  });
});
