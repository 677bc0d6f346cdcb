import { describe, expect, test } from 'vitest';
import { claude } from '#reviewers/providers/agents/claude.ts';
import { codex } from '#reviewers/providers/agents/codex.ts';
import { copilot } from '#reviewers/providers/agents/copilot.ts';
import { gemini } from '#reviewers/providers/agents/gemini.ts';
import { opencode } from '#reviewers/providers/agents/opencode.ts';
import { readingOf, recorded } from './recorded.ts';

const adapters = { codex, claude, gemini, opencode, copilot };
const json = '{"score":91,"summary":"ok"}';
const answer = (text: string, model: string, { finish = 'stop', usage = [100, 20, null] as (number | null)[] } = {}): object => {
  const [inputTokens, outputTokens, costUsd] = usage;
  return { text, finish, model, usage: { inputTokens, outputTokens, costUsd } };
};

describe('what real programs printed is', () => {
  test.each<[keyof typeof adapters, string, unknown]>([
    ['codex', 'ok', answer(json, 'some-model')],
    ['codex', 'badjson', answer('Score: 91', 'some-model')],
    ['codex', 'h401', 'Misconfigured PROVIDER_UNAUTHORIZED'],
    ['codex', 'h429', 'Unavailable PROVIDER_RATE_LIMITED'],
    ['codex', 'h500', 'Unavailable PROVIDER_FAILED'],
    ['codex', 'cut', 'Unavailable PROVIDER_CUT_OFF'],
    ['codex', 'context', 'InvalidInput PROVIDER_PROMPT_TOO_LONG'],
    ['codex', 'hang', 'Unavailable PROVIDER_CRASHED'],
    ['claude', 'ok', answer(json, 'claude-sonnet-4-5', { usage: [100, 20, 0.0006000000000000001] })],
    ['claude', 'badjson', answer('Score: 91', 'claude-sonnet-4-5', { usage: [200, 40, 0.0012000000000000001] })],
    ['claude', 'h401', 'Misconfigured PROVIDER_UNAUTHORIZED'],
    ['claude', 'h429', 'Unavailable PROVIDER_RATE_LIMITED'],
    ['claude', 'h500', 'Unavailable PROVIDER_FAILED'],
    ['claude', 'cut', answer('a'.repeat(30), 'claude-sonnet-4-5', { usage: [200, 40, 0.0012000000000000001] })],
    ['claude', 'context', 'InvalidInput PROVIDER_PROMPT_TOO_LONG'],
    ['claude', 'hang', 'Unavailable PROVIDER_CRASHED'],
    ['gemini', 'ok', answer(json, 'fake-model', { finish: 'unknown' })],
    ['gemini', 'badjson', answer('Score: 91', 'fake-model', { finish: 'unknown' })],
    ['gemini', 'h401', 'Misconfigured PROVIDER_UNAUTHORIZED'],
    ['gemini', 'h429', 'Unavailable PROVIDER_RATE_LIMITED'],
    ['gemini', 'h500', 'Unavailable PROVIDER_FAILED'],
    ['gemini', 'cut', 'Unavailable PROVIDER_CUT_OFF'],
    ['gemini', 'hang', 'UnreadableOutput PROVIDER_ANSWER_MISSING'],
    ['opencode', 'ok', answer(json, 'some-model')],
    ['opencode', 'h401', 'Misconfigured PROVIDER_UNAUTHORIZED'],
    ['copilot', 'ok', answer(json, 'fake-model', { finish: 'unknown', usage: [null, null, null] })],
    ['copilot', 'h401', 'Misconfigured PROVIDER_UNAUTHORIZED'],
    ['copilot', 'cut', 'Unavailable PROVIDER_CUT_OFF'],
  ])('%s, %s: read as it was meant', (id, name, expected) => {
    expect(readingOf(adapters[id], recorded(`${id}-${name}`))).toEqual(expected);
  });
});

test('The real programs name their waits where they are told one', () => {
  expect(() => gemini.read(recorded('gemini-h429'))).toThrow(expect.objectContaining({ fault: 'rateLimited', retryAfterMs: 1_000 }));
});
