import { describe, expect, test } from 'vitest';
import { isFailedCall, isLikelyFailedCall, isRefusal } from '#reviewers/answers/not-an-answer.ts';

describe('a failed call', () => {
  test.each([
    'API Error: 400 {"type":"error"}',
    'Error: 429 Too Many Requests. Please retry after 20 seconds.',
    'HTTP 500 Internal Server Error',
    'HTTP/1.1 502 Bad Gateway',
    '503 Service Unavailable',
    'unexpected status 401 Unauthorized: Incorrect API key provided',
    'exceeded retry limit, last status: 429 Too Many Requests',
    'Not logged in · Please run /login',
    'Invalid API key · Fix external API key',
    'Prompt is too long · the request is ~250000 tokens',
    'Missing environment variable: OPENAI_API_KEY',
    '<html>\n<head><title>502 Bad Gateway</title></head>',
    '<!DOCTYPE html><html>',
  ])('begins with %j', (text) => {
    expect(isFailedCall(text)).toBe(true);
  });

  test.each(['Error handling is missing in 4 places', 'API error codes are not listed.', 'Score: 5/10. HTTP 500 is unhandled', 'REJECTED: ignores 429 Too Many Requests', '404 pages of text', ''])(
    'does not begin with %j',
    (text) => {
      expect(isFailedCall(text)).toBe(false);
    },
  );

  test.each([
    'Error: Request timed out.',
    'connect ECONNREFUSED 127.0.0.1:9',
    "ERROR: You've hit your usage limit.",
    'Rate limit exceeded',
    'Your credit balance is too low to access the API.',
    'We’re currently experiencing high demand, which may cause temporary errors.',
    "Codex ran out of room in the model's context window.",
    'bash: codex: command not found',
    'Error: spawn codex ENOENT',
    'エラー: 429 リクエストが多すぎます。',
    'レート制限に達しました。',
  ])('is likely behind %j', (text) => {
    expect(isLikelyFailedCall(text)).toBe(true);
  });

  test.each(['The error table is short.', 'It handles timeouts well.', 'エラー処理の方針がありません。', 'Rate limits are described in 3.'])('is not behind %j', (text) => {
    expect(isLikelyFailedCall(text)).toBe(false);
  });
});

describe('a refusal', () => {
  test.each([
    "I'm sorry, but I can't help with evaluating this file.",
    'I cannot assist with that request.',
    'I am unable to evaluate this file.',
    'I apologize, but I am not able to review this document.',
    "I can't assign a score.",
    "I won't provide an evaluation.",
    'I must decline to review this.',
    'As an AI, I cannot judge this.',
    'Unable to read the document.',
    '申し訳ありませんが、このファイルの評価はできません。',
    'このリクエストにはお応えできません。',
    '評価することができません。',
    '恐れ入りますが、お手伝いできかねます。',
    'お断りします。',
  ])('is %j', (text) => {
    expect(isRefusal(text)).toBe(true);
  });

  test.each(['I cannot approve this.', "I can't find an error table.", 'You cannot review what is not there.', 'The users are unable to log in.', '評価は以下の通りです。', '保存できません。', `${'x'.repeat(500)} I cannot assist with that.`])(
    'is not %j',
    (text) => {
      expect(isRefusal(text)).toBe(false);
    },
  );
});
