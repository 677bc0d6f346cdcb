import { chmodSync, linkSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { copyTree } from '#io/checks/copy-tree.ts';
import { linkPackages } from '#io/checks/link-dependencies.ts';
import { listTree } from '#io/checks/tree-listing.ts';
import { makeRepository } from '#test/support/git-repository.ts';
import { makeScratch, type Scratch } from '#test/support/scratch.ts';

let scratch: Scratch;
let to: string;
beforeEach(() => {
  scratch = makeScratch('copy-tree');
  to = path.join(scratch.outside, 'tree');
  mkdirSync(to);
});
afterEach(() => scratch.remove());

const copy = (files: readonly string[], more: Partial<Parameters<typeof copyTree>[0]> = {}): Promise<void> =>
  copyTree({ root: scratch.root, files, to, rules: {}, maxBytes: 1_000_000, signal: new AbortController().signal, ...more });
const copied = (): string[] => readdirSync(to, { recursive: true }).map(String).toSorted();

describe('a copy of a working tree', () => {
  test('has the files with their bytes and modes, and no others', async () => {
    const bytes = Uint8Array.from({ length: 300 }, (_, n) => n % 256);
    scratch.put('a/b/data.bin', bytes);
    chmodSync(scratch.put('run.sh', '#!/bin/sh\n'), 0o755);
    chmodSync(scratch.put('read-only.txt', 'x'), 0o444);
    scratch.put('not-listed.txt', 'x');
    await copy(['a/b/data.bin', 'run.sh', 'read-only.txt', 'deleted.txt', 'gone/deleted.txt']);
    expect(copied()).toEqual(['a', 'a/b', 'a/b/data.bin', 'read-only.txt', 'run.sh']);
    expect(new Uint8Array(readFileSync(path.join(to, 'a/b/data.bin')))).toEqual(bytes);
    expect(['run.sh', 'read-only.txt'].map((file) => statSync(path.join(to, file)).mode & 0o777)).toEqual([0o755, 0o644]);
  });

  test('keeps links that stay inside, and leaves out what leads out or may', async () => {
    scratch.put('src/a.txt', 'a');
    scratch.put('deep/er/b.txt', 'b');
    const links: Record<string, string> = {
      'file': 'src/a.txt', 'src/up': '../deep/er/b.txt', 'folder': 'deep', 'deep/back': '..', 'later': 'not/there/yet', 'dot': './src/./a.txt',
      'out': '..', 'far': '../../etc/passwd', 'absolute': '/etc/passwd', 'own': path.join(scratch.root, 'src/a.txt'), 'deep/out': '../../outside', 'deep/er/up': '../..', 'winding': 'deep/er/up/../outside', 'hidden': '.git/../../outside', 'deep/back2': '../folder/../..',
    };
    for (const [file, target] of Object.entries(links)) symlinkSync(target, path.join(scratch.root, file));
    await copy(['src/a.txt', 'deep/er/b.txt', ...Object.keys(links)]);
    const kept = Object.keys(links).filter((file) => lstatSync(path.join(to, file), { throwIfNoEntry: false })?.isSymbolicLink()).toSorted();
    expect(kept).toEqual(['deep/back', 'deep/er/up', 'dot', 'file', 'folder', 'later', 'src/up']);
    expect(kept.map((file) => readlinkSync(path.join(to, file)))).toEqual(['..', '../..', './src/./a.txt', 'src/a.txt', 'deep', 'not/there/yet', '../deep/er/b.txt']);
    expect(readFileSync(path.join(to, 'folder/er/b.txt'), 'utf8')).toBe('b');
  });

  test('reads nothing through a folder that is a link by now', async () => {
    writeFileSync(path.join(scratch.outside, 'secret.txt'), 'secret');
    symlinkSync(scratch.outside, path.join(scratch.root, 'src'));
    await copy(['src/secret.txt', 'src/deeper/x.txt']);
    expect(copied()).toEqual([]);
  });

  test('leaves out files with a second name, devices, and what the settings forbid', async () => {
    writeFileSync(path.join(scratch.outside, 'secret.txt'), 'secret');
    linkSync(path.join(scratch.outside, 'secret.txt'), path.join(scratch.root, 'hard.txt'));
    for (const file of ['keys/prod.pem', 'a.txt', '.git/config', 'CON.txt', '-rf']) scratch.put(file, 'x');
    await copy(['hard.txt', 'keys/prod.pem', 'a.txt', '.git/config', 'CON.txt', '-rf'], { rules: { forbidden: ['keys'] } });
    expect(copied()).toEqual(['-rf', 'CON.txt', 'a.txt']);
  });

  test('is refused where it would be too large', async () => {
    scratch.put('a.bin', new Uint8Array(600_000));
    scratch.put('b.bin', new Uint8Array(600_000));
    await expect(copy(['a.bin', 'b.bin'])).rejects.toMatchObject({ kind: 'Misconfigured', code: 'CHECK_TREE_TOO_LARGE', message: expect.stringContaining('more than 1 MB') });
    for (let n = 0; n < 12; n += 1) scratch.put(`many/${n}.txt`, '');
    await expect(listTree(scratch.root, 10)).rejects.toMatchObject({ code: 'CHECK_TREE_TOO_LARGE', message: expect.stringContaining('more than 10 files') });
  });

  test('stops when it is cancelled', async () => {
    scratch.put('a.txt', 'a');
    await expect(copy(['a.txt'], { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });
});

describe('the listing of a working tree', () => {
  const put = (...files: string[]): void => files.forEach((file) => void scratch.put(file, 'x'));

  test('in a repository: what git tracks or does not ignore, and where packages are installed', async () => {
    const repository = makeRepository(scratch.root);
    scratch.put('.gitignore', 'node_modules\n.venv/\nout/\n.env\nvendor/\n');
    put('src/a.ts', 'packages/p/b.ts', 'node_modules/x/index.js', 'packages/p/node_modules/y/index.js', '.venv/bin/python', 'out/a.js', '.env');
    repository.commitAll();
    put('new.ts', 'vendor/autoload.php');
    expect(await listTree(scratch.root, 100)).toEqual({ files: ['.gitignore', 'new.ts', 'packages/p/b.ts', 'src/a.ts'], dependencies: ['.venv', 'node_modules', 'packages/p/node_modules', 'vendor'] });
    expect(await listTree(path.join(scratch.root, 'packages'), 100)).toEqual({ files: ['p/b.ts'], dependencies: ['p/node_modules'] });
  });

  test('in a repository that forgot to ignore them: packages are no text', async () => {
    makeRepository(scratch.root);
    put('a.ts', 'node_modules/x/index.js', 'node_modules/x/node_modules/y/index.js');
    expect(await listTree(scratch.root, 100)).toEqual({ files: ['a.ts'], dependencies: ['node_modules'] });
  });

  test('without a repository: everything but caches and packages', async () => {
    put('a.ts', '.hidden/b', '.eslintrc', 'node_modules/x/index.js', 'p/node_modules/y/i.js', '__pycache__/a.pyc', 'target/debug/x', 'venv/bin/python');
    expect(await listTree(scratch.root, 100)).toEqual({ files: ['.eslintrc', '.hidden/b', 'a.ts'], dependencies: ['node_modules', 'p/node_modules', 'venv'] });
  });
});

test('Linked packages are found where the check sees them, those of the repository in the copy; caches are left behind', () => {
  for (const file of ['node_modules/x/index.js', 'node_modules/@own/y/index.js', 'node_modules/.bin/x', 'node_modules/.cache/old', 'node_modules/.vite/old', 'packages/p/index.js']) scratch.put(file, file);
  symlinkSync('../packages/p', path.join(scratch.root, 'node_modules/p'));
  linkPackages({ folder: path.join(scratch.root, 'node_modules'), seenAt: '/seen/node_modules', to: path.join(to, 'node_modules') });
  expect(readdirSync(path.join(to, 'node_modules')).toSorted()).toEqual(['.bin', '@own', 'p', 'x']);
  expect(['x', '@own/y', 'p', '.bin'].map((name) => readlinkSync(path.join(to, 'node_modules', name)))).toEqual(['/seen/node_modules/x', '/seen/node_modules/@own/y', '../packages/p', '/seen/node_modules/.bin']);
});
