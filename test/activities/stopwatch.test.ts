import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { startStopwatch } from '#activities/stopwatch.ts';

describe('a stopwatch', () => {
  test('tells its limit once', async () => {
    const onLimit = vi.fn();
    const watch = startStopwatch(20, onLimit);
    await vi.waitFor(() => expect(onLimit).toHaveBeenCalledTimes(1));
    expect(watch.workedMs()).toBeGreaterThanOrEqual(19);
    watch.stop();
  });

  test('stands still while something is done aside, also for its limit', async () => {
    const onLimit = vi.fn();
    const watch = startStopwatch(60, onLimit);
    expect(await watch.aside(() => sleep(150, 'done'))).toBe('done');
    expect([onLimit.mock.calls.length, watch.workedMs() < 60]).toEqual([0, true]);
    await vi.waitFor(() => expect(onLimit).toHaveBeenCalledTimes(1));
    watch.stop();
  });

  test('stands still until the last of several is done, also when one fails', async () => {
    const watch = startStopwatch(60_000, () => undefined);
    const long = watch.aside(() => sleep(120));
    await expect(watch.aside(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await long;
    expect(watch.workedMs()).toBeLessThan(100);
    watch.stop();
  });

  test('stays stopped when something aside ends later', async () => {
    const onLimit = vi.fn();
    const watch = startStopwatch(20, onLimit);
    const aside = watch.aside(() => sleep(30));
    watch.stop();
    await aside;
    await sleep(40);
    expect(onLimit).not.toHaveBeenCalled();
  });
});
