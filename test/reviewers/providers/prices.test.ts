import { expect, test } from 'vitest';
import { costOf, priceOf, type Prices } from '#reviewers/providers/prices.ts';

const prices: Prices = { 'model-a': { inputPerMillionUsd: 2, outputPerMillionUsd: 10 }, 'model-a-2026-08-07': { inputPerMillionUsd: 4, outputPerMillionUsd: 20 }, free: { inputPerMillionUsd: 0, outputPerMillionUsd: 0 } };
const usage = { inputTokens: 500_000, outputTokens: 20_000, costUsd: null };

test("The provider's own figure counts before the table, even where it is zero", () => {
  expect([costOf({ ...usage, costUsd: 0.25 }, 'model-a', prices), costOf({ ...usage, costUsd: 0 }, 'model-a', prices), costOf({ ...usage, costUsd: 3 }, 'unknown', prices)]).toEqual([0.25, 0, 3]);
});

test('Tokens cost what the table says for a million', () => {
  expect([costOf(usage, 'model-a', prices), costOf({ ...usage, outputTokens: 0 }, 'model-a', prices), costOf(usage, 'free', prices)]).toEqual([1.2, 1, 0]);
});

test('A dated model has its own price where there is one, else that of its name', () => {
  expect([costOf(usage, 'model-a-2026-08-07', prices), costOf(usage, 'model-a-20261224', prices), costOf(usage, 'model-a-2026-12-24', prices)]).toEqual([2.4, 1.2, 1.2]);
});

test('Without a price or without counted tokens nobody knows', () => {
  const unknown = [costOf(usage, 'model-b', prices), costOf(usage, 'model-a-mini', prices), costOf({ ...usage, inputTokens: null }, 'model-a', prices), costOf({ ...usage, outputTokens: null }, 'model-a', prices)];
  expect(unknown).toEqual([null, null, null, null]);
});

test('A name of every object is no price', () => {
  expect([priceOf('constructor', prices), priceOf('__proto__', prices), priceOf('model-a', prices)]).toEqual([undefined, undefined, prices['model-a']]);
});
