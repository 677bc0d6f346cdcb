import type { ModelUsage } from './provider.ts';

/** USD for a million tokens. */
export interface Price {
  readonly inputPerMillionUsd: number;
  readonly outputPerMillionUsd: number;
}

/** By the model's name, as in the settings. */
export type Prices = Readonly<Record<string, Price>>;

/**
 * What an answer cost in USD: the provider's own figure, else tokens by the price table, else null for "nobody knows".
 *
 * In      model as the provider names it; a date behind the name ('gpt-5-2026-08-07', 'claude-x-20260807') needs no price of its own
 */
export function costOf(usage: ModelUsage, model: string, prices: Prices): number | null {
  if (usage.costUsd !== null) return usage.costUsd;
  const price = priceOf(model, prices);
  if (price === undefined || usage.inputTokens === null || usage.outputTokens === null) return null;
  return (usage.inputTokens * price.inputPerMillionUsd + usage.outputTokens * price.outputPerMillionUsd) / 1_000_000;
}

/** The price that counts for a model; undefined where the table has none, so that a budget can be refused before anything is asked. */
export function priceOf(model: string, prices: Prices): Price | undefined {
  const undated = model.replace(/-\d{4}-?\d{2}-?\d{2}$/, '');
  const name = [model, undated].find((candidate) => Object.hasOwn(prices, candidate));
  return name === undefined ? undefined : prices[name];
}
