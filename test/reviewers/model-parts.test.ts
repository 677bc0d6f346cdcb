import { describe, expect, test } from 'vitest';
import { createModelParts } from '#reviewers/model-parts.ts';
import { createMockProvider } from '#reviewers/providers/mock.ts';
import type { AnswerMemory, KeptAnswer } from '#reviewers/providers/paid-provider.ts';
import type { ProviderEntry } from '#reviewers/providers/create-providers.ts';
import { createValueRedactor } from '#reviewers/providers/redact-values.ts';
import type { ReviewInput } from '#reviewers/reviewer.ts';

const memory: AnswerMemory = { getAnswer: () => Promise.resolve(null), putAnswer: (_answer: KeptAnswer) => Promise.resolve(), forgetAnswer: () => Promise.resolve(), spentSince: () => Promise.resolve({ usd: 0, tokens: 0 }) };
const usual = { memory, prices: { priced: { inputPerMillionUsd: 1, outputPerMillionUsd: 1 } }, dayBudget: {}, redact: createValueRedactor(['sk-of-the-worker-1']), mode: 'flexible' as const };
const entry = (given: Partial<ProviderEntry> = {}): ProviderEntry => ({ provider: createMockProvider(), model: 'priced', asked: 'x', queue: 'llm', pricesItself: false, ...given });
const input: ReviewInput = { name: 'a.md', language: 'markdown', kind: 'document', text: '# A text\n', requested: ['logic'] };
const context = { signal: new AbortController().signal, timeoutMs: 5_000 };

describe('a model of the settings', () => {
  test('is a reviewer and an improver under one name, on one queue', () => {
    const { reviewers, improvers } = createModelParts([entry({ queue: 'llm-slow' })], usual);
    expect([...reviewers, ...improvers].map(({ id, queue, version, asksModel, isPriced }) => ({ id, queue, version, asksModel, isPriced }))).toEqual(
      Array.from({ length: 2 }, () => ({ id: 'mock', queue: 'llm-slow', version: 'priced', asksModel: true, isPriced: true })),
    );
  });

  test.each([
    ['a model of the table', { model: 'priced' }, true],
    ['a model that is not in it', { model: 'other' }, false],
    ['the agent\'s own choice', { model: null }, false],
    ['a provider that tells the cost itself', { model: null, pricesItself: true }, true],
  ])('has a price or has none: %s', (_what, given, isPriced) => {
    expect(createModelParts([entry(given)], usual).reviewers[0]).toMatchObject({ isPriced });
  });

  test('warns of a prompt that cannot be read, where it would have been used', async () => {
    const [reviewer] = createModelParts([entry()], { ...usual, evaluationPromptPath: '/nonexistent/prompt.txt' }).reviewers;
    const [evaluated, reviewed] = [await reviewer!.review({ ...input, purpose: 'evaluate' }, context), await reviewer!.review(input, context)];
    expect([evaluated.evaluation?.warnings, reviewed.evaluation?.warnings]).toEqual([[expect.stringContaining('/nonexistent/prompt.txt, which cannot be read')], undefined]);
  });
});
