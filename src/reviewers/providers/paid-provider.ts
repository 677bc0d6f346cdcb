import { createHash } from 'node:crypto';
import { AppError } from '#domain/errors.ts';
import { costOf, type Prices } from './prices.ts';
import type { AskContext, Finish, ModelAnswer, ModelProvider, ModelRequest } from './provider.ts';

/** An answer as it is kept. */
export interface KeptAnswer {
  readonly key: string;
  readonly provider: string;
  readonly model: string;
  readonly text: string;
  readonly finish: string;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly costUsd: number | null;
  /** ISO 8601 UTC. */
  readonly answeredAt: string;
}

/** Where answers are kept; the store is one. */
export interface AnswerMemory {
  getAnswer(key: string): Promise<KeptAnswer | null>;
  putAnswer(answer: KeptAnswer): Promise<void>;
  forgetAnswer(key: string): Promise<void>;
  /** What all answers since then have cost together. */
  spentSince(at: string): Promise<{ readonly usd: number; readonly tokens: number }>;
}

/** What all runs together may spend in a day (UTC); absent: no limit. */
export interface DayBudget {
  readonly usd?: number;
  readonly tokens?: number;
}

export interface PayingOptions {
  readonly memory: AnswerMemory;
  readonly prices: Prices;
  readonly dayBudget: DayBudget;
  /** What decides the answer beside the question: the model asked for, the provider's address. */
  readonly asked: string;
  readonly now?: () => Date;
}

/**
 * A provider whose answers are paid once: an answer that was received is kept before anything else happens, and a question that is
 * asked again after a crash gets it from memory, for nothing.
 *
 * Fails   as the provider · Unavailable BUDGET_DAY_USD, BUDGET_DAY_TOKENS
 */
export function payOnce(provider: ModelProvider, options: PayingOptions): ModelProvider {
  const keyFor = (request: ModelRequest): string => keyOf([provider.id, options.asked], request);
  return {
    ...provider,
    ask: (request, context) => ask({ provider, options, key: keyFor(request) }, request, context),
    forget: (request) => options.memory.forgetAnswer(keyFor(request)),
  };
}

interface Asking {
  readonly provider: ModelProvider;
  readonly options: PayingOptions;
  readonly key: string;
}

async function ask({ provider, options, key }: Asking, request: ModelRequest, context: AskContext): Promise<ModelAnswer> {
  const { memory, prices, now = () => new Date() } = options;
  const kept = await memory.getAnswer(key);
  if (kept !== null) return fromMemory(kept);
  await checkDay(options, now());
  const answer = await provider.ask(request, context);
  const { inputTokens, outputTokens } = answer.usage;
  const costUsd = costOf(answer.usage, answer.model, prices);
  context.spend?.({ inputTokens: inputTokens ?? 0, outputTokens: outputTokens ?? 0, costUsd });
  await memory.putAnswer({ key, provider: provider.id, model: answer.model, text: answer.text, finish: answer.finish, inputTokens, outputTokens, costUsd, answeredAt: now().toISOString() });
  return answer;
}

async function checkDay({ memory, dayBudget: { usd, tokens } }: PayingOptions, now: Date): Promise<void> {
  if (usd === undefined && tokens === undefined) return;
  const spent = await memory.spentSince(`${now.toISOString().slice(0, 10)}T00:00:00.000Z`);
  if (usd !== undefined && spent.usd >= usd) throw dayIsSpent('USD', `${spent.usd.toFixed(2)} of ${usd.toFixed(2)} USD`);
  if (tokens !== undefined && spent.tokens >= tokens) throw dayIsSpent('TOKENS', `${spent.tokens} of ${tokens} tokens`);
}

function dayIsSpent(what: 'USD' | 'TOKENS', spent: string): AppError {
  return new AppError('Unavailable', `BUDGET_DAY_${what}`, `Today's budget for models is spent (${spent}). Continue tomorrow (UTC), or raise llm.daily_budget_${what.toLowerCase()} and continue.`);
}

function fromMemory({ text, finish, model }: KeptAnswer): ModelAnswer {
  return { text, finish: finish as Finish, model, usage: { inputTokens: 0, outputTokens: 0, costUsd: 0 } };
}

function keyOf(place: readonly string[], { instructions, prompt, schema, maxOutputTokens }: ModelRequest): string {
  return createHash('sha256').update(JSON.stringify([...place, instructions, prompt, schema ?? null, maxOutputTokens ?? null])).digest('hex');
}
