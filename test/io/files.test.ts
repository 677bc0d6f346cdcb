import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openArtifactFile } from '#io/files.ts';
import { openFolder, openRoot, pathConfinement, reopenRoot, type PathConfinement } from '#io/roots.ts';
import { makeScratch, type Scratch } from '#test/support/scratch.ts';

let scratch: Scratch;
beforeEach(() => {
  scratch = makeScratch('files');
});
afterEach(() => scratch.remove());

const thrown = (code: string, kind = 'InvalidInput') => expect.objectContaining({ kind, code });

describe.each<PathConfinement>(['openat', 'realpath'])('opening an artifact (%s)', (confinement) => {
  const open = (file: string, options = {}) => openArtifactFile({ root: scratch.root, path: file, rules: {}, maxBytes: 1_000_000, confinement, ...options });

  test('gives text, bytes, hash, mode and shape of the file', () => {
    const content = new TextEncoder().encode('\uFEFFa\r\nb');
    chmodSync(scratch.put('deep/er/x.md', content), 0o750);
    expect(open('deep/er/x.md')).toEqual({
      path: 'deep/er/x.md',
      root: scratch.root,
      bytes: 7,
      sha256: createHash('sha256').update(content).digest('hex'),
      mode: 0o750,
      content,
      text: 'a\nb',
      shape: { bom: true, eol: 'crlf', finalNewline: false },
    });
  });

  test('the path rule comes first', () => {
    expect(() => open('../outside/x.md')).toThrow(thrown('PATH_TRAVERSAL'));
    scratch.put('x.exe', '');
    expect(() => open('x.exe', { rules: { allowedExtensions: ['.md'] } })).toThrow(thrown('EXT_NOT_ALLOWED'));
  });

  test('an empty file and a name that looks URL-encoded are ordinary', () => {
    scratch.put('%2e%2e%2fsecret.md', '');
    expect(open('%2e%2e%2fsecret.md')).toMatchObject({ text: '', bytes: 0 });
  });

  test('fs-01, fs-03: a link is never followed, as a folder or as the file, and however deep', () => {
    symlinkSync('/etc', path.join(scratch.root, 'd'));
    mkdirSync(path.join(scratch.root, 'a'));
    symlinkSync('../../outside', path.join(scratch.root, 'a/b'));
    writeFileSync(path.join(scratch.outside, 'x.md'), 'secret');
    symlinkSync('../outside/x.md', path.join(scratch.root, 'x.md'));
    symlinkSync('x.md', path.join(scratch.root, 'loop.md'));
    symlinkSync('nowhere', path.join(scratch.root, 'dangling.md'));
    for (const file of ['d/passwd', 'a/b/x.md', 'x.md', 'loop.md', 'dangling.md', 'd/none/none']) {
      expect(() => open(file)).toThrow(thrown('PATH_SYMLINK'));
    }
  });

  test('fs-04: a file with a second name is refused', () => {
    writeFileSync(path.join(scratch.outside, 'secret.txt'), 'secret');
    linkSync(path.join(scratch.outside, 'secret.txt'), path.join(scratch.root, 'x.md'));
    expect(() => open('x.md')).toThrow(thrown('PATH_HARDLINK'));
  });

  test('fs-06: a FIFO, a folder and a socket are refused at once', async () => {
    execFileSync('mkfifo', [path.join(scratch.root, 'x.md')]);
    mkdirSync(path.join(scratch.root, 'folder.md'));
    const server = createServer().listen(path.join(scratch.root, 's.md'));
    await new Promise((resolve) => server.once('listening', resolve));
    const before = performance.now();
    for (const file of ['x.md', 'folder.md', 's.md']) expect(() => open(file)).toThrow(thrown('NOT_REGULAR'));
    expect(performance.now() - before).toBeLessThan(100);
    server.close();
  });

  test('a device is refused although it can be read', () => {
    expect(() => open('null', { root: '/dev' })).toThrow(thrown('NOT_REGULAR'));
  });

  test('fs-09: 3 GB are refused by their size, before anything is read', () => {
    truncateSync(scratch.put('big.md', ''), 3 * 1024 ** 3);
    const [before, memory] = [performance.now(), process.memoryUsage.rss()];
    expect(() => open('big.md')).toThrow(thrown('TOO_LARGE'));
    expect(performance.now() - before).toBeLessThan(500);
    expect(process.memoryUsage.rss() - memory).toBeLessThan(100_000_000);
  });

  test('the limit is the largest size allowed', () => {
    scratch.put('x.md', 'x'.repeat(100));
    expect(open('x.md', { maxBytes: 100 }).bytes).toBe(100);
    expect(() => open('x.md', { maxBytes: 99 })).toThrow(thrown('TOO_LARGE'));
  });

  test('misc-05: UTF-16, NUL bytes and broken UTF-8 are refused as binary', () => {
    scratch.put('utf16.md', new Uint8Array([0xff, 0xfe, 0x61, 0, 0x0d, 0, 0x0a, 0]));
    scratch.put('zero.md', 'a\0b');
    scratch.put('latin1.md', new Uint8Array([0x63, 0x61, 0x66, 0xe9]));
    for (const file of ['utf16.md', 'zero.md', 'latin1.md']) expect(() => open(file)).toThrow(thrown('INPUT_BINARY'));
  });

  test('what is not there is NOT_FOUND, also below a file; a missing root is ROOT_NOT_FOUND', () => {
    scratch.put('x.md', '');
    for (const file of ['none.md', 'none/x.md', 'x.md/y.md']) expect(() => open(file)).toThrow(thrown('NOT_FOUND'));
    for (const root of [`${scratch.root}/none`, `${scratch.root}/x.md`, 'relative', '']) expect(() => open('x.md', { root })).toThrow(thrown('ROOT_NOT_FOUND'));
  });

  test('a name that is not UTF-8 is named as the cause', () => {
    writeFileSync(Buffer.concat([Buffer.from(`${scratch.root}/bad`), Buffer.from([0xff]), Buffer.from('.py')]), 'x = 1\n');
    expect(() => open('bad\uFFFD.py')).toThrow('Its name is not UTF-8 (\uFFFD stands for what could not be read): rename it.');
  });

  test('no message names a folder of the host', () => {
    symlinkSync('/etc', path.join(scratch.root, 'd'));
    scratch.put('x.md', 'a\0b');
    for (const file of ['d/passwd', 'x.md', 'none.md', '/etc/passwd', '../x.md']) {
      expect(messageOf(() => open(file))).not.toMatch(/koubou-files|\/root\/|\/etc(?!\/passwd" is refused)/);
    }
  });

  test('fs-08: a root that is a link is followed once; re-pointed, its canonical path still means the old folder', () => {
    scratch.put('x.md', 'inside');
    writeFileSync(path.join(scratch.outside, 'x.md'), 'outside');
    const link = path.join(scratch.root, '../link');
    symlinkSync(scratch.root, link);
    const opened = openRoot(link, confinement);
    const artifact = open('x.md', { root: link });
    rmSync(link);
    symlinkSync(scratch.outside, link);
    expect([artifact.root, readFileSync(opened.at('x.md'), 'utf8'), open('x.md', { root: artifact.root }).text]).toEqual([scratch.root, 'inside', 'inside']);
    opened.close();
  });

  test('fs-08: a canonical root that became a link is ROOT_CHANGED', () => {
    renameSync(scratch.root, `${scratch.root}-old`);
    symlinkSync(scratch.outside, scratch.root);
    expect(() => reopenRoot(scratch.root, confinement)).toThrow(thrown('ROOT_CHANGED', 'Conflict'));
    rmSync(scratch.root);
    renameSync(`${scratch.root}-old`, scratch.root);
    reopenRoot(`${scratch.root}/`, confinement).close();
  });

  test('nothing stays open, whatever the end', () => {
    scratch.put('a/b/x.md', 'x');
    symlinkSync('/etc', path.join(scratch.root, 'd'));
    open('a/b/x.md');
    const before = readdirSync('/proc/self/fd').length;
    for (const file of ['a/b/x.md', 'a/b/none.md', 'a/none/x.md', 'd/passwd', 'a/b']) messageOf(() => open(file));
    expect(readdirSync('/proc/self/fd')).toHaveLength(before);
  });
});

describe('confinement', () => {
  test('is openat where /proc is, and a fact that doctor can show', () => {
    expect(pathConfinement).toBe(process.platform === 'linux' ? 'openat' : 'realpath');
  });

  test('an open folder stays the same one when another is put in its place', () => {
    scratch.put('d/x.md', 'inside');
    const root = openRoot(scratch.root);
    const folder = openFolder(root, ['d'])!;
    renameSync(path.join(scratch.root, 'd'), path.join(scratch.root, 'moved'));
    symlinkSync(scratch.outside, path.join(scratch.root, 'd'));
    expect(readFileSync(folder.at('x.md'), 'utf8')).toBe('inside');
    folder.close();
    root.close();
  });

  test.runIf(process.getuid?.() === 0)('a file or folder that may not be read is Misconfigured NOT_READABLE', () => {
    chmodSync(scratch.put('x.md', 'x'), 0o600);
    chmodSync(scratch.put('d/x.md', 'x'), 0o644);
    chmodSync(path.join(scratch.root, 'd'), 0o700);
    chmodSync(path.dirname(scratch.root), 0o755);
    process.seteuid!(65_534);
    try {
      for (const file of ['x.md', 'd/x.md']) {
        expect(() => openArtifactFile({ root: scratch.root, path: file, rules: {}, maxBytes: 10 })).toThrow(thrown('NOT_READABLE', 'Misconfigured'));
      }
    } finally {
      process.seteuid!(0);
    }
  });

  test('fs-10: a file that grows while it is read ends at the limit', () => {
    // Files of /proc say that they are empty and go on: the reading loop is the same.
    expect(() => openArtifactFile({ root: '/proc/self', path: 'maps', rules: {}, maxBytes: 1_000 })).toThrow(thrown('TOO_LARGE'));
    expect(openArtifactFile({ root: '/proc/self', path: 'maps', rules: {}, maxBytes: 10_000_000 }).bytes).toBeGreaterThan(1_000);
  });
});

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}
