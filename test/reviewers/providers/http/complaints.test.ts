import { expect, test } from 'vitest';
import { errorOf, wordsOf } from '#reviewers/providers/http/complaints.ts';

const callee = { id: 'some', model: 'm', address: 'http://host/v1', keyPlace: 'the key in SOME_KEY' };

function codeOf(status: number | null, body: unknown): string {
  const { kind, code } = errorOf({ status, words: wordsOf(body) }, callee);
  return `${kind} ${code}`;
}

/** What vendors and servers really say, by the documentation of each and its sources. */
const said: readonly (readonly [string, number | null, unknown, string])[] = [
  ['OpenAI', 429, { error: { message: 'You exceeded your current quota, please check your plan and billing details.', type: 'insufficient_quota', param: null, code: 'insufficient_quota' } }, 'Misconfigured PROVIDER_QUOTA'],
  ['OpenAI', 429, { error: { message: 'Rate limit reached for gpt-5 in organization org-x on tokens per min (TPM): Limit 30000', type: 'tokens', param: null, code: 'rate_limit_exceeded' } }, 'Unavailable PROVIDER_RATE_LIMITED'],
  ['OpenAI', 400, { error: { message: 'Your input exceeds the context window of this model. Please adjust your input and try again.', type: 'invalid_request_error', param: 'input', code: 'context_length_exceeded' } }, 'InvalidInput PROVIDER_PROMPT_TOO_LONG'],
  ['OpenAI', 400, { error: { message: 'Invalid prompt: your prompt was flagged as potentially violating our usage policy.', type: 'invalid_request_error', code: 'invalid_prompt' } }, 'Refused PROVIDER_REFUSED'],
  ['OpenAI', 400, { error: { message: "Invalid parameter: 'text.format' of type 'json_schema' is not supported with this model.", type: 'invalid_request_error', param: null, code: null } }, 'Misconfigured PROVIDER_SCHEMA_REFUSED'],
  ['OpenAI', 404, { error: { message: 'The model `gpt-9` does not exist or you do not have access to it.', type: 'invalid_request_error', param: null, code: 'model_not_found' } }, 'Misconfigured PROVIDER_MODEL_UNKNOWN'],
  ['OpenAI', 400, { error: { message: "Unsupported parameter: 'max_tokens' is not supported with this model.", type: 'invalid_request_error', code: 'unsupported_parameter' } }, 'Misconfigured PROVIDER_BAD_REQUEST'],
  ['OpenAI', 400, { error: { message: 'max_tokens is too large: 200000. This model supports at most 16384 completion tokens', type: 'invalid_request_error', code: null } }, 'Misconfigured PROVIDER_BAD_REQUEST'],
  ['Azure', 400, { error: { message: 'The response was filtered', code: 'content_filter', status: 400, innererror: { code: 'ResponsibleAIPolicyViolation' } } }, 'Refused PROVIDER_REFUSED'],
  ['Anthropic', 400, { type: 'error', error: { type: 'invalid_request_error', message: 'prompt is too long: 210000 tokens > 200000 maximum' } }, 'InvalidInput PROVIDER_PROMPT_TOO_LONG'],
  ['Anthropic', 400, { type: 'error', error: { type: 'invalid_request_error', message: 'input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000, decrease input length or `max_tokens` and try again' } }, 'InvalidInput PROVIDER_PROMPT_TOO_LONG'],
  ['Anthropic', 400, { type: 'error', error: { type: 'invalid_request_error', message: 'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.' } }, 'Misconfigured PROVIDER_QUOTA'],
  ['Anthropic', 413, { type: 'error', error: { type: 'request_too_large', message: 'Request exceeds the maximum size' } }, 'InvalidInput PROVIDER_PROMPT_TOO_LONG'],
  ['Anthropic', 400, { type: 'error', error: { type: 'invalid_request_error', message: 'max_tokens: 500000 > 64000, which is the maximum allowed number of output tokens for claude' } }, 'Misconfigured PROVIDER_BAD_REQUEST'],
  ['Anthropic', 529, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }, 'Unavailable PROVIDER_FAILED'],
  ['Google', 400, { error: { code: 400, message: 'API key not valid. Please pass a valid API key.', status: 'INVALID_ARGUMENT', details: [{ reason: 'API_KEY_INVALID' }] } }, 'Misconfigured PROVIDER_UNAUTHORIZED'],
  ['Google', 400, { error: { code: 400, message: 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).', status: 'INVALID_ARGUMENT' } }, 'InvalidInput PROVIDER_PROMPT_TOO_LONG'],
  ['Google', 404, { error: { code: 404, message: 'models/gemini-9 is not found for API version v1beta', status: 'NOT_FOUND' } }, 'Misconfigured PROVIDER_MODEL_UNKNOWN'],
  ['Google', 429, { error: { code: 429, message: 'You exceeded your current quota, please check your plan and billing details.', status: 'RESOURCE_EXHAUSTED', details: [{ violations: [{ quotaId: 'GenerateRequestsPerMinutePerProjectPerModel' }] }] } }, 'Unavailable PROVIDER_RATE_LIMITED'],
  ['Google', 429, { error: { code: 429, message: 'You exceeded your current quota', status: 'RESOURCE_EXHAUSTED', details: [{ violations: [{ quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier' }] }] } }, 'Misconfigured PROVIDER_QUOTA'],
  ['Google', 400, { error: { code: 400, message: 'JSON mode is not enabled for models/gemma-3', status: 'INVALID_ARGUMENT' } }, 'Misconfigured PROVIDER_SCHEMA_REFUSED'],
  ['Google', 400, [{ error: { code: 400, message: 'API key expired. API_KEY_INVALID', status: 'INVALID_ARGUMENT' } }], 'Misconfigured PROVIDER_UNAUTHORIZED'],
  ['OpenRouter', 402, { error: { code: 402, message: 'Insufficient credits. Add more using https://openrouter.ai/settings/credits' } }, 'Misconfigured PROVIDER_QUOTA'],
  ['OpenRouter', 403, { error: { code: 403, message: 'Input was flagged', metadata: { reasons: ['violence'] } } }, 'Refused PROVIDER_REFUSED'],
  ['OpenRouter', 400, { error: { code: 400, message: 'vendor/none is not a valid model ID' } }, 'Misconfigured PROVIDER_MODEL_UNKNOWN'],
  ['OpenRouter', 400, { error: { code: 400, message: 'Provider returned error', metadata: { raw: '{"message":"maximum context length is 8192 tokens"}' } } }, 'InvalidInput PROVIDER_PROMPT_TOO_LONG'],
  ['vLLM', 400, { object: 'error', message: "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens", type: 'BadRequestError', code: 400 }, 'InvalidInput PROVIDER_PROMPT_TOO_LONG'],
  ['vLLM', 404, { object: 'error', message: 'The model `x` does not exist.', type: 'NotFoundError', code: 404 }, 'Misconfigured PROVIDER_MODEL_UNKNOWN'],
  ['llama.cpp', 400, { error: { code: 400, message: 'the request exceeds the available context size. try increasing it', type: 'exceed_context_size_error' } }, 'InvalidInput PROVIDER_PROMPT_TOO_LONG'],
  ['llama.cpp', 500, { error: { code: 500, message: 'failed to parse grammar', type: 'server_error' } }, 'Misconfigured PROVIDER_SCHEMA_REFUSED'],
  ['llama.cpp', 503, { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } }, 'Unavailable PROVIDER_FAILED'],
  ['Ollama', 404, { error: 'model "none" not found, try pulling it first' }, 'Misconfigured PROVIDER_MODEL_UNKNOWN'],
  ['LM Studio', 400, { error: "'response_format.type' must be 'json_schema' or 'text'" }, 'Misconfigured PROVIDER_SCHEMA_REFUSED'],
  ['LM Studio', 400, { error: 'The number of tokens to keep from the initial prompt is greater than the context length' }, 'InvalidInput PROVIDER_PROMPT_TOO_LONG'],
  ['DeepSeek', 402, { error: { message: 'Insufficient Balance', type: 'unknown_error', code: 'invalid_request_error' } }, 'Misconfigured PROVIDER_QUOTA'],
  ['FastAPI', 422, { detail: [{ type: 'missing', msg: 'Field required' }] }, 'Misconfigured PROVIDER_BAD_REQUEST'],
  ['a proxy', 408, null, 'Unavailable PROVIDER_FAILED'],
  ['a proxy', 405, null, 'Misconfigured PROVIDER_BAD_REQUEST'],
  ['a proxy', 301, null, 'Misconfigured PROVIDER_ADDRESS'],
  ['a stream', null, { message: 'x', type: 'authentication_error' }, 'Misconfigured PROVIDER_UNAUTHORIZED'],
  ['a stream', null, { message: 'x', code: 'rate_limit_exceeded' }, 'Unavailable PROVIDER_RATE_LIMITED'],
  ['a stream', null, {}, 'Unavailable PROVIDER_FAILED'],
];

test.each(said.map(([who, status, body, code]) => [who, status, code, body] as const))('%s with %s means %s', (_who, status, code, body) => {
  expect(codeOf(status, body)).toBe(code);
});

test('Every message says what was wrong and what to do, in at most two lines of a terminal, and names the provider or its address', () => {
  for (const [, status, body] of said) {
    const { message } = errorOf({ status, words: wordsOf(body) }, callee);
    expect(message).toMatch(/^[^\n]{30,200}\.$/);
    expect(message).toMatch(/\bsome\b/);
    expect(message).toMatch(/: |\. /);
  }
});

test('Words are taken from where vendors put them and from nowhere else, and are few', () => {
  expect(wordsOf({ error: { message: 'm', code: 7, params: 'not', details: [{ reason: 'r' }, { other: 'not' }] }, prompt: 'not', detail: 'd' })).toBe('m 7 r d');
  expect([wordsOf(null), wordsOf('plain'), wordsOf(true), wordsOf(undefined)]).toEqual(['', 'plain', '', '']);
  expect(wordsOf({ error: Array.from({ length: 1000 }, () => 'x'.repeat(9000)) }).length).toBe(4000);
  let deep: object = { message: 'hidden' };
  for (let depth = 0; depth < 10_000; depth += 1) deep = { error: deep };
  expect(wordsOf(deep)).toBe('');
});
