import { describe, expect, test } from 'vitest';
import { AppError } from '#domain/errors.ts';
import { withBreaker } from '#reviewers/providers/breaker.ts';
import { createMockProvider, type MockReply } from '#reviewers/providers/mock.ts';

const question = { instructions: 'Judge.', prompt: 'A text.' };
const context = { signal: new AbortController().signal, timeoutMs: 1_000 };
const down: MockReply = { error: new AppError('Unavailable', 'PROVIDER_FAILED', 'It is down.') };
const up: MockReply = { text: 'fine' };

function rested(replies: readonly MockReply[]) {
  let time = 0;
  let asked = 0;
  const provider = withBreaker(createMockProvider((_request, index) => ((asked += 1), replies[index] ?? up)), { failures: 2, restMs: 1_000, now: () => time });
  const outcome = () => provider.ask(question, context).then(({ text }) => text, (error: AppError) => error.code);
  return { outcome, asked: () => asked, pass: (ms: number) => void (time += ms) };
}

describe('a provider that fails in a row', () => {
  test('is left alone, then tried again', async () => {
    const { outcome, asked, pass } = rested([down, down]);
    expect([await outcome(), await outcome(), await outcome(), asked()]).toEqual(['PROVIDER_FAILED', 'PROVIDER_FAILED', 'PROVIDER_RESTING', 2]);
    pass(1_000);
    expect([await outcome(), asked()]).toEqual(['fine', 3]);
  });

  test('is left alone again at the first failure after a rest', async () => {
    const { outcome, pass } = rested([down, down, down]);
    await outcome();
    await outcome();
    pass(1_001);
    expect([await outcome(), await outcome()]).toEqual(['PROVIDER_FAILED', 'PROVIDER_RESTING']);
  });

  test('tells how long it rests', async () => {
    const provider = withBreaker(createMockProvider([down]), { failures: 1, restMs: 9_500, now: () => 0 });
    await provider.ask(question, context).catch(() => undefined);
    await expect(provider.ask(question, context)).rejects.toMatchObject({ kind: 'Unavailable', retryAfterMs: 9_500, message: 'mock has failed several times in a row and is left alone for 10 s. Wait, or name another reviewer.' });
  });
});

describe('a provider that does not fail in a row', () => {
  test.each([
    ['an answer in between', [down, up, down, up, down]],
    ['a limit of its own', Array.from({ length: 5 }, () => ({ error: new AppError('Unavailable', 'PROVIDER_RATE_LIMITED', 'Slowly.', { retryAfterMs: 1 }) }))],
    ['errors that are not its own', Array.from({ length: 5 }, () => ({ error: new AppError('Misconfigured', 'PROVIDER_UNAUTHORIZED', 'No key.') }))],
  ])('is asked every time: %s', async (_why, replies) => {
    const { outcome, asked } = rested(replies);
    for (let n = 0; n < 5; n += 1) await outcome();
    expect(asked()).toBe(5);
  });
});
