import { describe, expect, test } from 'vitest';
import { faultError, faultOfEnd, faultOfStatus, faultOfText, statusInText } from '#reviewers/providers/agents/faults.ts';

test.each([
  [401, '', 'loginRefused'],
  [403, 'no access', 'loginRefused'],
  [404, '', 'unknownModel'],
  [413, '', 'promptTooLong'],
  [429, 'Rate limit reached', 'rateLimited'],
  [429, 'You exceeded your current quota, please check your plan', 'quota'],
  [500, 'rate limit', 'overloaded'],
  [529, '', 'overloaded'],
  [400, 'prompt is too long: 250000 tokens > 200000 maximum', 'promptTooLong'],
  [400, 'The input token count (2000000) exceeds the maximum', 'promptTooLong'],
  [400, 'API key not valid. Please pass a valid API key.', 'loginRefused'],
  [400, 'Your credit balance is too low', 'quota'],
  [400, 'something else', 'rejected'],
])('HTTP %i with "%s" means %s', (status, text, fault) => {
  expect(faultOfStatus(status, text)).toBe(fault);
});

test.each([
  ['You’ve hit your usage limit. Try again at 3 PM.', 'quota'],
  ['Incomplete response returned, reason: content_filter', 'refused'],
  ['Not logged in · Please run /login', 'noLogin'],
  ['We’re currently experiencing high demand', 'overloaded'],
  ['stream disconnected before completion: idle timeout', 'cutOff'],
  ['Connection failed: error sending request', 'unreachable'],
  ['nothing that is known', undefined],
])('The text "%s" means %s', (text, fault) => {
  expect(faultOfText(text)).toBe(fault);
});

test.each([
  ['unexpected status 401 Unauthorized: Incorrect API key', 401],
  ['exceeded retry limit, last status: 429 Too Many Requests', 429],
  ['[API Error: {"error":{"code":503,"message":"x"}}]', 503],
  ['API Error: Request rejected (429) · slow down', 429],
  ['200 tokens of 500', null],
])('The status in "%s" is %s', (text, status) => {
  expect(statusInText(text)).toBe(status);
});

describe('a process that ended without an answer', () => {
  test.each([
    [{ exitCode: 2, stderr: "error: unexpected argument '--full-auto' found" }, 'usage'],
    [{ exitCode: 1, stderr: "error: unknown option '--bare'" }, 'usage'],
    [{ exitCode: 127, stderr: 'not found' }, 'notExecutable'],
    [{ exitCode: 139, stderr: '' }, 'crashed'],
    [{ exitCode: null, signal: 'SIGSEGV', stderr: '' }, 'crashed'],
    [{ exitCode: 1, stderr: 'Not logged in' }, 'noLogin'],
    [{ exitCode: 1, stderr: 'safety first' }, 'noAnswer'],
    [{ exitCode: 0, stderr: '' }, 'noAnswer'],
  ])('%o is %s', (end, fault) => {
    expect(faultOfEnd({ signal: null, ...end })).toBe(fault);
  });
});

test('An error says in our own words what happened and what to do', () => {
  const error = faultError('loginRefused', { agent: 'Codex', status: 401, hint: 'It used the key in CODEX_API_KEY.' });
  expect([error.kind, error.code, error.message]).toEqual([
    'Misconfigured',
    'PROVIDER_UNAUTHORIZED',
    'Codex was not let in. Renew its key or login. The answer was HTTP 401. It used the key in CODEX_API_KEY.',
  ]);
  expect(faultError('rateLimited', { agent: 'Gemini', retryAfterMs: 7_000 }).retryAfterMs).toBe(7_000);
});
