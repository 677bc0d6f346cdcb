import { execFileSync } from 'node:child_process';
import { chmodSync, lstatSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readForeignFile, replaceForeignFile } from '#io/foreign-file.ts';
import { makeScratch, type Scratch } from '#test/support/scratch.ts';

let scratch: Scratch;
const at = (name: string): string => join(scratch.root, name);

beforeEach(() => {
  scratch = makeScratch('foreign');
});

afterEach(() => scratch.remove());

describe("another program's file", () => {
  test('is replaced whole, with the rights it had', () => {
    const file = scratch.put('settings.json', '{}');
    chmodSync(file, 0o640);
    replaceForeignFile(file, readForeignFile(file), '{"a":1}');
    expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777, readdirSync(scratch.root)]).toEqual(['{"a":1}', 0o640, ['settings.json']]);
  });

  test('is made with its folder, for its owner alone', () => {
    const file = at('deep/er/settings.json');
    const read = readForeignFile(file);
    replaceForeignFile(file, read, 'words');
    expect([read.text, readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual(['', 'words', 0o600]);
  });

  test('behind a link is replaced where it lies, and the link stays', () => {
    mkdirSync(at('dotfiles'));
    writeFileSync(at('dotfiles/real.toml'), 'a = 1');
    symlinkSync('dotfiles/real.toml', at('config.toml'));
    replaceForeignFile(at('config.toml'), readForeignFile(at('config.toml')), 'a = 2');
    expect([lstatSync(at('config.toml')).isSymbolicLink(), readFileSync(at('dotfiles/real.toml'), 'utf8')]).toEqual([true, 'a = 2']);
  });

  test('keeps its byte order mark, which is no part of its text', () => {
    const file = scratch.put('settings.json', '\ufeff{}');
    const read = readForeignFile(file);
    replaceForeignFile(file, read, '{"a":1}');
    expect([read.text, readFileSync(file, 'utf8')]).toEqual(['{}', '\ufeff{"a":1}']);
  });

  test('that is a link to nothing or a pipe is not touched, nor waited for', () => {
    symlinkSync('nowhere/settings.json', at('dangling'));
    execFileSync('mkfifo', [at('pipe')]);
    for (const name of ['dangling', 'pipe']) expect(() => readForeignFile(at(name))).toThrow(expect.objectContaining({ kind: 'InvalidInput', code: 'FILE_NOT_READABLE' }));
    expect(lstatSync(at('dangling')).isSymbolicLink()).toBe(true);
  });

  test('is left alone when somebody else has changed it', () => {
    const file = scratch.put('settings.json', '{}');
    const read = readForeignFile(file);
    writeFileSync(file, '{"theirs":1}');
    expect(() => replaceForeignFile(file, read, '{"ours":1}')).toThrow(expect.objectContaining({ kind: 'Conflict', code: 'FILE_CHANGED' }));
    expect(readFileSync(file, 'utf8')).toBe('{"theirs":1}');
  });

  test('that is no text or no file is not touched', () => {
    writeFileSync(at('binary'), Buffer.from([0xff, 0xfe, 0x00]));
    mkdirSync(at('folder'));
    for (const name of ['binary', 'folder']) expect(() => readForeignFile(at(name))).toThrow(expect.objectContaining({ kind: 'InvalidInput', code: 'FILE_NOT_READABLE' }));
  });

  test('in a folder that cannot be made is told', () => {
    scratch.put('plain', '');
    const file = at('plain/settings.json');
    expect(() => replaceForeignFile(file, { text: '', target: file, mode: 0o600, mark: '' }, 'x')).toThrow(expect.objectContaining({ kind: 'InvalidInput', code: 'OUTPUT_NOT_WRITABLE' }));
  });
});
