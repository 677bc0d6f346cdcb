import { chmodSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { summarizeError } from '#domain/errors.ts';
import { hashOfFile, kindOfPath, readNamedFile, realFolder, repositoryAround, stampOfFile, stampOfFolder, writeNamedFile } from '#io/named-files.ts';
import { makeScratch, type Scratch } from '../support/scratch.ts';

let scratch: Scratch;
beforeAll(() => {
  scratch = makeScratch('named');
  scratch.put('a.txt', 'text');
  scratch.put('repo/src/deep/b.txt', '');
  mkdirSync(join(scratch.root, 'repo/.git'));
  symlinkSync(join(scratch.root, 'repo'), join(scratch.outside, 'link'));
});
afterAll(() => scratch.remove());

const at = (path: string): string => join(scratch.root, path);
const code = (act: () => unknown): string => {
  try {
    act();
    return 'none';
  } catch (error) {
    return summarizeError(error).code;
  }
};

test('a path is a file, a folder, something else or nothing', () => {
  expect([at('a.txt'), at('repo'), '/dev/null', at('none'), join(scratch.outside, 'link')].map(kindOfPath)).toEqual(['file', 'folder', 'other', null, 'folder']);
});

test('the repository around a folder is the nearest one that holds .git', () => {
  expect([repositoryAround(at('repo/src/deep')), repositoryAround(at('repo')), repositoryAround('/')]).toEqual([at('repo'), at('repo'), null]);
});

test('a real folder has its links resolved', () => {
  expect([realFolder(join(scratch.outside, 'link', 'src')), realFolder(at('none'))]).toEqual([at('repo/src'), at('none')]);
});

describe('a named file', () => {
  test('is read up to a limit', () => {
    expect([readNamedFile(at('a.txt'), 4), code(() => readNamedFile(at('a.txt'), 3)), code(() => readNamedFile(at('none'), 3)), code(() => readNamedFile(at('repo'), 3))]).toEqual([
      'text', 'FILE_TOO_LARGE', 'FILE_NOT_FOUND', 'FILE_NOT_READABLE',
    ]);
  });

  test('that is endless or no file has no hash and holds nobody up', () => {
    expect([hashOfFile('/dev/zero', 10), hashOfFile(at('none'), 10), hashOfFile(at('a.txt'), 3)]).toEqual([null, null, null]);
    expect(hashOfFile(at('a.txt'), 4)).toBe('982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1');
  });

  test('is written whole, with its folders, and leaves nothing beside it', () => {
    mkdirSync(at('kept'));
    chmodSync(at('kept'), 0o755);
    writeNamedFile(at('kept/out/report.md'), 'one');
    writeNamedFile(at('kept/out/report.md'), 'two');
    expect([readFileSync(at('kept/out/report.md'), 'utf8'), readdirSync(at('kept/out')), statSync(at('kept')).mode & 0o777]).toEqual(['two', ['report.md'], 0o755]);
  });

  test('that cannot be written is told', () => {
    expect(['a.txt/report.md', 'a.txt/deeper/report.md'].map((path) => code(() => writeNamedFile(at(path), '')))).toEqual(['OUTPUT_NOT_WRITABLE', 'OUTPUT_NOT_WRITABLE']);
    expect(code(() => writeNamedFile('/proc/1/x/report.md', ''))).toBe('OUTPUT_NOT_WRITABLE');
  });
});

describe('a stamp', () => {
  test('of a folder changes with a file below it, and not with .git or node_modules', () => {
    const before = stampOfFolder(at('repo'));
    scratch.put('repo/.git/index', 'x');
    scratch.put('repo/node_modules/x/index.js', 'x');
    const same = stampOfFolder(at('repo'));
    scratch.put('repo/src/new.ts', 'x');
    expect([same === before, stampOfFolder(at('repo')) === before]).toEqual([true, false]);
  });

  test('of a file that is missing is empty', () => {
    expect([stampOfFile(at('none')), stampOfFile(at('a.txt')).startsWith('4-')]).toEqual(['', true]);
  });
});
