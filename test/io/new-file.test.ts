import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppError } from '#domain/errors.ts';
import { placeNewFile } from '#io/new-file.ts';
import { makeScratch, type Scratch } from '../support/scratch.ts';

let scratch: Scratch;
beforeAll(() => {
  scratch = makeScratch('new-file');
  scratch.put('docs/a.md', '# A\n');
  mkdirSync(join(scratch.root, 'empty'));
  symlinkSync(scratch.outside, join(scratch.root, 'link'));
  symlinkSync('nowhere', join(scratch.root, 'dangling.md'));
});
afterAll(() => scratch.remove());

const place = (path: string, rules = {}): unknown => placeNewFile({ root: scratch.root, path, rules });

function refusal(path: string, rules = {}): string {
  try {
    place(path, rules);
  } catch (error) {
    if (error instanceof AppError) return `${error.kind} ${error.code}`;
    throw error;
  }
  throw new Error('was accepted');
}

describe.each(['openat', 'realpath'] as const)('where a file is to be made (%s)', (confinement) => {
  test.each([
    ['a free name', 'docs/b.md', false],
    ['a name in folders that are still to be made', 'new/deep/b.md', false],
    ['a file', 'docs/a.md', true],
    ['a folder', 'empty', true],
    ['a link, whatever it leads to', 'dangling.md', true],
  ])('%s', (_what, path, isTaken) => {
    expect(placeNewFile({ root: scratch.root, path, rules: {}, confinement })).toEqual({ root: scratch.root, path, isTaken });
  });
});

test.each([
  ['../x.md', {}, 'InvalidInput PATH_TRAVERSAL'],
  ['/etc/x', {}, 'InvalidInput PATH_ABSOLUTE'],
  ['.git/hooks/x', {}, 'InvalidInput PATH_DENIED_NAME'],
  ['link/x.md', {}, 'InvalidInput PATH_SYMLINK'],
  ['docs/a.md/x.md', {}, 'InvalidInput NOT_A_FOLDER'],
  ['src/x.md', { allowedDirectories: ['docs'] }, 'InvalidInput PATH_OUTSIDE_ALLOWED'],
  ['docs/x.ts', { allowedExtensions: ['.md'] }, 'InvalidInput EXT_NOT_ALLOWED'],
])('%s is refused', (path, rules, expected) => {
  expect(refusal(path, rules)).toBe(expected);
});

test('nothing is made by looking', () => {
  place('made/b.md');
  expect(() => readdirSync(join(scratch.root, 'made'))).toThrow('ENOENT');
});
