import { expect, test } from 'vitest';
import { AppError } from '#domain/errors.ts';
import { createMockProvider } from '#reviewers/providers/mock.ts';
import type { ModelAnswer, ModelProvider } from '#reviewers/providers/provider.ts';
import { createValueRedactor } from '#reviewers/providers/redact-values.ts';
import { withoutSecrets } from '#reviewers/providers/without-secrets.ts';

const secret = 'sk-of-the-worker-1';
const context = { signal: new AbortController().signal, timeoutMs: 1_000 };
const guard = (ask: ModelProvider['ask']): ModelProvider => withoutSecrets({ ...createMockProvider(), ask }, createValueRedactor([secret]));
const answer: ModelAnswer = { text: `{"score":9,"conclusion":"${secret}"}`, finish: 'stop', model: `model-${secret}`, usage: { inputTokens: 1, outputTokens: 2, costUsd: 3 } };

test('An answer is clean, its text and the name of its model, and otherwise as it was given', async () => {
  const given = await guard(() => Promise.resolve(answer)).ask({ instructions: 'i', prompt: 'p' }, context);
  expect(given).toEqual({ ...answer, text: '{"score":9,"conclusion":"[redacted]"}', model: 'model-[redacted]' });
});

test('An error is clean, and still the same error', async () => {
  const error = new AppError('Unavailable', 'PROVIDER_FAILED', `the key ${secret}`, { cause: new Error(`stderr: ${secret}`), retryAfterMs: 5 });
  const raised = await guard(() => Promise.reject(error)).ask({ instructions: 'i', prompt: 'p' }, context).catch((thrown: unknown) => thrown);
  expect(raised).toBe(error);
  expect([error.message, (error.cause as Error).message]).toEqual(['the key [redacted]', 'stderr: [redacted]']);
});
