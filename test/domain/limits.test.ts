import { describe, expect, test } from 'vitest';
import { attempts, attemptTimeoutMs, bounds, codeLimits, documentLimits, firstRetryWaitMs, modelCallTimeoutMs, retryBackoff, retryWaitsMs } from '#domain/limits.ts';

describe('limits', () => {
  test('for code are 5 iterations, a target of 85, 60 s an iteration, 10 min in all', () => {
    expect(codeLimits).toEqual({ targetScore: 85, maxIterations: 5, iterationTimeoutMs: 60_000, timeoutMs: 600_000 });
  });

  test('for documents give 10 min an iteration and 60 min in all', () => {
    expect(documentLimits).toEqual({ ...codeLimits, iterationTimeoutMs: 600_000, timeoutMs: 3_600_000 });
  });

  test('of retries are three attempts with waits of 2 s and 4 s', () => {
    const waits = Array.from({ length: attempts - 1 }, (_, n) => firstRetryWaitMs * retryBackoff ** n);
    expect(waits).toEqual([2_000, 4_000]);
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBe(retryWaitsMs);
  });

  test('that are the defaults lie within what a request may ask for', () => {
    for (const limits of [codeLimits, documentLimits]) {
      for (const [name, value] of Object.entries(limits)) {
        const { min, max } = bounds[name as keyof typeof limits];
        expect([value >= min, value <= max]).toEqual([true, true]);
      }
    }
  });
});

describe('an attempt', () => {
  test.each([
    [60_000, 18_000],
    [600_000, 198_000],
    [30_000, 8_000],
    [10_000, 1_333],
    [9_000, 1_000],
    [6_000, 1_000],
    [1_000, 1_000],
    [400, 400],
    [100, 100],
  ])('in an iteration of %i ms gets %i ms: a third of what the waits leave, at least a second, never more than the iteration', (iteration, attempt) => {
    expect(attemptTimeoutMs(iteration, false)).toBe(attempt);
  });

  test('fits three times with its waits into every iteration from 9 s on', () => {
    for (let iteration = 9_000; iteration <= 120_000; iteration += 500) {
      expect(attempts * attemptTimeoutMs(iteration, false) + retryWaitsMs).toBeLessThanOrEqual(iteration);
    }
  });

  test('never gets less time, and none at all, from a longer iteration', () => {
    const times = Array.from({ length: 300 }, (_, n) => attemptTimeoutMs(100 + n * 100, false));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.every((time) => Number.isInteger(time) && time >= 100)).toBe(true);
  });

  test.each([
    [600_000, modelCallTimeoutMs],
    [300_000, 300_000],
    [60_000, 60_000],
    [100, 100],
  ])('of a model call in an iteration of %i ms gets %i ms: 5 min, never more than the iteration', (iteration, attempt) => {
    expect(attemptTimeoutMs(iteration, true)).toBe(attempt);
  });
});
