import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFakeModel, type FakeModel } from '#test/support/fake-model/fake-model.ts';
import type { Reply } from '#test/support/fake-model/script.ts';
import type { HttpApi } from '#reviewers/providers/http/endpoint.ts';
import { apis, ask, codeOf, failureOf, key, prompt, providerAt } from './asking.ts';

let model: FakeModel;
beforeAll(async () => { model = await startFakeModel(); });
afterAll(() => model.close());

const eventStream = { 'content-type': 'text/event-stream' };

function told(api: HttpApi, reply: Reply): ReturnType<typeof failureOf> {
  model.follow(reply);
  return failureOf(ask(providerAt(api, model.url)));
}

const messages: readonly (readonly [number, string, string, (api: string) => string])[] = [
  [401, 'Misconfigured', 'PROVIDER_UNAUTHORIZED', (api) => `${api} does not accept the key in SOME_API_KEY (HTTP 401): set a valid one that may use model 'some-model'.`],
  [403, 'Misconfigured', 'PROVIDER_UNAUTHORIZED', (api) => `${api} does not accept the key in SOME_API_KEY (HTTP 403): set a valid one that may use model 'some-model'.`],
  [402, 'Misconfigured', 'PROVIDER_QUOTA', (api) => `${api} asks for payment (HTTP 402): raise the credit of the key in SOME_API_KEY, or choose another provider.`],
  [404, 'Misconfigured', 'PROVIDER_MODEL_UNKNOWN', (api) => `${api} does not know model 'some-model' at ADDRESS (HTTP 404): check the model's name and the address.`],
  [400, 'Misconfigured', 'PROVIDER_BAD_REQUEST', (api) => `${api} did not take the request (HTTP 400): check that ADDRESS speaks this interface and that model 'some-model' can be asked so.`],
  [413, 'InvalidInput', 'PROVIDER_PROMPT_TOO_LONG', (api) => `The text is ${api === 'anthropic' ? `too long for model 'some-model' of anthropic (HTTP 413): shorten it, or choose a model with a larger context` : `larger than ${api} takes (HTTP 413): shorten it, or choose another provider`}.`],
  [429, 'Unavailable', 'PROVIDER_RATE_LIMITED', (api) => `${api} limits how often it is asked (HTTP 429): wait, or lower the rate for this provider.`],
  [500, 'Unavailable', 'PROVIDER_FAILED', (api) => `${api} failed or is overloaded (HTTP 500): try again later.`],
  [503, 'Unavailable', 'PROVIDER_FAILED', (api) => `${api} failed or is overloaded (HTTP 503): try again later.`],
  [529, 'Unavailable', 'PROVIDER_FAILED', (api) => `${api} failed or is overloaded (HTTP 529): try again later.`],
];

test.each(apis.flatMap((api) => messages.map((row) => [api, ...row] as const)))('%s with the status %i is %s %s after one request', async (api, status, kind, code, message) => {
  const before = model.requests.length;
  const failure = await told(api, { status });
  expect(failure).toEqual({ kind, code, message: message(api).replace('ADDRESS', `${model.url}/${api === 'google' ? 'v1beta' : 'v1'}`) });
  expect([model.requests.length - before, model.strays]).toEqual([1, []]);
});

test.each(apis)('%s may ask for time, in seconds, in milliseconds and until a date', async (api) => {
  const date = new Date(Date.now() + 90_000).toUTCString();
  const told429 = async (headers: Readonly<Record<string, string>>, status = 429): Promise<number | undefined> => (await told(api, { status, headers })).retryAfterMs;
  expect([await told429({ 'retry-after': '7' }), await told429({ 'retry-after': '2.5' }, 503), await told429({ 'retry-after-ms': '1500', 'retry-after': '9' }), await told429({ 'retry-after': 'soon' })]).toEqual([7000, 2500, 1500, undefined]);
  const until = (await told429({ 'retry-after': date }))!;
  expect([until > 85_000, until <= 91_000]).toEqual([true, true]);
});

test("Google's own form of asking for time counts too", async () => {
  const raw = JSON.stringify({ error: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'Please retry.', details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '27.25s' }] } });
  expect(await told('google', { status: 429, raw })).toMatchObject({ code: 'PROVIDER_RATE_LIMITED', retryAfterMs: 27_250 });
});

test.each(apis)('%s cut off after any number of events, the last included, has not answered', async (api) => {
  const codes = [];
  for (let cutAfter = 0; cutAfter <= 12; cutAfter += 1) {
    model.follow({ text: 'x'.repeat(120), cutAfter });
    codes.push(await codeOf(ask(providerAt(api, model.url))));
  }
  expect(new Set(codes)).toEqual(new Set(['Unavailable PROVIDER_CUT_OFF']));
});

const partial: Readonly<Record<HttpApi, string>> = {
  openai: 'data: {"type":"response.created","response":{"id":"r","created_at":1,"model":"m"}}\n\ndata: {"type":"response.output_item.added","output_index":0,"item":{"type":"message","id":"m","role":"assistant","content":[]}}\n\ndata: {"type":"response.output_text.delta","item_id":"m","output_index":0,"content_index":0,"delta":"100, ready"}\n\n',
  anthropic: 'data: {"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1}}}\n\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}\n\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"100, ready"}}\n\n',
  google: 'data: {"candidates":[{"index":0,"content":{"role":"model","parts":[{"text":"100, ready"}]}}],"modelVersion":"m"}\n\n',
  'openai-compatible': 'data: {"id":"c","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"100, ready"}}]}\n\n',
};

test.each(apis)('%s that ends without saying that it is complete has not answered', async (api) => {
  for (const raw of [partial[api], `${partial[api]}data: [DONE]\n\n`, '', ': only a comment\n\n']) {
    expect(await told(api, { headers: eventStream, raw })).toEqual({ kind: 'UnreadableOutput', code: 'PROVIDER_ANSWER_UNFINISHED', message: `${api} ended its answer without saying that it is complete: try again.` });
  }
});

test.each(apis)('%s that sends no stream of its own form has not answered', async (api) => {
  const bodies: readonly Reply[] = [
    { raw: '{"a":' }, { raw: '{"choices":[]}' }, { raw: '<html>502 Bad Gateway</html>', headers: { 'content-type': 'text/html; charset=utf-8' } },
    { raw: 'data: {"a":\n\n', headers: eventStream }, { raw: 'data: \u0000\n\n', headers: eventStream }, { raw: 'data: "text"\n\n', headers: eventStream },
  ];
  for (const reply of bodies) expect(await told(api, reply)).toMatchObject({ kind: 'UnreadableOutput', code: 'PROVIDER_ANSWER_MALFORMED' });
});

const inStream: readonly (readonly [HttpApi, string, string, string])[] = [
  ['openai', 'fails', '{"type":"response.failed","sequence_number":3,"response":{"error":{"code":"server_error","message":"boom"}}}', 'Unavailable PROVIDER_FAILED'],
  ['openai', 'limits', '{"type":"response.failed","sequence_number":3,"response":{"error":{"code":"rate_limit_exceeded","message":"slow"}}}', 'Unavailable PROVIDER_RATE_LIMITED'],
  ['openai', 'lacks credit', '{"type":"error","sequence_number":3,"code":"insufficient_quota","message":"You exceeded your current quota","param":null}', 'Misconfigured PROVIDER_QUOTA'],
  ['openai', 'lacks context', '{"type":"response.failed","sequence_number":3,"response":{"error":{"code":"context_length_exceeded","message":"too long"}}}', 'InvalidInput PROVIDER_PROMPT_TOO_LONG'],
  ['anthropic', 'is overloaded', '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}', 'Unavailable PROVIDER_FAILED'],
  ['anthropic', 'limits', '{"type":"error","error":{"type":"rate_limit_error","message":"slow"}}', 'Unavailable PROVIDER_RATE_LIMITED'],
  ['anthropic', 'lacks context', '{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 2 tokens > 1 maximum"}}', 'InvalidInput PROVIDER_PROMPT_TOO_LONG'],
  ['google', 'is overloaded', '{"error":{"code":503,"message":"The model is overloaded","status":"UNAVAILABLE"}}', 'Unavailable PROVIDER_FAILED'],
  ['google', 'limits', '{"error":{"code":429,"message":"slow","status":"RESOURCE_EXHAUSTED"}}', 'Unavailable PROVIDER_RATE_LIMITED'],
  ['openai-compatible', 'is overloaded', '{"error":{"message":"Provider returned error","code":502}}', 'Unavailable PROVIDER_FAILED'],
  ['openai-compatible', 'limits', '{"error":{"message":"slow","code":429}}', 'Unavailable PROVIDER_RATE_LIMITED'],
  ['openai-compatible', 'lacks context', '{"error":{"message":"the request exceeds the available context size","type":"exceed_context_size_error","code":400}}', 'InvalidInput PROVIDER_PROMPT_TOO_LONG'],
];

test.each(inStream)('%s %s in the middle of its stream, and before its first word', async (api, _what, event, code) => {
  for (const before of [partial[api], '']) {
    const { kind, code: name } = await told(api, { headers: eventStream, raw: `${before}data: ${event}\n\n` });
    expect(`${kind} ${name}`).toBe(code);
  }
});

test('A failure reported with the status 200 is a failure', async () => {
  expect(await told('openai-compatible', { raw: '{"error":{"message":"Rate limit exceeded","code":"rate_limit_exceeded"}}' })).toMatchObject({ kind: 'Unavailable', code: 'PROVIDER_RATE_LIMITED' });
  expect(await told('openai-compatible', { raw: '{"error":"model crashed"}' })).toMatchObject({ kind: 'Unavailable', code: 'PROVIDER_FAILED' });
});

test.each(apis)('%s that sends on to another address is not followed, so that the key stays where it belongs', async (api) => {
  const elsewhere = await startFakeModel();
  const failure = await told(api, { status: 307, headers: { location: `${elsewhere.url}/v1/messages` } });
  expect(failure).toMatchObject({ kind: 'Misconfigured', code: 'PROVIDER_ADDRESS' });
  expect([elsewhere.requests, elsewhere.strays]).toEqual([[], []]);
  await elsewhere.close();
});

test("A second request, as Google's library makes for very long answers, is not made", async () => {
  model.follow({ headers: eventStream, raw: 'data: {"candidates":[{"index":0,"content":{"role":"model","parts":[{"text":"a"}]},"finishReason":"CONTINUATION","continuationToken":"t"}],"modelVersion":"m"}\n\n' });
  const before = model.requests.length;
  expect(await codeOf(ask(providerAt('google', model.url)))).toBe('UnreadableOutput PROVIDER_OUTPUT_TOO_LARGE');
  expect(model.requests.length - before).toBe(1);
});

test.each(apis)('No error of %s tells the key, the text or what the server wrote, in whichever form', async (api) => {
  const base64 = Buffer.from(key).toString('base64');
  const echo = `Incorrect key ${key} ${base64} ${encodeURIComponent(key)} for ${prompt} says-the-server`;
  const replies: readonly Reply[] = [
    ...[400, 401, 403, 404, 413, 429, 500].flatMap((status) => [{ status, message: echo, code: echo, headers: { 'x-echo': encodeURIComponent(echo), location: `http://127.0.0.1/${key}` } }, { status, raw: echo }]),
    { raw: echo }, { raw: JSON.stringify({ error: { message: echo } }) }, { headers: eventStream, raw: `data: ${echo}\n\n` }, { headers: eventStream, raw: `${partial[api]}data: ${JSON.stringify({ type: 'error', error: { type: echo, message: echo, code: echo } })}\n\n` }, { text: echo, cutAfter: 4 }, { text: echo, finish: 'refusal' },
  ];
  for (const reply of replies) {
    model.follow(reply);
    const outcome: unknown = await ask(providerAt(api, model.url)).catch((error: unknown) => error);
    if (!(outcome instanceof Error)) continue;
    const shown = `${inspect(outcome, { depth: 9, showHidden: true })} ${outcome.stack} ${JSON.stringify(outcome)}`;
    expect([key, base64, encodeURIComponent(key), 'Rumpelstiltskin', 'says-the-server'].filter((word) => shown.includes(word))).toEqual([]);
    expect(outcome.cause).toBeUndefined();
  }
});

test('What is missing or unusable is said before anything is sent', async () => {
  const before = model.requests.length;
  const at = (options: Parameters<typeof providerAt>[2]): Promise<string> => codeOf(ask(providerAt('openai', model.url, options)));
  expect([await at({ apiKey: 'two words' }), await at({ apiKey: 'line\nbreak' }), await at({ apiKey: 'schlüssel' })]).toEqual(Array.from({ length: 3 }, () => 'Misconfigured PROVIDER_KEY_UNUSABLE'));
  for (const baseUrl of ['', 'nonsense', 'ftp://host/v1', 'file:///etc/passwd', model.url.replace('//', '//user@'), model.url.replace('//', '//:password@'), `${model.url}/v1?key=${key}`, `${model.url}/v1#x`]) {
    const failure = await failureOf(ask(providerAt('openai', model.url, { baseUrl })));
    expect(failure).toEqual({ kind: 'Misconfigured', code: 'PROVIDER_ADDRESS', message: 'The address of openai is missing or unusable: set its base_url to http(s)://host/path without user name, query and fragment.' });
  }
  expect(model.requests.length).toBe(before);
});
