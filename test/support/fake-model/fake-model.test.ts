import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { startFakeModel, type FakeModel } from './fake-model.ts';
import type { Reply, Script, Wire } from './script.ts';

let model: FakeModel | undefined;
afterEach(async () => { await model?.close(); });

const paths: Readonly<Record<Wire, string>> = {
  responses: '/v1/responses',
  chat: '/v1/chat/completions',
  anthropic: '/v1/messages',
  google: '/v1beta/models/some-model:generateContent',
};
const streamPaths = { ...paths, google: '/v1beta/models/some-model:streamGenerateContent?alt=sse' };
const wires = Object.keys(paths) as Wire[];

async function ask(wire: Wire, script: Script, options: { readonly stream?: boolean; readonly body?: object; readonly signal?: AbortSignal } = {}): Promise<Response> {
  model ??= await startFakeModel();
  model.follow(script);
  const stream = options.stream ?? false;
  return fetch(model.url + (stream ? streamPaths : paths)[wire], {
    method: 'POST',
    body: JSON.stringify({ model: 'some-model', ...(wire === 'google' ? {} : { stream }), ...options.body }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
}

afterEach(() => { model = undefined; });

test.each(wires)('%s says the text whole, and in the pieces of a stream', async (wire) => {
  const whole = await (await ask(wire, { text: 'four words of text', unitsPerEvent: 5 })).text();
  const stream = await (await ask(wire, { text: 'four words of text', unitsPerEvent: 5 }, { stream: true })).text();
  expect(whole).toContain('"four words of text"');
  expect(stream.match(/data: /g)!.length).toBeGreaterThan(3);
  for (const piece of ['"four "', '"words"', '" of t"', '"ext"']) expect(stream).toContain(piece);
});

test.each([
  ['responses', '"max_output_tokens"', '"type":"refusal"'],
  ['chat', '"finish_reason":"length"', '"finish_reason":"content_filter"'],
  ['anthropic', '"stop_reason":"max_tokens"', '"stop_reason":"refusal"'],
  ['google', '"finishReason":"MAX_TOKENS"', '"finishReason":"SAFETY"'],
] as const)('%s tells of a token limit and of a refusal in its own words', async (wire, length, refusal) => {
  for (const stream of [false, true]) {
    expect(await (await ask(wire, { text: 'x', finish: 'length' }, { stream })).text()).toContain(length);
    expect(await (await ask(wire, { text: 'x', finish: 'refusal' }, { stream })).text()).toContain(refusal);
  }
});

test.each(wires)('%s gives errors with the status, the headers and the form of its vendor', async (wire) => {
  const response = await ask(wire, { status: 429, headers: { 'retry-after': '7' }, message: 'slow down' });
  const body = (await response.json()) as { error: { message: string } };
  expect([response.status, response.headers.get('retry-after'), body.error.message]).toEqual([429, '7', 'slow down']);
});

test.each(wires)('%s cuts a stream after so many events, and a plain answer in its middle', async (wire) => {
  await expect(ask(wire, { text: 'x'.repeat(200), cutAfter: 2 }, { stream: true }).then((response) => response.text())).rejects.toThrow('terminated');
  await expect(ask(wire, { cutAfter: 1_000 }, { stream: true }).then((response) => response.text())).rejects.toThrow('terminated');
  await expect(ask(wire, { text: 'x'.repeat(200), cutAfter: 0 }).then((response) => response.text())).rejects.toThrow('terminated');
});

test('A silent model is seen to be left', async () => {
  for (const silentAfter of ['start', 0, 1, 1_000] as const) {
    const asking = ask('chat', { silentAfter }, { stream: true, signal: AbortSignal.timeout(150) }).then((response) => response.text());
    await expect(asking).rejects.toThrow('aborted');
  }
  await expect.poll(() => model!.requests.map(({ aborted }) => aborted)).toEqual([true, true, true, true]);
});

test('Replies come in turn, the last for ever, and what was asked is kept', async () => {
  const replies: Reply[] = [{ status: 500 }, { text: 'second' }];
  model = await startFakeModel({ script: replies });
  const post = (body: object): Promise<Response> => fetch(`${model!.url}/v1/chat/completions`, { method: 'POST', headers: { authorization: 'Bearer key' }, body: JSON.stringify(body) });
  const statuses = [await post({ model: 'a' }), await post({ model: 'b', tools: [{ type: 'function', function: { name: 'shell' } }] }), await post({})].map(({ status }) => status);
  expect(statuses).toEqual([500, 200, 200]);
  expect(model.requests.map(({ index, model: asked, tools, headers }) => [index, asked, tools, headers.authorization])).toEqual([
    [0, 'a', [], 'Bearer key'],
    [1, 'b', ['shell'], 'Bearer key'],
    [2, 'undefined', [], 'Bearer key'],
  ]);
});

test('JSON goes out as a call of the structured-output tool where one is offered, else as text', async () => {
  const body = { tools: [{ name: 'StructuredOutput', input_schema: {} }] };
  expect(await (await ask('anthropic', { json: { score: 9 } }, { body })).json()).toMatchObject({ content: [{ type: 'tool_use', name: 'StructuredOutput', input: { score: 9 } }], stop_reason: 'tool_use' });
  expect(await (await ask('anthropic', { json: { score: 9 } })).json()).toMatchObject({ content: [{ type: 'text', text: '{"score":9}' }] });
});

test('Whatever is no call of a model is noted apart', async () => {
  model = await startFakeModel();
  await fetch(`${model.url}/v1/models`);
  await fetch(`${model.url}/v1/messages/count_tokens?beta=true`, { method: 'POST', body: '{}' });
  expect([model.requests, model.strays]).toEqual([[], ['GET /v1/models', 'POST /v1/messages/count_tokens']]);
});

test('As a proxy it leads nowhere and says who was wanted', async () => {
  model = await startFakeModel();
  const { port } = new URL(model.url);
  const asking = request({ host: '127.0.0.1', port, method: 'CONNECT', path: 'telemetry.example:443' }).end();
  const [response] = (await once(asking, 'connect')) as [IncomingMessage];
  expect([response.statusCode, model.strays]).toEqual([403, ['CONNECT telemetry.example:443']]);
});

test('A reply is slow to begin or slow to go on', async () => {
  const started = performance.now();
  await (await ask('anthropic', { delayMs: 60 })).text();
  const delayed = performance.now() - started;
  await (await ask('anthropic', { eventDelayMs: 20 }, { stream: true })).text();
  expect([delayed >= 60, performance.now() - started - delayed >= 100]).toEqual([true, true]);
});
