import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureDir, makeFolders, readJsonIfPresent, readSecretIfPresent, readTextIfPresent, removeIfPresent, writeFileAtomic } from '#io/state-files.ts';

describe('files of the state folder', () => {
  let folder = '';
  const at = (name: string) => path.join(folder, name);
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'koubou-state-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('a missing file reads as null, also below a missing folder or a file', () => {
    writeFileSync(at('plain'), '');
    expect([readTextIfPresent(at('none')), readJsonIfPresent(at('none/none')), readTextIfPresent(at('plain/x'))]).toEqual([null, null, null]);
  });

  test('what cannot be read is an error, not an absence', () => {
    expect(() => readTextIfPresent(folder)).toThrow(/EISDIR/);
  });

  test('JSON that is none is Misconfigured and says which file', () => {
    writeFileSync(at('bad.json'), '{');
    expect(() => readJsonIfPresent(at('bad.json'))).toThrow(expect.objectContaining({ kind: 'Misconfigured', code: 'STATE_FILE_UNREADABLE' }));
  });

  test('an atomic write replaces the file, with exactly the mode asked for, and leaves nothing else', () => {
    ensureDir(at('atomic'), 0o700);
    const before = process.umask(0o077);
    try {
      writeFileAtomic(at('atomic/a.json'), '{"n":1}', 0o600);
      writeFileAtomic(at('atomic/a.json'), new TextEncoder().encode('{"n":2}'), 0o644);
    } finally {
      process.umask(before);
    }
    expect([readJsonIfPresent(at('atomic/a.json')), statSync(at('atomic/a.json')).mode & 0o777, readdirSync(at('atomic'))]).toEqual([{ n: 2 }, 0o644, ['a.json']]);
  });

  test('a write that fails leaves the old file and no temporary one', () => {
    mkdirSync(at('target/is-a-folder'), { recursive: true });
    writeFileSync(at('target/is-a-folder/x'), 'kept');
    expect(() => writeFileAtomic(at('target/is-a-folder'), 'new', 0o600)).toThrow();
    expect([readFileSync(at('target/is-a-folder/x'), 'utf8'), readdirSync(at('target'))]).toEqual(['kept', ['is-a-folder']]);
  });

  test('a folder gets its mode also when it was there', () => {
    ensureDir(at('deep/er'), 0o700);
    chmodSync(at('deep/er'), 0o755);
    ensureDir(at('deep/er'), 0o700);
    expect(statSync(at('deep/er')).mode & 0o777).toBe(0o700);
  });

  // Node's recursive mode never returns there.
  test('a folder that cannot be made is told at once, below /proc and below a file', () => {
    writeFileSync(at('a-file'), '');
    for (const place of ['/proc/1/nope', '/proc/nope/deeper', at('a-file/x')]) {
      expect(() => ensureDir(place, 0o700)).toThrow(expect.objectContaining({ kind: 'Misconfigured', code: 'FOLDER_UNWRITABLE' }));
      expect(() => makeFolders(place, 0o700)).toThrow(/ENOENT|ENOTDIR|EEXIST|EACCES|EPERM/);
    }
  });

  test('folders that are made have the mode, and those that were there keep theirs', () => {
    mkdirSync(at('old'));
    chmodSync(at('old'), 0o750);
    makeFolders(at('old/a/b'), 0o700);
    makeFolders(at('old/a/b'), 0o755);
    expect(['old', 'old/a', 'old/a/b'].map((name) => statSync(at(name)).mode & 0o777)).toEqual([0o750, 0o700, 0o700]);
  });

  test('removing says whether there was a file', () => {
    writeFileSync(at('gone'), '');
    expect([removeIfPresent(at('gone')), removeIfPresent(at('gone')), removeIfPresent(at('plain/x'))]).toEqual([true, false, false]);
  });

  test('a file that holds a secret is read where its owner alone may', () => {
    writeFileSync(at('secret'), 'words', { mode: 0o600 });
    expect([readSecretIfPresent(at('secret')), readSecretIfPresent(at('no-secret'))]).toEqual(['words', null]);
  });

  test.each([0o640, 0o604, 0o620])('a file that holds a secret is not read where others may: %o', (mode) => {
    writeFileSync(at('open-secret'), 'words');
    chmodSync(at('open-secret'), mode);
    expect(() => readSecretIfPresent(at('open-secret'))).toThrow(expect.objectContaining({ kind: 'Misconfigured', code: 'STATE_FILE_OPEN', message: expect.not.stringContaining('words') as string }));
  });
});
