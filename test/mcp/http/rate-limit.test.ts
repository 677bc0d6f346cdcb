import { expect, test } from 'vitest';
import { createRateLimit } from '#mcp/http/rate-limit.ts';

test('a caller may make a burst, then as many as come back each second; others are not held up', () => {
  let now = 0;
  const rate = createRateLimit({ burst: 10, perSecond: 2, now: () => now });
  const taken = [rate.take('ann', 9), rate.take('ann', 1), rate.take('ann', 1), rate.take('ben', 10)];
  now += 500;
  taken.push(rate.take('ann', 1), rate.take('ann', 1), rate.take('ann', 9));
  now += 60_000;
  taken.push(rate.take('ann', 10), rate.take('ann', 1));
  expect(taken).toEqual([0, 0, 1, 0, 0, 1, 5, 0, 1]);
});

test('what may not be made takes nothing away', () => {
  const rate = createRateLimit({ burst: 5, perSecond: 1, now: () => 0 });
  expect([rate.take('ann', 6), rate.take('ann', 5), rate.take('ann', 0)]).toEqual([1, 0, 0]);
});
