import { describe, expect, test } from 'vitest';
import { openEnvelope } from '#reviewers/answers/open-envelope.ts';
import { readAnswer } from '#reviewers/answers/read-answer.ts';
import { scanJson } from '#reviewers/answers/scan-json.ts';

function opened(...events: (object | string)[]): unknown {
  const text = events.map((event) => (typeof event === 'string' ? event : JSON.stringify(event))).join('\n');
  const envelope = openEnvelope(text, scanJson(text, false));
  return envelope !== undefined && 'node' in envelope ? 'node' : envelope;
}

const failed = { outcome: 'provider_error', cause: 'error_reported' };
const cut = { outcome: 'truncated', cause: 'no_end_of_turn' };

describe('codex', () => {
  const start = { type: 'thread.started', thread_id: 't' };
  const said = (text: string): object => ({ type: 'item.completed', item: { id: 'i', type: 'agent_message', text } });
  const end = { type: 'turn.completed', usage: { input_tokens: 9 } };
  const failure = { type: 'turn.failed', error: { message: 'stream disconnected before completion' } };

  test('answers with its last message', () => {
    expect(opened(start, said('first'), { type: 'item.completed', item: { type: 'reasoning', text: 'hm' } }, said('last'), end)).toEqual({ text: 'last' });
  });

  test('answers after an error that it recovered from, and after warnings', () => {
    expect(opened('WARNING: proceeding', start, { type: 'error', message: 'Reconnecting... 1/4' }, said('fine'), end)).toEqual({ text: 'fine' });
    expect(opened(start, { type: 'item.completed', item: { type: 'error', message: 'Model metadata not found' } }, said('fine'), end)).toEqual({ text: 'fine' });
  });

  test.each<[string, (object | string)[], unknown]>([
    ['failed, whatever it said before', [start, said('{"score": 9}'), failure], failed],
    ['failed with an error and no end', [start, { type: 'error', message: 'unexpected status 401' }], failed],
    ['cut short without an end', [start, said('{"score": 9}')], cut],
    ['silent', [start, end], { text: '' }],
  ])('is %s', (_, events, envelope) => {
    expect(opened(...events)).toEqual(envelope);
  });
});

describe('claude', () => {
  const result = { type: 'result', subtype: 'success', is_error: false, result: 'Score: 8/10', stop_reason: 'end_turn', terminal_reason: 'completed' };

  test('answers with its result', () => {
    expect(opened(result)).toEqual({ text: 'Score: 8/10' });
  });

  test('answers with the object of its schema before its text', () => {
    expect(opened({ ...result, structured_output: { score: 8 } })).toBe('node');
  });

  test('streams events and ends with the result', () => {
    expect(opened({ type: 'system', subtype: 'init' }, { type: 'assistant', message: {} }, result)).toEqual({ text: 'Score: 8/10' });
    expect(opened({ type: 'system', subtype: 'init' }, { type: 'assistant', message: {} })).toEqual(cut);
  });

  test.each<[string, object, unknown]>([
    ['an error under "success"', { is_error: true, api_error_status: 429 }, failed],
    ['too many turns', { subtype: 'error_max_turns' }, failed],
    ['a prompt too long', { terminal_reason: 'prompt_too_long' }, failed],
    ['a budget used up', { subtype: 'error_max_budget_usd', terminal_reason: 'budget_exhausted' }, failed],
    ['an interruption', { subtype: 'error_during_execution', is_error: true }, failed],
    ['a refusal', { stop_reason: 'refusal' }, { outcome: 'refusal', cause: 'refused' }],
    ['a token limit', { stop_reason: 'max_tokens' }, { outcome: 'truncated', cause: 'token_limit' }],
    ['a token limit of the API', { api_error: 'max_output_tokens' }, { outcome: 'truncated', cause: 'token_limit' }],
    ['nothing', { result: '' }, { text: '' }],
  ])('ends with %s', (_, change, envelope) => {
    expect(opened({ ...result, ...change })).toEqual(envelope);
  });
});

describe('gemini', () => {
  test('answers with its response', () => {
    expect(opened({ session_id: 's', response: 'Score: 8/10', stats: {} })).toEqual({ text: 'Score: 8/10' });
  });

  test('streams the assistant’s pieces, not the user’s words', () => {
    const events = [
      { type: 'init', session_id: 's' },
      { type: 'message', role: 'user', content: 'Score: 10/10' },
      { type: 'message', role: 'assistant', content: '{"score": ', delta: true },
      { type: 'message', role: 'assistant', content: '8}', delta: true },
    ];
    expect(opened(...events, { type: 'result', status: 'success' })).toEqual({ text: '{"score": 8}' });
    expect(opened(...events, { type: 'result', status: 'error', error: { message: 'terminated' } })).toEqual(failed);
    expect(opened(...events, { type: 'error', message: 'x' })).toEqual(failed);
    expect(opened(...events)).toEqual(cut);
  });

  test.each<[object, unknown]>([
    [{ session_id: 's', error: { message: 'RESOURCE_EXHAUSTED', code: 429 } }, failed],
    [{ session_id: 's', response: 'half', finishReason: 'MAX_TOKENS' }, { outcome: 'truncated', cause: 'token_limit' }],
    [{ session_id: 's', response: '', finishReason: 'SAFETY' }, { outcome: 'refusal', cause: 'refused' }],
  ])('ends with %j', (value, envelope) => {
    expect(opened(value)).toEqual(envelope);
  });
});

describe('a provider', () => {
  test.each<[string, unknown]>([
    ['{"error": {"message": "Rate limit reached"}}', failed],
    ['{"type": "error", "error": {"type": "overloaded_error"}}', failed],
    ['[{"error": {"code": 429}}]', failed],
    ['{"refusal": "I cannot help with that."}', { outcome: 'refusal', cause: 'refused' }],
  ])('that fails or refuses is no answer: %s', (text, envelope) => {
    expect(opened(text)).toEqual(envelope);
  });

  test.each(['{"score": 8, "error": null}', '{"score": 8, "error": "none"}', 'The API answers {"error": {"code": 404}} where it should not.', '{"type": "object"}', 'plain text'])(
    'is not seen in an answer: %s',
    (text) => {
      expect(opened(text)).toBeUndefined();
    },
  );
});

test('an answer in an envelope in an envelope is read, and no deeper', () => {
  const wrap = (result: string): string => JSON.stringify({ type: 'result', subtype: 'success', is_error: false, result });
  const answer = '{"score": 8}';
  expect(readAnswer(wrap(wrap(answer)), { mode: 'strict' })).toMatchObject({ outcome: 'ok', score: 8 });
  expect(readAnswer(wrap(wrap(wrap(wrap(answer)))), { mode: 'strict' })).toMatchObject({ outcome: 'no_score', score: null });
});
