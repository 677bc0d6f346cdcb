import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '#domain/errors.ts';
import { changedSince, listCandidates } from '#io/git/candidates.ts';
import { commitFile } from '#io/git/commit.ts';
import { inspectGit } from '#io/git/inspect.ts';
import { attack } from '#test/support/attacks.ts';
import { afterSaving, useHome } from '#test/support/commit-request.ts';
import { makeRepository, openRepository, type TestRepository } from '#test/support/git-repository.ts';
import { makeScratch, type Scratch } from '#test/support/scratch.ts';

let scratch: Scratch;
let repository: TestRepository;
let evil: string;
let restoreHome: () => void;
beforeEach(() => {
  scratch = makeScratch('attack');
  restoreHome = useHome(path.join(scratch.outside, 'home'));
  repository = makeRepository(scratch.root);
  repository.write('x.md', 'old\n');
  repository.write('y.md', 'y\n');
  repository.commitAll();
  evil = path.join(scratch.outside, 'evil.sh');
  writeFileSync(evil, `#!/bin/sh\necho "$0 $*" >> ${path.join(scratch.outside, 'ran')}\ncat\n`);
  chmodSync(evil, 0o755);
});
afterEach(() => {
  restoreHome();
  scratch.remove();
});

/** Everything that a review does with git, with other files changed and unread. */
async function review(): Promise<void> {
  repository.write('y.md', 'y changed\n');
  repository.write('z.md', 'untracked\n');
  await listCandidates({ root: scratch.root, directory: '.' });
  await changedSince({ root: scratch.root });
  await commitFile(await afterSaving(repository, 'new\n'));
}

function configure(settings: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(settings)) repository.git('config', key, value.replaceAll('{OUT}', scratch.outside));
}

const hooks = ['applypatch-msg', 'pre-applypatch', 'post-applypatch', 'pre-merge-commit', 'pre-rebase', 'post-checkout', 'post-merge', 'pre-push', 'post-rewrite', 'fsmonitor-watchman', 'update', 'pre-receive', 'post-receive', 'post-update'];

function plantHooks(folder: string, names: readonly string[]): void {
  mkdirSync(folder, { recursive: true });
  for (const name of names) cpSync(evil, path.join(folder, name));
}

const configOf = (id: string) => (attack(id).input as { config: Record<string, string> }).config;

describe('a program that the repository names never runs:', () => {
  const plants: [string, () => void][] = [
    ['git-07: core.fsmonitor', () => configure(configOf('git-07'))],
    ['git-09: hooks', () => plantHooks(path.join(scratch.root, '.git/hooks'), [...(attack('git-09').input as { hooks: string[] }).hooks, ...hooks])],
    ['hooks in a folder of its own', () => {
      plantHooks(path.join(scratch.outside, 'hooks'), ['pre-commit', 'post-index-change', 'reference-transaction']);
      configure({ 'core.hooksPath': '{OUT}/hooks' });
    }],
    ['git-11: signing', () => configure({ ...configOf('git-11'), 'log.showSignature': 'true', 'gpg.ssh.program': '{OUT}/evil.sh', 'gpg.format': 'ssh', 'user.signingKey': 'x' })],
    ['git-13: external diff and textconv', () => {
      configure({ ...configOf('git-13'), 'diff.evil.command': '{OUT}/evil.sh', 'diff.evil.cachetextconv': 'true' });
      repository.write('.gitattributes', '* diff=evil\n');
    }],
    ['clean, smudge and process filters of other files', () => {
      configure({ 'filter.evil.clean': '{OUT}/evil.sh', 'filter.evil.smudge': '{OUT}/evil.sh', 'filter.a=b.c.process': '{OUT}/evil.sh', 'filter.a=b.c.required': 'true', 'filter.evil.required': 'true' });
      repository.write('.gitattributes', 'y.md filter=evil\nz.md filter=a=b.c\n');
    }],
    ['settings that are included', () => {
      repository.write('.git/more', `[core]\n fsmonitor = ${evil}\n hooksPath = ${scratch.outside}\n[filter "late"]\n clean = ${evil}\n`);
      configure({ 'include.path': 'more' });
      repository.write('.gitattributes', 'y.md filter=late\n');
    }],
    ['editors, pagers, helpers, aliases and transports', () => configure({
      'core.editor': '{OUT}/evil.sh', 'core.pager': '{OUT}/evil.sh', 'pager.log': '{OUT}/evil.sh', 'core.askPass': '{OUT}/evil.sh', 'credential.helper': '{OUT}/evil.sh', 'core.sshCommand': '{OUT}/evil.sh',
      'alias.ls-files': '!{OUT}/evil.sh', 'trailer.koubou-run.command': '{OUT}/evil.sh', 'core.alternateRefsCommand': '{OUT}/evil.sh', 'merge.evil.driver': '{OUT}/evil.sh', 'sequence.editor': '{OUT}/evil.sh',
    })],
  ];

  test.each(plants)('%s', async (_, plant) => {
    plant();
    await review();
    expect([existsSync(path.join(scratch.outside, 'ran')), repository.git('cat-file', 'blob', 'main:x.md')]).toEqual([false, 'new']);
    expect(repository.git('cat-file', 'commit', 'main')).not.toMatch(/^gpgsig/m);
  });

  test('a remote that would be asked for missing objects', async () => {
    configure({ 'core.repositoryFormatVersion': '1', 'extensions.partialClone': 'origin', 'remote.origin.promisor': 'true', 'remote.origin.url': 'ext::{OUT}/evil.sh', 'protocol.ext.allow': 'always' });
    writeFileSync(evil, `#!/bin/sh\ntouch ${path.join(scratch.outside, 'ran')}\nexit 1\n`);
    const blob = repository.id('HEAD:y.md');
    rmSync(path.join(scratch.root, '.git/objects', blob.slice(0, 2), blob.slice(2)));
    repository.write('y.md', 'y changed\n');
    expect(await codeOf(changedSince({ root: scratch.root }))).toBe('GIT_FAILED');
    await commitFile(await afterSaving(repository, 'new\n'));
    expect([existsSync(path.join(scratch.outside, 'ran')), repository.log().length]).toEqual([false, 2]);
    expect(() => repository.git('diff', 'HEAD')).toThrow();
    expect(existsSync(path.join(scratch.outside, 'ran'))).toBe(true);
  });

  test('the program that verifies a signed commit, which was put there with our trailers', async () => {
    configure({ 'log.showSignature': 'true', 'gpg.program': '{OUT}/evil.sh' });
    const request = await afterSaving(repository, 'new\n');
    const [tree, parent] = [repository.id('HEAD^{tree}'), repository.id('HEAD')];
    repository.write('.git/signed', `tree ${tree}\nparent ${parent}\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\ns\n\nKoubou-Run: run-1\n`);
    repository.git('update-ref', 'refs/heads/main', repository.git('hash-object', '-t', 'commit', '-w', '.git/signed'));
    await commitFile(request);
    expect([existsSync(path.join(scratch.outside, 'ran')), repository.git('rev-list', '--count', 'main')]).toEqual([false, '3']);
    repository.git('log', '-2');
    expect(existsSync(path.join(scratch.outside, 'ran'))).toBe(true);
  });

  test('this very program does run under ordinary git, so that the tests above can fail', () => {
    configure({ 'core.fsmonitor': '{OUT}/evil.sh' });
    repository.git('status');
    expect(existsSync(path.join(scratch.outside, 'ran'))).toBe(true);
  });

  test('a settings file in the home folder is read, but nothing it names runs either', async () => {
    mkdirSync(path.join(scratch.outside, 'home'));
    writeFileSync(path.join(scratch.outside, 'home/.gitconfig'), `[core]\n fsmonitor = ${evil}\n hooksPath = ${scratch.outside}\n[diff]\n external = ${evil}\n[user]\n name = Ann\n email = a@b\n[commit]\n gpgSign = true\n[gpg]\n program = ${evil}\n`);
    await review();
    expect([existsSync(path.join(scratch.outside, 'ran')), repository.git('log', '-1', '--format=%an')]).toEqual([false, 'Ann']);
  });
});

describe('a repository that means another one is refused:', () => {
  const inspect = () => codeOf(inspectGit({ root: scratch.root, path: 'x.md' }));
  const victim = () => {
    const folder = path.join(scratch.outside, 'victim');
    const other = makeRepository(folder);
    other.write('x.md', 'theirs\n');
    other.commitAll();
    return other;
  };
  const replaceGitBy = (text: string) => {
    rmSync(path.join(scratch.root, '.git'), { recursive: true });
    writeFileSync(path.join(scratch.root, '.git'), text);
  };

  test('git-15: a .git file that leads to the repository of somebody else', async () => {
    const other = victim();
    replaceGitBy(`gitdir: ${other.folder}/.git\n`);
    expect(await inspect()).toBe('GIT_DIR_OUTSIDE');
    expect(other.log()).toEqual(['base']);
  });

  test('git-15: a .git file that leads to a worktree or submodule of somebody else', async () => {
    const other = victim();
    other.git('worktree', 'add', '-q', path.join(scratch.outside, 'tree'));
    replaceGitBy(`gitdir: ${other.folder}/.git/worktrees/tree\n`);
    expect(await inspect()).toBe('GIT_DIR_OUTSIDE');
    other.git('config', 'core.worktree', scratch.outside);
    replaceGitBy(`gitdir: ${other.folder}/.git\n`);
    expect(await inspect()).toBe('GIT_WORKTREE_MISMATCH');
  });

  test.each(['', 'gitdir: ', 'gitdir: /nonexistent', 'nonsense', 'gitdir: .'])('a .git file with %j', async (text) => {
    replaceGitBy(`${text}\n`);
    expect(await inspect()).toBe('GIT_DIR_OUTSIDE');
  });

  test('a worktree whose objects would go into another repository', async () => {
    const other = victim();
    const fake = path.join(scratch.outside, 'fake/worktrees/tree');
    mkdirSync(fake, { recursive: true });
    writeFileSync(path.join(fake, 'gitdir'), `${scratch.root}/.git\n`);
    writeFileSync(path.join(fake, 'commondir'), `${other.folder}/.git\n`);
    writeFileSync(path.join(fake, 'HEAD'), 'ref: refs/heads/main\n');
    replaceGitBy(`gitdir: ${fake}\n`);
    expect(await inspect()).toBe('GIT_DIR_OUTSIDE');
    expect(other.log()).toEqual(['base']);
  });

  test.each(['objects', 'refs', 'HEAD', 'index', 'refs/heads', 'config'])('a git directory in which %s is a link', async (name) => {
    const other = victim();
    const place = path.join(scratch.root, '.git', name);
    renameSync(place, `${place}-own`);
    symlinkSync(path.join(other.folder, '.git', name), place);
    expect(await inspect()).toBe('GIT_DIR_OUTSIDE');
  });

  test('a .git that is a link, or has a commondir file', async () => {
    writeFileSync(path.join(scratch.root, '.git/commondir'), `${victim().folder}/.git\n`);
    expect(await inspect()).toBe('GIT_DIR_OUTSIDE');
    rmSync(path.join(scratch.root, '.git'), { recursive: true });
    symlinkSync(path.join(scratch.outside, 'victim/.git'), path.join(scratch.root, '.git'));
    expect(await inspect()).toBe('GIT_DIR_OUTSIDE');
  });

  test('git-17: core.worktree elsewhere, also when it is included', async () => {
    configure(configOf('git-17'));
    expect(await inspect()).toBe('GIT_WORKTREE_MISMATCH');
    repository.write('.git/config', '[core]\n repositoryformatversion = 0\n[include]\n path = more\n');
    repository.write('.git/more', '[core]\n worktree = ..\n');
    expect(await inspect()).toBe('none');
    repository.write('.git/more', '[core]\n worktree = /\n');
    expect(await inspect()).toBe('GIT_WORKTREE_MISMATCH');
  });

  test('a bare one, a HEAD that is no branch, and a root inside a git directory', async () => {
    configure({ 'core.bare': 'true' });
    expect(await inspect()).toBe('GIT_BARE');
    configure({ 'core.bare': 'false' });
    for (const head of ['ref: refs/heads/../../config', 'ref: refs/remotes/x', 'ref: config', 'nonsense']) {
      repository.write('.git/HEAD', `${head}\n`);
      expect(await inspect()).toBe('GIT_BAD_REF');
    }
    expect(await codeOf(inspectGit({ root: path.join(scratch.root, '.git/refs'), path: 'x.md' }))).toBe('GIT_DIR_OUTSIDE');
  });

  test('a submodule is its own repository, and belongs to its folder', async () => {
    const other = victim();
    repository.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', other.folder, 'sub');
    repository.commitAll('with submodule');
    const sub = openRepository(path.join(scratch.root, 'sub'));
    const report = await commitFile(await afterSaving(repository, 'better\n', { path: 'sub/x.md' }));
    expect([report.id, sub.log().length, sub.git('status', '--porcelain'), repository.git('status', '--porcelain')]).toEqual([sub.id('HEAD'), 2, '', ' M sub']);
    renameSync(path.join(scratch.root, 'sub'), path.join(scratch.root, 'moved'));
    expect(await codeOf(inspectGit({ root: scratch.root, path: 'moved/x.md' }))).toBe('GIT_WORKTREE_MISMATCH');
  });
});

test('replaced objects are seen as they are', async () => {
  const [head, blob] = [repository.id('HEAD'), repository.id('HEAD:x.md')];
  repository.git('checkout', '-q', '--orphan', 'other');
  repository.write('x.md', 'replaced\n');
  const other = repository.commitAll('other');
  repository.git('checkout', '-q', 'main');
  repository.git('replace', head, other);
  expect(repository.id('HEAD:x.md')).not.toBe(blob);
  expect(await inspectGit({ root: scratch.root, path: 'x.md' })).toMatchObject({ head, blob });
});

test('a name that git could read as an option, a pattern or a magic word is a name', async () => {
  for (const name of ['*.md', '[x].md', '(top)x.md', '!x.md', "it's.md", '工房.md', 'a b.md', '"q".md']) {
    const request = await afterSaving(repository, 'new\n', { path: name, run: { runId: name, iteration: 1, score: 1 } });
    await commitFile(request);
    expect(repository.git('-c', 'core.quotePath=false', 'show', '-z', '--name-only', '--format=', 'HEAD')).toBe(`${name}\0`);
  }
  expect([repository.git('status', '--porcelain'), readdirSync(scratch.outside)]).toEqual(['', ['evil.sh']]);
});

async function codeOf(outcome: Promise<unknown>): Promise<string> {
  return outcome.then(() => 'none', (error: unknown) => (error instanceof AppError ? error.code : String(error)));
}
