import { afterEach, expect, test, vi } from 'vitest';
import { elapsed, megabytes, withProgress } from '#client/services/temporal-binary/progress.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('long work is told of every five seconds, with how far it is as soon as that is known', async () => {
  vi.useFakeTimers();
  const lines: string[] = [];
  const work = withProgress((line) => lines.push(line), 'building', async (detail) => {
    await new Promise((resolve) => setTimeout(resolve, 11_000));
    detail('12 MB of 45 MB');
    await new Promise((resolve) => setTimeout(resolve, 60_000));
    return 'done';
  });
  await vi.advanceTimersByTimeAsync(71_000);
  expect(await work).toBe('done');
  await vi.advanceTimersByTimeAsync(20_000);
  expect([lines.slice(0, 3), lines.at(-1), lines.length]).toEqual([
    ['still building (5 s)', 'still building (10 s)', 'still building: 12 MB of 45 MB (15 s)'],
    'still building: 12 MB of 45 MB (1 min 10 s)',
    14,
  ]);
});

test('work that fails ends the telling as well', async () => {
  vi.useFakeTimers();
  const lines: string[] = [];
  const work = withProgress((line) => lines.push(line), 'building', () => Promise.reject(new Error('no')));
  await expect(work).rejects.toThrow('no');
  await vi.advanceTimersByTimeAsync(20_000);
  expect(lines).toEqual([]);
});

test('times and sizes are written for people', () => {
  expect([elapsed(0), elapsed(59_400), elapsed(60_000), elapsed(185_000)]).toEqual(['0 s', '59 s', '1 min 00 s', '3 min 05 s']);
  expect([megabytes(0), megabytes(45_400_000)]).toEqual(['0 MB', '45 MB']);
});
