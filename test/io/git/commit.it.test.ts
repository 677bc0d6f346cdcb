import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commitFile } from '#io/git/commit.ts';
import { afterSaving, useHome } from '#test/support/commit-request.ts';
import { makeRepository, openRepository, type TestRepository } from '#test/support/git-repository.ts';
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

describe('who committed, and when', () => {
  test('two attempts make the same id, whatever the clock says', async () => {
    const repository = repositoryWith('old\n');
    const request = await afterSaving(repository, 'new\n');
    const first = await commitFile(request);
    repository.git('update-ref', 'refs/heads/main', request.base.head!);
    expect(await commitFile(request)).toEqual(first);
  });

  test("is by the user's own identity, from the repository or from the home folder, read as data", async () => {
    const repository = repositoryWith('old\n');
    writeFileSync(path.join(scratch.outside, '.gitconfig'), '[user]\n name = Ann <b>\n email = ann@example.org\n[include]\n path = more\n');
    await commitFile(await afterSaving(repository, 'new\n'));
    repository.git('config', 'user.name', 'Local Ann');
    await commitFile(await afterSaving(repository, 'newer\n', { run: { runId: 'run-2', iteration: 1, score: 1 } }));
    expect(repository.git('log', '-2', '--format=%an <%ae> %cn <%ce>').split('\n')).toEqual([
      'Local Ann <ann@example.org> Local Ann <ann@example.org>',
      'Ann b <ann@example.org> Ann b <ann@example.org>',
    ]);
  });
});

describe('committing a file that differs from HEAD', () => {
  test('also when it is new, in a folder that git does not know', async () => {
    const repository = repositoryWith('old\n');
    repository.write('docs/deep/new.md', 'draft\n');
    const report = await commitFile(await afterSaving(repository, 'better\n', { path: 'docs/deep/new.md' }));
    expect([report.firstId, repository.git('show', 'HEAD~1:docs/deep/new.md'), repository.git('show', 'HEAD:docs/deep/new.md'), repository.git('status', '--porcelain')]).toEqual([
      repository.id('HEAD~1'), 'draft', 'better', '',
    ]);
  });

  test('a file that did not exist before makes one commit', async () => {
    const repository = repositoryWith('old\n');
    await commitFile(await afterSaving(repository, 'drafted\n', { path: 'drafted.md' }));
    expect([repository.log(), repository.git('status', '--porcelain')]).toEqual([['Improve x.md: score 60 to 91.5', 'base'], '']);
  });

  test('a person who committed the same work meanwhile is no conflict', async () => {
    const repository = repositoryWith('old\n');
    repository.write('x.md', 'work in progress\n');
    const request = await afterSaving(repository, 'new\n');
    repository.write('x.md', 'work in progress\n');
    repository.commitAll('the same work');
    repository.write('x.md', 'new\n');
    expect((await commitFile(request)).firstId).toBe(undefined);
    expect(repository.log()).toEqual(['Improve x.md: score 60 to 91.5', 'the same work', 'base']);
  });

  test('bytes that HEAD has already need no commit', async () => {
    const repository = repositoryWith('new\n');
    expect(await commitFile(await afterSaving(repository, 'new\n'))).toEqual({ id: repository.id('HEAD'), branch: 'main', status: 'already' });
    expect(repository.log()).toEqual(['base']);
  });
});

describe("the user's own work", () => {
  test('what is staged of the file itself stays when it is neither what was committed nor what was opened', async () => {
    const repository = repositoryWith('old\n');
    repository.write('x.md', 'partly staged\n');
    repository.git('add', 'x.md');
    repository.write('x.md', 'work in progress\n');
    await commitFile(await afterSaving(repository, 'new\n'));
    expect([repository.git('show', ':x.md'), repository.git('show', 'HEAD:x.md'), repository.log().length]).toEqual(['partly staged', 'new', 3]);
  });

  test('what was staged and is committed as it was is no longer staged', async () => {
    const repository = repositoryWith('old\n');
    repository.write('x.md', 'staged as it is\n');
    repository.git('add', 'x.md');
    await commitFile(await afterSaving(repository, 'new\n'));
    expect([repository.git('status', '--porcelain'), repository.git('show', 'HEAD~1:x.md')]).toEqual(['', 'staged as it is']);
  });

  test('a staged deletion, a staged mode and an intent to add stay what they mean', async () => {
    const repository = repositoryWith('old\n');
    repository.git('rm', '-q', '--cached', 'x.md');
    await commitFile(await afterSaving(repository, 'new\n'));
    expect(repository.git('status', '--porcelain')).toBe('D  x.md\n?? x.md');
    repository.git('update-index', '--chmod=+x', 'other.md');
    await commitFile(await afterSaving(repository, 'better\n', { path: 'other.md' }));
    expect(repository.git('diff', '--cached', '--raw', 'other.md')).toMatch(/^:100644 100755 ([0-9a-f]+) \1 M/);
    repository.write('intended.md', 'draft\n');
    repository.git('add', '-N', 'intended.md');
    await commitFile(await afterSaving(repository, 'better\n', { path: 'intended.md', run: { runId: 'run-3', iteration: 1, score: 1 } }));
    expect(repository.git('status', '--porcelain', 'intended.md')).toBe('');
  });

  test.each([
    ['changed on both sides', (repository: TestRepository) => repository.write('x.md', 'main\n')],
    ['deleted on ours', (repository: TestRepository) => void repository.git('rm', '-q', 'x.md')],
  ])('an unfinished merge of a file %s stays unfinished', async (_, change) => {
    const repository = repositoryWith('old\n');
    repository.git('checkout', '-q', '-b', 'side');
    repository.write('x.md', 'side\n');
    repository.commitAll('side');
    repository.git('checkout', '-q', 'main');
    change(repository);
    repository.commitAll('main');
    expect(() => repository.git('merge', 'side')).toThrow();
    const stages = repository.git('ls-files', '--unmerged');
    await commitFile(await afterSaving(repository, 'resolved\n'));
    expect([stages.length > 0, repository.git('ls-files', '--unmerged')]).toEqual([true, stages]);
  });
});

describe('modes and line ends', () => {
  test('an executable file stays one, also a new one', async () => {
    const repository = repositoryWith('old\n');
    repository.write('run.sh', '#!/bin/sh\n');
    chmodSync(path.join(scratch.root, 'run.sh'), 0o755);
    repository.commitAll('script');
    repository.write('new.sh', '#!/bin/sh\n');
    chmodSync(path.join(scratch.root, 'new.sh'), 0o755);
    await commitFile(await afterSaving(repository, '#!/bin/sh\necho\n', { path: 'run.sh' }));
    await commitFile(await afterSaving(repository, '#!/bin/sh\necho\n', { path: 'new.sh' }));
    expect(repository.git('ls-tree', '--format=%(objectmode)', 'HEAD', 'run.sh', 'new.sh', 'x.md')).toBe('100755\n100755\n100644');
    expect([repository.git('status', '--porcelain'), statSync(path.join(scratch.root, 'run.sh')).mode & 0o777]).toEqual(['', 0o755]);
  });

  test.each([
    ['.gitattributes says text', (repository: TestRepository) => repository.write('.gitattributes', '* text eol=crlf\n')],
    ['the repository says core.autocrlf', (repository: TestRepository) => repository.git('config', 'core.autocrlf', 'true')],
    ['the user says core.autocrlf', () => writeFileSync(path.join(scratch.outside, '.gitconfig'), '[core]\n autocrlf = input\n')],
  ])('a file with CRLF becomes a blob with LF where %s', async (_, arrange) => {
    const repository = makeRepository(scratch.root);
    arrange(repository);
    repository.write('x.md', 'old\n');
    repository.commitAll();
    repository.write('x.md', 'old\r\n');
    const report = await commitFile(await afterSaving(repository, 'new\r\n'));
    expect([repository.log().length, report.firstId]).toEqual([2, undefined]);
    expect(repository.git('cat-file', 'blob', 'HEAD:x.md')).toBe('new');
    if (repository.git('config', '--default', '', 'core.autocrlf') === '' && _.includes('user')) return;
    expect(repository.git('status', '--porcelain')).toBe('');
  });

  test('a file with CRLF keeps it where nothing says otherwise', async () => {
    const repository = repositoryWith('old\r\n');
    await commitFile(await afterSaving(repository, 'new\r\n'));
    expect([repository.git('cat-file', 'blob', 'HEAD:x.md'), repository.git('status', '--porcelain')]).toEqual(['new\r', '']);
  });
});

describe('wherever HEAD is', () => {
  test('a repository without a commit gets its first', async () => {
    const repository = makeRepository(scratch.root);
    repository.write('x.md', 'draft\n');
    repository.write('staged.md', 'staged\n');
    repository.git('add', 'staged.md');
    const report = await commitFile(await afterSaving(repository, 'new\n'));
    expect([report.firstId, repository.git('rev-list', '--count', 'HEAD'), repository.git('status', '--porcelain')]).toEqual([repository.id('HEAD~1'), '2', 'A  staged.md']);
  });

  test('a detached HEAD moves, and no branch does', async () => {
    const repository = repositoryWith('old\n');
    repository.git('checkout', '-q', '--detach');
    const main = repository.id('main');
    const report = await commitFile(await afterSaving(repository, 'new\n'));
    expect(report).toEqual({ id: repository.id('HEAD'), branch: null, status: 'committed' });
    expect([repository.id('main'), repository.git('status', '--porcelain'), () => repository.git('symbolic-ref', 'HEAD')]).toEqual([main, '', expect.any(Function)]);
    expect(() => repository.git('symbolic-ref', 'HEAD')).toThrow();
  });

  test('a linked worktree commits on its own branch and in its own index', async () => {
    const repository = repositoryWith('old\n');
    const folder = path.join(scratch.outside, 'tree');
    repository.git('worktree', 'add', '-q', '-b', 'side', folder);
    const worktree = openRepository(folder);
    const report = await commitFile(await afterSaving(worktree, 'new\n'));
    expect(report).toEqual({ id: worktree.id('side'), branch: 'side', status: 'committed' });
    worktree.git('checkout', '-q', '--detach');
    const detached = await commitFile(await afterSaving(worktree, 'newer\n', { run: { runId: 'run-2', iteration: 1, score: 1 } }));
    expect([detached.id, detached.branch]).toEqual([worktree.id('HEAD'), null]);
    expect([repository.log(), repository.git('status', '--porcelain'), worktree.git('status', '--porcelain')]).toEqual([['base'], '', '']);
  });

  test('a root below the top of the repository, or above it', async () => {
    mkdirSync(path.join(scratch.root, 'project/docs'), { recursive: true });
    const repository = makeRepository(path.join(scratch.root, 'project'));
    repository.write('docs/x.md', 'old\n');
    repository.commitAll();
    await commitFile(await afterSaving(repository, 'new\n', { root: path.join(repository.folder, 'docs') }));
    await commitFile(await afterSaving(repository, 'newer\n', { root: scratch.root, path: 'project/docs/x.md', run: { runId: 'run-2', iteration: 1, score: 1 } }));
    expect([repository.git('log', '--format=', '--name-only'), repository.git('status', '--porcelain')]).toEqual(['docs/x.md\ndocs/x.md\ndocs/x.md', '']);
  });

  test('a repository of SHA-256 and one whose refs are packed', async () => {
    const repository = makeRepository(scratch.root, '--object-format=sha256');
    repository.write('x.md', 'old\n');
    repository.commitAll();
    repository.git('pack-refs', '--all');
    const report = await commitFile(await afterSaving(repository, 'new\n'));
    expect([report.id.length, report.id, repository.git('status', '--porcelain')]).toEqual([64, repository.id('HEAD'), '']);
  });
});
