import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startFakeModel, type FakeModel } from '#test/support/fake-model/fake-model.ts';
import type { Asked } from '#test/support/fake-model/script.ts';
import type { HttpApi } from '#reviewers/providers/http/endpoint.ts';
import { apis, ask, codeOf, key, prompt, providerAt, schema } from './asking.ts';

let model: FakeModel;
beforeAll(async () => { model = await startFakeModel(); });
afterAll(() => model.close());

const usage = { inputTokens: 100, outputTokens: 20, costUsd: null };
const eventStream = { 'content-type': 'text/event-stream' };

function last(): Asked {
  return model.requests.at(-1)!;
}

test.each(apis)('%s is asked once and its answer comes whole', async (api) => {
  model.follow({ text: 'Ein Text mit Umlauten: äöü, 日本語 and 👩‍🚀.', unitsPerEvent: 3, usage: { input: 7, output: 3 } });
  const before = model.requests.length;
  const answer = await ask(providerAt(api, model.url));
  expect(answer).toEqual({ text: 'Ein Text mit Umlauten: äöü, 日本語 and 👩‍🚀.', finish: 'stop', model: 'some-model', usage: { inputTokens: 7, outputTokens: 3, costUsd: null } });
  expect([model.requests.length - before, model.strays]).toEqual([1, []]);
});

const wires: Readonly<Record<HttpApi, { readonly path: string; readonly headers: object; readonly body: object }>> = {
  openai: { path: '/v1/responses', headers: { authorization: `Bearer ${key}` }, body: { stream: true, store: false, max_output_tokens: 55, input: [{ role: 'system', content: 'Judge what follows.' }, { role: 'user', content: [{ type: 'input_text', text: prompt }] }] } },
  anthropic: { path: '/v1/messages', headers: { 'x-api-key': key }, body: { stream: true, max_tokens: 55, system: [{ type: 'text', text: 'Judge what follows.' }], messages: [{ role: 'user', content: [{ type: 'text', text: prompt }] }] } },
  google: { path: '/v1beta/models/some-model:streamGenerateContent?alt=sse', headers: { 'x-goog-api-key': key }, body: { generationConfig: { maxOutputTokens: 55 }, systemInstruction: { parts: [{ text: 'Judge what follows.' }] }, contents: [{ role: 'user', parts: [{ text: prompt }] }] } },
  'openai-compatible': { path: '/v1/chat/completions', headers: { authorization: `Bearer ${key}` }, body: { stream: true, stream_options: { include_usage: true }, max_tokens: 55, messages: [{ role: 'system', content: 'Judge what follows.' }, { role: 'user', content: prompt }] } },
};

test.each(apis)('%s is asked in its own form, streaming, with instructions and text apart and the key in a header alone', async (api) => {
  model.follow({});
  await ask(providerAt(api, model.url), { maxOutputTokens: 55 });
  expect({ path: last().path, headers: last().headers, body: last().json }).toMatchObject(wires[api]);
  expect(`${last().path} ${last().body}`).not.toContain(key);
});

const mechanisms: Readonly<Record<HttpApi, object>> = {
  openai: { text: { format: { type: 'json_schema', strict: true, schema } } },
  anthropic: { output_config: { format: { type: 'json_schema', schema } } },
  google: { generationConfig: { responseMimeType: 'application/json', responseJsonSchema: schema } },
  'openai-compatible': { response_format: { type: 'json_schema', json_schema: { strict: true, schema } } },
};

test.each(apis)("%s is given a schema by its own mechanism, and structured output comes as JSON text", async (api) => {
  model.follow({ json: { score: 7 } });
  const answer = await ask(providerAt(api, model.url, api === 'anthropic' ? { model: 'claude-opus-4-6' } : {}), { schema });
  expect(answer).toMatchObject({ text: '{"score":7}', finish: 'stop', usage });
  expect(last().json).toMatchObject(mechanisms[api]);
});

test('A Claude without structured output is given the schema as a tool', async () => {
  model.follow({ json: { score: 7 } });
  expect(await ask(providerAt('anthropic', model.url, { model: 'claude-3-haiku-20240307' }), { schema })).toMatchObject({ text: '{"score":7}', finish: 'stop' });
  expect(last().json).toMatchObject({ tools: [{ name: 'json', input_schema: schema }] });
});

test.each(apis)('%s may break the schema: the text comes back unread', async (api) => {
  model.follow({ text: 'Score: {"score": "seven"' });
  expect(await ask(providerAt(api, model.url), { schema })).toMatchObject({ text: 'Score: {"score": "seven"', finish: 'stop', usage });
});

test.each(apis)('%s at its token limit gives what there is and says so', async (api) => {
  model.follow({ text: '{"score": 1', finish: 'length' });
  expect(await ask(providerAt(api, model.url), { schema })).toMatchObject({ text: '{"score": 1', finish: 'length', usage });
});

test.each(apis)('%s may say nothing at all', async (api) => {
  model.follow({ text: '' });
  expect(await ask(providerAt(api, model.url))).toMatchObject({ text: '', finish: 'stop', usage });
});

test.each(apis)('%s that calls a tool nobody offered has not finished as it should', async (api) => {
  model.follow({ calls: [{ name: 'shell', args: { command: 'id' } }] });
  const before = model.requests.length;
  expect(await ask(providerAt(api, model.url))).toMatchObject({ text: '', finish: 'unknown' });
  expect(model.requests.length - before).toBe(1);
});

test('A safety filter is an error; a model that declines in its own words has answered', async () => {
  model.follow({ text: 'I will not do that.', finish: 'refusal' });
  expect(await ask(providerAt('openai', model.url))).toMatchObject({ text: 'I will not do that.', finish: 'refusal', usage });
  for (const api of ['anthropic', 'google', 'openai-compatible'] as const) expect(await codeOf(ask(providerAt(api, model.url)))).toBe('Refused PROVIDER_REFUSED');
  model.follow({ headers: eventStream, raw: 'data: {"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"}}\n\n' });
  expect(await codeOf(ask(providerAt('google', model.url)))).toBe('Refused PROVIDER_REFUSED');
  model.follow({ headers: eventStream, raw: chat([{ delta: { refusal: 'No.' } }, { delta: {}, finish_reason: 'stop' }]) });
  expect(await ask(providerAt('openai-compatible', model.url))).toMatchObject({ text: 'No.', finish: 'refusal' });
});

function chat(choices: readonly object[], rest: object = {}): string {
  return [...choices.map((choice) => ({ id: 'x', choices: [{ index: 0, ...choice }] })), { id: 'x', choices: [], ...rest }].map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
}

const done = [{ delta: { content: 'ok' } }, { delta: {}, finish_reason: 'stop' }];

test('A server that counts nothing leaves the usage open; one that names a price is believed', async () => {
  const provider = providerAt('openai-compatible', model.url);
  const counted = { prompt_tokens: 10, completion_tokens: 2 };
  const usages = [];
  for (const rest of [{}, { usage: { ...counted, cost: 0.0125 } }, { usage: { ...counted, cost: -1 } }, { usage: { ...counted, cost: 'none' } }]) {
    model.follow({ headers: eventStream, raw: chat(done, rest) });
    usages.push((await ask(provider)).usage);
  }
  const known = { inputTokens: 10, outputTokens: 2 };
  expect(usages).toEqual([{ inputTokens: null, outputTokens: null, costUsd: null }, { ...known, costUsd: 0.0125 }, { ...known, costUsd: null }, { ...known, costUsd: null }]);
});

test('The model is named as the server names it, without control characters and at most 200 of them', async () => {
  const provider = providerAt('openai-compatible', model.url);
  const names = [];
  for (const name of ['vendor/model-2026-08-07', `evil\n\u001b[31m${'x'.repeat(500)}`, '\u0000']) {
    model.follow({ model: name });
    names.push((await ask(provider)).model);
  }
  expect(names).toEqual(['vendor/model-2026-08-07', `evil[31m${'x'.repeat(192)}`, 'some-model']);
});

test('Thoughts of a model are no part of its answer', async () => {
  model.follow({ headers: eventStream, raw: chat([{ delta: { reasoning_content: 'Hm, 10 of 10.' } }, ...done]) });
  expect((await ask(providerAt('openai-compatible', model.url))).text).toBe('ok');
});

test.each(['response_format is unavailable now', "Invalid value: 'json_schema'", 'failed to parse grammar'])('A server that takes no schema (%s) is asked without one, and later at once so', async (message) => {
  model.follow(({ json }) => (json['response_format'] === undefined ? { text: '{"score":3}' } : { status: 400, message }));
  const provider = providerAt('openai-compatible', model.url);
  const before = model.requests.length;
  expect([(await ask(provider, { schema })).text, (await ask(provider, { schema })).text, (await ask(provider)).text]).toEqual(Array.from({ length: 3 }, () => '{"score":3}'));
  const systems = model.requests.slice(before).map(({ json }) => (json['messages'] as { content: string }[])[0]!.content);
  const instructed = `Judge what follows.\n\nAnswer with one JSON object and nothing else. It follows this JSON Schema:\n${JSON.stringify(schema)}`;
  expect(systems).toEqual(['Judge what follows.', instructed, instructed, 'Judge what follows.']);
});

test('A server that goes on about schemas without one being sent is not asked again', async () => {
  model.follow({ status: 400, message: 'response_format is unavailable now' });
  const provider = providerAt('openai-compatible', model.url);
  const counts = [];
  for (const request of [{}, { schema }, { schema }]) {
    const before = model.requests.length;
    expect(await codeOf(ask(provider, request))).toBe('Misconfigured PROVIDER_SCHEMA_REFUSED');
    counts.push(model.requests.length - before);
  }
  expect(counts).toEqual([1, 2, 1]);
});

test('Nothing is taken from the environment', async () => {
  for (const name of ['OPENAI_API_KEY', 'ANTHROPIC_API_KEY', 'GOOGLE_GENERATIVE_AI_API_KEY']) vi.stubEnv(name, 'key-of-the-environment');
  for (const name of ['OPENAI_BASE_URL', 'ANTHROPIC_BASE_URL']) vi.stubEnv(name, 'http://127.0.0.1:9/v1');
  model.follow({});
  await ask(providerAt('openai-compatible', model.url, { apiKey: '' }));
  expect(last().headers.authorization).toBeUndefined();
  for (const api of ['openai', 'anthropic'] as const) expect((await ask(providerAt(api, model.url))).text).toBe('ok');
  for (const api of ['openai', 'anthropic', 'google'] as const) expect(await codeOf(ask(providerAt(api, model.url, { apiKey: '' })))).toBe('Misconfigured PROVIDER_NO_KEY');
  vi.unstubAllEnvs();
});

test('Nothing is written to the console or as a warning of the process', async () => {
  const warnings: unknown[] = [];
  const note = (warning: unknown): void => { warnings.push(warning); };
  process.on('warning', note);
  const written = [vi.spyOn(console, 'error'), vi.spyOn(console, 'warn'), vi.spyOn(console, 'info'), vi.spyOn(console, 'log')];
  model.follow(({ wire }) => (wire === 'chat' ? { status: 500 } : {}));
  await ask(providerAt('anthropic', model.url, { model: 'unknown' }), { schema, maxOutputTokens: 10_000_000 });
  await codeOf(ask(providerAt('openai-compatible', model.url)));
  await new Promise(setImmediate);
  process.off('warning', note);
  expect([warnings, ...written.map((spy) => spy.mock.calls)]).toEqual([[], [], [], [], []]);
  vi.restoreAllMocks();
});
