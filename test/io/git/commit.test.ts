import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commitFile } from '#io/git/commit.ts';
import { afterSaving, useHome } from '#test/support/commit-request.ts';
import { makeRepository, type TestRepository } from '#test/support/git-repository.ts';
import { makeScratch, type Scratch } from '#test/support/scratch.ts';

let scratch: Scratch;
let restoreHome: () => void;
beforeEach(() => {
  scratch = makeScratch('commit');
  restoreHome = useHome(scratch.outside);
});
afterEach(() => {
  restoreHome();
  scratch.remove();
});

function repositoryWith(content: string): TestRepository {
  const repository = makeRepository(scratch.root);
  repository.write('x.md', content);
  repository.write('other.md', 'other\n');
  repository.commitAll();
  return repository;
}

describe('committing a clean file', () => {
  test('makes exactly one commit, with trailers, the date of the run, and nothing left to do', async () => {
    const repository = repositoryWith('old\n');
    const base = repository.id('HEAD');
    const report = await commitFile(await afterSaving(repository, 'new\n'));
    expect(report).toEqual({ id: repository.id('main'), branch: 'main', status: 'committed' });
    expect(repository.git('cat-file', 'commit', 'HEAD')).toBe(
      [
        `tree ${repository.id('HEAD^{tree}')}`,
        `parent ${base}`,
        'author Koubou <koubou@localhost> 1795256430 +0000',
        'committer Koubou <koubou@localhost> 1795256430 +0000',
        '',
        'Improve x.md: score 60 to 91.5',
        '',
        'Koubou-Run: run-1',
        'Koubou-Iteration: 2',
        'Koubou-Score: 91.5',
      ].join('\n'),
    );
    expect([repository.git('status', '--porcelain'), repository.git('show', 'HEAD:x.md'), repository.git('diff', '--name-only', 'HEAD~1', 'HEAD')]).toEqual(['', 'new', 'x.md']);
    expect(readdirSync(path.join(scratch.root, '.git')).filter((name) => /koubou|lock/.test(name))).toEqual([]);
  });

  test('is the same commit again when called again, and also when the branch has gone on', async () => {
    const repository = repositoryWith('old\n');
    const request = await afterSaving(repository, 'new\n');
    const first = await commitFile(request);
    expect(await commitFile(request)).toEqual({ ...first, status: 'already' });
    repository.write('x.md', 'newer\n');
    const later = repository.commitAll('a person goes on');
    repository.write('x.md', 'old\n');
    repository.git('add', 'x.md');
    expect(await commitFile(request)).toEqual({ ...first, status: 'already' });
    expect([repository.id('HEAD'), repository.git('status', '--porcelain'), repository.log()]).toEqual([later, 'M  x.md', ['a person goes on', 'Improve x.md: score 60 to 91.5', 'base']]);
  });

  test('leaves out the score where there is none, and cuts and cleans what comes from outside (git-19)', async () => {
    const repository = repositoryWith('old\n');
    const request = await afterSaving(repository, 'new\n', {
      subject: `\u001b]0;pwn\u0007\n\nKoubou-Score: 100\n${'x'.repeat(500)}`,
      run: { runId: 'run-1\nKoubou-Score: 100', iteration: 1, score: null },
    });
    await commitFile(request);
    const [subject, blank, ...trailers] = repository.git('log', '-1', '--format=%B').trimEnd().split('\n');
    expect([subject, blank, trailers]).toEqual([`]0;pwn Koubou-Score: 100 ${'x'.repeat(46)}…`, '', ['Koubou-Run: run-1 Koubou-Score: 100', 'Koubou-Iteration: 1']]);
    expect((await commitFile(request)).status).toBe('already');
  });
});

describe('committing a file that differs from HEAD', () => {
  test('commits it first as it was, then the result, once', async () => {
    const repository = repositoryWith('old\n');
    repository.write('x.md', 'work in progress\n');
    const request = await afterSaving(repository, 'new\n');
    const report = await commitFile(request);
    expect(report).toEqual({ id: repository.id('HEAD'), branch: 'main', status: 'committed', firstId: repository.id('HEAD~1') });
    expect(repository.git('log', '-2', '--format=%s|%(trailers:separator=%x2C)').split('\n')).toEqual([
      'Improve x.md: score 60 to 91.5|Koubou-Run: run-1,Koubou-Iteration: 2,Koubou-Score: 91.5',
      'Keep x.md as it was|Koubou-Run: run-1,Koubou-Iteration: 0',
    ]);
    expect([repository.git('show', 'HEAD~1:x.md'), repository.git('show', 'HEAD:x.md'), repository.git('status', '--porcelain')]).toEqual(['work in progress', 'new', '']);
    expect(await commitFile(request)).toEqual({ ...report, status: 'already' });
  });
});

describe("the user's own work", () => {
  test('staged, unstaged and untracked, stays byte for byte', async () => {
    const repository = repositoryWith('old\n');
    repository.write('staged.md', 'staged\n');
    repository.git('add', 'staged.md');
    repository.write('staged.md', 'staged, then changed\n');
    repository.write('other.md', 'changed\n');
    repository.write('untracked.md', 'untracked\n');
    repository.git('rm', '-q', '--cached', 'other.md');
    const [status, index] = [repository.git('status', '--porcelain'), entriesBut(repository, 'x.md')];
    await commitFile(await afterSaving(repository, 'new\n'));
    expect([repository.git('status', '--porcelain'), entriesBut(repository, 'x.md')]).toEqual([status, index]);
    expect(repository.git('show', '--stat', '--format=', 'HEAD')).toMatch(/^ x\.md \| 2 \+-\n 1 file changed/);
  });
});

function entriesBut(repository: TestRepository, file: string): string[] {
  return repository.git('ls-files', '--stage', '--debug').split(/\n(?=\d{6} )/).filter((entry) => !entry.includes(`\t${file}\n`));
}
