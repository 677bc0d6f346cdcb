import { describe, expect, test } from 'vitest';
import { readAnswer } from '#reviewers/answers/read-answer.ts';
import { endless, readingTimes, units } from './endless.ts';

describe('a text of one megabyte', () => {
  test.each(units)('of %j is read in time linear in its length', (unit) => {
    const { quarterMs, wholeMs } = readingTimes(unit);
    expect(wholeMs).toBeLessThan(Math.max(250, quarterMs * 10));
    expect(wholeMs).toBeLessThan(2_000);
  });

  test.each(units)('of %j has a score only where it states one', (unit) => {
    const { outcome, score } = readAnswer(endless(unit, 1_000_000), { mode: 'flexible' });
    expect(outcome === 'ok' || score === null).toBe(true);
  });
});
