import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commitFile, type CommitRequest } from '#io/git/commit.ts';
import { inspectGit } from '#io/git/inspect.ts';
import { makeRepository, openRepository, type TestRepository } from '#test/support/git-repository.ts';
import { makeScratch, type Scratch } from '#test/support/scratch.ts';

const at = '2026-11-21T10:20:30.400Z';
const bytes = (text: string) => new TextEncoder().encode(text);

let scratch: Scratch;
let home: string | undefined;
beforeEach(() => {
  scratch = makeScratch('commit');
  home = process.env['HOME'];
  process.env['HOME'] = scratch.outside;
});
afterEach(() => {
  process.env['HOME'] = home;
  scratch.remove();
});

/** What a run has done before it commits: opened the file, and saved its result. */
async function afterSaving(repository: TestRepository, content: string, options: Partial<CommitRequest> = {}): Promise<CommitRequest> {
  const file = options.path ?? 'x.md';
  const root = options.root ?? repository.folder;
  const state = (await inspectGit({ root, path: file }))!;
  const original = existsSync(path.join(root, file)) ? readFileSync(path.join(root, file)) : null;
  writeFileSync(path.join(root, file), content);
  return {
    root, path: file, original, content: bytes(content), base: { branch: state.branch, head: state.head, blob: state.blob },
    run: { runId: 'run-1', iteration: 2, score: 91.5 }, subject: 'Improve x.md: score 60 to 91.5', at, ...options,
  };
}

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
    repository.git('add', '-A');
    expect(await commitFile(request)).toEqual({ ...first, status: 'already' });
    expect([repository.id('HEAD'), repository.git('status', '--porcelain'), repository.log()]).toEqual([later, '', ['a person goes on', 'Improve x.md: score 60 to 91.5', 'base']]);
  });

  test('two attempts make the same id, whatever the clock says', async () => {
    const repository = repositoryWith('old\n');
    const request = await afterSaving(repository, 'new\n');
    const first = await commitFile(request);
    repository.git('update-ref', 'refs/heads/main', request.base.head!);
    expect(await commitFile(request)).toEqual(first);
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

  test('an unfinished merge of the file stays unfinished', async () => {
    const repository = repositoryWith('old\n');
    repository.git('checkout', '-q', '-b', 'side');
    repository.write('x.md', 'side\n');
    repository.commitAll('side');
    repository.git('checkout', '-q', 'main');
    repository.write('x.md', 'main\n');
    repository.commitAll('main');
    expect(() => repository.git('merge', 'side')).toThrow();
    const stages = repository.git('ls-files', '--unmerged');
    await commitFile(await afterSaving(repository, 'resolved\n'));
    expect(repository.git('ls-files', '--unmerged')).toBe(stages);
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

function entriesBut(repository: TestRepository, file: string): string[] {
  return repository.git('ls-files', '--stage', '--debug').split(/\n(?=\d{6} )/).filter((entry) => !entry.includes(`\t${file}\n`));
}
