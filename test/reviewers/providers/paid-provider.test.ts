import { describe, expect, test } from 'vitest';
import { AppError } from '#domain/errors.ts';
import type { Usage } from '#domain/review.ts';
import { createMockProvider, type MockScript } from '#reviewers/providers/mock.ts';
import { payOnce, type AnswerMemory, type DayBudget, type KeptAnswer } from '#reviewers/providers/paid-provider.ts';
import type { ModelRequest } from '#reviewers/providers/provider.ts';

const question: ModelRequest = { instructions: 'Judge.', prompt: 'A text.' };
const usage = { inputTokens: 1_000, outputTokens: 500, costUsd: null };
const day = '2026-03-01T12:00:00.000Z';

function memory(): AnswerMemory & { readonly kept: Map<string, KeptAnswer> } {
  const kept = new Map<string, KeptAnswer>();
  return {
    kept,
    getAnswer: (key) => Promise.resolve(kept.get(key) ?? null),
    putAnswer: (answer) => Promise.resolve(void kept.set(answer.key, answer)),
    forgetAnswer: (key) => Promise.resolve(void kept.delete(key)),
    spentSince: (at) => {
      const since = [...kept.values()].filter(({ answeredAt }) => answeredAt >= at);
      return Promise.resolve({ usd: since.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0), tokens: since.reduce((sum, { inputTokens, outputTokens }) => sum + (inputTokens ?? 0) + (outputTokens ?? 0), 0) });
    },
  };
}

function paying(script: MockScript, given: { dayBudget?: DayBudget; asked?: string; memory?: AnswerMemory; now?: () => Date } = {}) {
  const spent: Usage[] = [];
  const used = given.memory ?? memory();
  const prices = { mock: { inputPerMillionUsd: 10, outputPerMillionUsd: 20 } };
  const provider = payOnce(createMockProvider(script), { memory: used, prices, dayBudget: given.dayBudget ?? {}, asked: given.asked ?? 'mock', now: given.now ?? (() => new Date(day)) });
  const ask = (request = question) => provider.ask(request, { signal: new AbortController().signal, timeoutMs: 1_000, spend: (more) => void spent.push(more) });
  return { ask, spent, provider, memory: used };
}

const counting: MockScript = (_request, index) => ({ text: `answer ${index}`, usage });

describe('an answer', () => {
  test('is paid once, told once, and kept with what it cost', async () => {
    const { ask, spent, memory: used } = paying(counting);
    const [first, second] = [await ask(), await ask()];
    expect([first.text, second.text, second.usage]).toEqual(['answer 0', 'answer 0', { inputTokens: 0, outputTokens: 0, costUsd: 0 }]);
    expect(spent).toEqual([{ inputTokens: 1_000, outputTokens: 500, costUsd: 0.02 }]);
    expect([...(used as ReturnType<typeof memory>).kept.values()]).toEqual([
      { key: expect.stringMatching(/^[0-9a-f]{64}$/) as string, provider: 'mock', model: 'mock', text: 'answer 0', finish: 'stop', inputTokens: 1_000, outputTokens: 500, costUsd: 0.02, answeredAt: day },
    ]);
  });

  test('is found by another process that asks the same, and not by one that asks another model', async () => {
    const used = memory();
    await paying(counting, { memory: used }).ask();
    expect((await paying([{ text: 'new' }], { memory: used }).ask()).text).toBe('answer 0');
    expect((await paying([{ text: 'new' }], { memory: used, asked: 'mock 2' }).ask()).text).toBe('new');
  });

  test.each([{ instructions: 'Other.' }, { prompt: 'Other.' }, { schema: { type: 'object' } }, { maxOutputTokens: 9 }])('to another question is another one: %j', async (change) => {
    const { ask } = paying(counting);
    await ask();
    expect((await ask({ ...question, ...change })).text).toBe('answer 1');
  });

  test('of no use is asked for again, and both are paid', async () => {
    const { ask, provider, spent } = paying(counting);
    await ask();
    await provider.forget?.(question);
    expect([(await ask()).text, spent.length]).toEqual(['answer 1', 2]);
  });

  test('that never came is not kept', async () => {
    const { ask, spent } = paying([{ error: new AppError('Unavailable', 'PROVIDER_FAILED', 'No.') }, { text: 'now' }]);
    await expect(ask()).rejects.toMatchObject({ code: 'PROVIDER_FAILED' });
    expect([(await ask()).text, spent.length]).toEqual(['now', 1]);
  });
});

describe('the budget of a day', () => {
  test.each([
    [{ usd: 0.02 }, 'BUDGET_DAY_USD', "Today's budget for models is spent (0.02 of 0.02 USD). Continue tomorrow (UTC), or raise llm.daily_budget_usd and continue."],
    [{ tokens: 1_500 }, 'BUDGET_DAY_TOKENS', "Today's budget for models is spent (1500 of 1500 tokens). Continue tomorrow (UTC), or raise llm.daily_budget_tokens and continue."],
  ])('of %j stops the next question, not an answer that is known', async (dayBudget, code, message) => {
    const { ask } = paying(counting, { dayBudget });
    await ask();
    await expect(ask({ ...question, prompt: 'More.' })).rejects.toMatchObject({ kind: 'Unavailable', code, message });
    expect((await ask()).text).toBe('answer 0');
  });

  test('begins anew at midnight UTC', async () => {
    let now = new Date('2026-03-01T23:59:59.999Z');
    const { ask } = paying(counting, { dayBudget: { tokens: 1 }, now: () => now });
    await ask();
    now = new Date('2026-03-02T00:00:00.000Z');
    expect((await ask({ ...question, prompt: 'More.' })).text).toBe('answer 1');
  });
});
