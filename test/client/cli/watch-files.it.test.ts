import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { untilChanged, watchStamp } from '#client/cli/watch-files.ts';
import { makeScratch, type Scratch } from '../../support/scratch.ts';

let scratch: Scratch;
let file: string;
beforeEach(() => {
  scratch = makeScratch('watch');
  file = scratch.put('a.ts', 'one\n');
});
afterEach(() => scratch.remove());

const never = { signal: new AbortController().signal };

test('a change that was made before the look is seen at once', async () => {
  const before = watchStamp([file]);
  scratch.put('a.ts', 'two\n');
  expect(await untilChanged([file], before, never)).toBe(true);
});

test('what was written again as it was is no change', async () => {
  const before = watchStamp([file]);
  const stopping = new AbortController();
  const waiting = untilChanged([file], before, { signal: stopping.signal });
  scratch.put('a.ts', 'one\n');
  await sleep(900);
  stopping.abort();
  expect(await waiting).toBe(false);
});

test('a file that an editor takes away and puts back is waited for', async () => {
  const waiting = untilChanged([file], watchStamp([file]), never);
  rmSync(file);
  await sleep(700);
  scratch.put('a.ts', 'three\n');
  expect(await waiting).toBe(true);
});

test('a file that stays away is told of once', async () => {
  const gone: string[] = [];
  const stopping = new AbortController();
  const waiting = untilChanged([file], watchStamp([file]), { signal: stopping.signal, onGone: (path) => gone.push(path) });
  rmSync(file);
  await expect.poll(() => gone, { timeout: 10_000 }).toEqual([file]);
  await sleep(1_200);
  stopping.abort();
  expect([await waiting, gone]).toEqual([false, [file]]);
});

test('a new file below a watched folder is a change', async () => {
  const waiting = untilChanged([scratch.root], watchStamp([scratch.root]), never);
  scratch.put('src/new.ts', 'x');
  expect(await waiting).toBe(true);
  expect(watchStamp([join(scratch.root, 'none')])).toBe('');
});
