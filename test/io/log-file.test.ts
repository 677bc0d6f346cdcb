import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { boundLog, changedAt, fileSize, logTail, readLogFrom, touch } from '#io/log-file.ts';

let folder = '';
let log = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'koubou-log-'));
  log = join(folder, 'a.log');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('a log file', () => {
  test('is moved aside once it is larger than its bound, in place of the older one', () => {
    writeFileSync(log, 'first');
    boundLog(log, 5);
    expect([existsSync(log), existsSync(`${log}.1`)]).toEqual([true, false]);
    boundLog(log, 4);
    expect([existsSync(log), readFileSync(`${log}.1`, 'utf8')]).toEqual([false, 'first']);
    writeFileSync(log, 'second');
    boundLog(log, 4);
    expect(readFileSync(`${log}.1`, 'utf8')).toBe('second');
  });

  test('that is missing has no size, no tail and needs no bound', () => {
    boundLog(log, 1);
    expect([fileSize(log), logTail(log, 3), readLogFrom(log, 0)]).toEqual([0, [], '']);
  });

  test('is read from an offset, and no more than the last bytes of it', () => {
    writeFileSync(log, 'one\ntwo\nthree\n');
    expect([readLogFrom(log, 4), readLogFrom(log, 14), readLogFrom(log, 0, 6)]).toEqual(['two\nthree\n', '', 'three\n']);
  });

  test('has a tail of its last lines that hold anything', () => {
    writeFileSync(log, 'old\none\n\n  \ntwo\nthree\n');
    expect([logTail(log, 2), logTail(log, 9, 4)]).toEqual([['two', 'three'], ['one', 'two', 'three']]);
  });
});

describe('a time stamp file', () => {
  test('that is missing has no time, and touching creates it', () => {
    expect(changedAt(log)).toBeNull();
    touch(log);
    expect(Math.abs(Date.now() - (changedAt(log) ?? 0))).toBeLessThan(5_000);
  });

  test('keeps its content when it is touched', () => {
    writeFileSync(log, 'kept');
    utimesSync(log, 1, 1);
    expect(changedAt(log)).toBe(1_000);
    touch(log);
    expect([readFileSync(log, 'utf8'), (changedAt(log) ?? 0) > 1_000]).toEqual(['kept', true]);
  });
});
