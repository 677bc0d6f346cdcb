import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { AppError } from '#domain/errors.ts';
import { asDiskFull, diskFull, freeBytes, keepOnly, moveIntoPlace, removeFolder, saysDiskFull } from '#io/disk.ts';

const folders: string[] = [];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'koubou disk '));
  folders.push(folder);
});

afterAll(() => {
  for (const path of folders) rmSync(path, { recursive: true, force: true });
});

test('free space is that of the disk, also for a folder that does not exist yet', () => {
  const { bsize, blocks } = statfsSync(folder);
  for (const bytes of [freeBytes(folder), freeBytes(join(folder, 'not/yet/there'))]) {
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(bsize * blocks);
  }
});

test('a full disk is told by the code of an error or by the words of a program, and nothing else is', () => {
  const told = { kind: 'Unavailable', code: 'DISK_FULL', message: diskFull().message };
  const full = [Object.assign(new Error('x'), { code: 'ENOSPC' }), Object.assign(new Error('x'), { code: 'EDQUOT' }), new Error('ENOSPC: no space left on device, write')];
  for (const error of full) expect(asDiskFull(error)).toMatchObject({ ...told, cause: error });
  for (const error of [new Error('EACCES'), new AppError('Conflict', 'X', 'no space left on device'), 'no space left on device', null]) expect(asDiskFull(error)).toBe(error);
  expect(['write /x: no space left on device', 'database or disk is full (13)', 'disk quota exceeded', 'spaceless'].map(saysDiskFull)).toEqual([true, true, true, false]);
});

test('a folder is removed with everything in it, and need not be there', async () => {
  mkdirSync(join(folder, 'a/b'), { recursive: true });
  writeFileSync(join(folder, 'a/b/c'), '');
  await removeFolder(join(folder, 'a'));
  await removeFolder(join(folder, 'a'));
  expect(existsSync(join(folder, 'a'))).toBe(false);
});

test('everything in a folder goes but what is named', async () => {
  for (const name of ['keep', 'drop']) writeFileSync(join(folder, name), '');
  mkdirSync(join(folder, 'work/inner'), { recursive: true });
  await keepOnly(folder, ['keep']);
  await keepOnly(join(folder, 'missing'), []);
  expect(readdirSync(folder)).toEqual(['keep']);
});

test('a file is moved over another one', () => {
  writeFileSync(join(folder, 'new'), 'new');
  writeFileSync(join(folder, 'old'), 'old');
  moveIntoPlace(join(folder, 'new'), join(folder, 'old'));
  expect([readdirSync(folder), readFileSync(join(folder, 'old'), 'utf8')]).toEqual([['old'], 'new']);
});
