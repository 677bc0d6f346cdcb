import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { summarizeError } from '#domain/errors.ts';
import { relativePath } from '#client/cli/paths.ts';
import { chooseRoot, type Root } from '#client/project-root.ts';

let top: string;
beforeAll(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'koubou-paths-')));
  mkdirSync(join(top, 'repo', '.git'), { recursive: true });
  mkdirSync(join(top, 'repo', 'src', 'deep'), { recursive: true });
  mkdirSync(join(top, 'plain', 'folder'), { recursive: true });
  mkdirSync(join(top, 'worktree'));
  writeFileSync(join(top, 'worktree', '.git'), 'gitdir: elsewhere\n');
  symlinkSync(join(top, 'repo'), join(top, 'link'));
});
afterAll(() => rmSync(top, { recursive: true, force: true }));

function refusal(read: () => unknown): string {
  try {
    return `accepted as ${JSON.stringify(read())}`;
  } catch (error) {
    const { kind, code, message } = summarizeError(error);
    return `${kind} ${code}: ${message.replaceAll(top, 'TOP')}`;
  }
}

describe('the root', () => {
  test.each([
    ['repo/src/deep', undefined, 'repo', 'repository'],
    ['repo', undefined, 'repo', 'repository'],
    ['worktree', undefined, 'worktree', 'repository'],
    ['plain/folder', undefined, 'plain/folder', 'current folder'],
    ['repo/src', '..', 'repo', '--root'],
    ['repo/src', '../../plain', 'plain', '--root'],
  ])('of someone who stands in %s with --root %s is %s', (cwd, flag, root, because) => {
    expect(chooseRoot(join(top, cwd), flag)).toEqual({ root: join(top, root), because });
  });

  test('must be a folder', () => {
    expect(refusal(() => chooseRoot(top, 'nowhere'))).toBe('InvalidInput ROOT_NOT_FOUND: --root nowhere is no folder. Name one that exists.');
  });
});

describe('a path', () => {
  const repo = (): Root => ({ root: join(top, 'repo'), because: 'repository' });

  test.each([
    ['deep/a.ts', 'repo/src', 'src/deep/a.ts'],
    ['../a.ts', 'repo/src', 'a.ts'],
    ['./a.ts', 'repo', 'a.ts'],
    ['.', 'repo', '.'],
    ['..', 'repo/src', '.'],
    ['.', 'repo/src', 'src'],
    ['src/', 'repo', 'src'],
    ['..hidden.ts', 'repo', '..hidden.ts'],
    ['~/a.ts', 'repo', '~/a.ts'],
    ['a b\u3000c.ts', 'repo', 'a b\u3000c.ts'],
  ])('%j typed in %s means %s below the root', (typed, cwd, expected) => {
    expect(relativePath(typed, join(top, cwd), repo())).toBe(expected);
  });

  test('may be absolute inside the root, also through a link to it', () => {
    expect([join(top, 'repo', 'src', 'a.ts'), join(top, 'link', 'src', 'a.ts')].map((typed) => relativePath(typed, top, repo()))).toEqual(['src/a.ts', 'src/a.ts']);
  });

  test('may be given by its real name where the root is a link', () => {
    expect(relativePath(join(top, 'repo', 'src', 'a.ts'), top, { root: join(top, 'link'), because: '--root' })).toBe('src/a.ts');
  });

  test.each([
    ['../../plain/a.ts', 'repo/src', 'InvalidInput PATH_TRAVERSAL: ../../plain/a.ts lies outside the root TOP/repo (the repository). Widen it with --root DIR.'],
    ['/etc/passwd', 'repo', 'InvalidInput PATH_ABSOLUTE: /etc/passwd lies outside the root TOP/repo (the repository). Widen it with --root DIR.'],
    ['..', 'repo', 'InvalidInput PATH_TRAVERSAL: .. lies outside the root TOP/repo (the repository). Widen it with --root DIR.'],
    ['', 'repo', 'InvalidInput PATH_EMPTY: A path is empty. Name a file or a folder.'],
  ])('%j typed in %s is refused with the root and the way out', (typed, cwd, expected) => {
    expect(refusal(() => relativePath(typed, join(top, cwd), repo()))).toBe(expected);
  });

  test('beside a root of the same beginning lies outside it', () => {
    expect(refusal(() => relativePath('../repository/a.ts', join(top, 'repo'), repo()))).toContain('PATH_TRAVERSAL');
  });
});
