import { describe, expect, test } from 'vitest';
import { restartBudget } from '#client/services/restart-budget.ts';

const limits = { restarts: 3, windowMs: 1_000, firstDelayMs: 10 };

describe('the restart budget', () => {
  test('waits twice as long each time and ends after the last restart', () => {
    const next = restartBudget(limits);
    expect([next(0), next(1), next(2), next(3)]).toEqual([10, 20, 40, null]);
  });

  test('forgets deaths that are older than the window', () => {
    const next = restartBudget(limits);
    expect([next(0), next(1), next(2), next(1_001), next(2_500)]).toEqual([10, 20, 40, 20, 10]);
  });

  test('is five times in ten minutes unless told otherwise', () => {
    const next = restartBudget();
    expect([0, 1, 2, 3, 4, 5].map((at) => next(at) !== null)).toEqual([true, true, true, true, true, false]);
  });
});
