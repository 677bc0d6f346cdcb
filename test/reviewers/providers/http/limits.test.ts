import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { startFakeModel, type FakeModel } from '#test/support/fake-model/fake-model.ts';
import { maxAnswerBytes } from '#reviewers/providers/provider.ts';
import { apis, ask, codeOf, failureOf, providerAt } from './asking.ts';

/** At once on a free machine. */
const soon = { interval: 2, timeout: 10_000 };

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function fakeModel(): Promise<FakeModel> {
  const model = await startFakeModel();
  closing.push(() => model.close());
  return model;
}

interface Serving {
  readonly url: string;
  /** Open ones. */
  connections(): Promise<number>;
  /** Bytes that were written, to the buffers of the system at least. */
  written(): number;
}

/** A server that does one thing to every request. */
async function serving(respond: (response: ServerResponse) => void): Promise<Serving> {
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => { request.resume().on('end', () => respond(response)); });
  server.on('connection', (socket) => sockets.add(socket));
  server.on('clientError', (_, socket) => socket.destroy());
  closing.push(() => closed(server));
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const connections = (): Promise<number> => new Promise((resolve, reject) => { server.getConnections((error, count) => { if (error) reject(error); else resolve(count); }); });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, connections, written: () => [...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, 0) };
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => { server.close(() => resolve()); });
}

/** Writes the same for ever, as fast as it is read. */
function writeForEver(response: ServerResponse, piece: Buffer): void {
  const go = (): void => { while (!response.destroyed && response.write(piece)); };
  response.on('drain', go);
  go();
}

test.each(apis.flatMap((api) => (['start', 0, 2] as const).map((silentAfter) => [api, silentAfter] as const)))('%s that falls silent (after %s events) is left when the signal says so, and sees it', async (api, silentAfter) => {
  const model = await fakeModel();
  model.follow({ text: 'x'.repeat(200), silentAfter });
  const controller = new AbortController();
  const reason = new Error('enough');
  const asking = ask(providerAt(api, model.url), {}, controller.signal).catch((error: unknown) => error);
  await expect.poll(() => model.requests.length, soon).toBe(1);
  await new Promise((resolve) => { setTimeout(resolve, 15); });
  controller.abort(reason);
  expect(await asking).toBe(reason);
  await expect.poll(() => model.requests[0]!.aborted, soon).toBe(true);
});

test.each(apis)('%s is not asked at all when the signal has spoken before', async (api) => {
  const model = await fakeModel();
  const reason = new Error('too late');
  for (const options of [{}, { apiKey: 'not usable' }]) expect(await ask(providerAt(api, model.url, options), {}, AbortSignal.abort(reason)).catch((error: unknown) => error)).toBe(reason);
  expect([model.requests, model.strays]).toEqual([[], []]);
});

test('A slow stream lasts as long as the signal lets it', async () => {
  const model = await fakeModel();
  model.follow({ text: 'x'.repeat(200), eventDelayMs: 15 });
  expect((await ask(providerAt('openai-compatible', model.url))).text).toBe('x'.repeat(200));
  const controller = new AbortController();
  const reason = new Error('time is up');
  const asking = ask(providerAt('openai-compatible', model.url), {}, controller.signal).catch((error: unknown) => error);
  await expect.poll(() => model.requests.length, soon).toBe(2);
  controller.abort(reason);
  expect(await asking).toBe(reason);
  await expect.poll(() => model.requests.map(({ aborted }) => aborted), soon).toEqual([false, true]);
});

test.each(apis)('%s may answer with as much as an answer may be, and with nothing more', async (api) => {
  const model = await fakeModel();
  model.follow({ text: 'x'.repeat(maxAnswerBytes), unitsPerEvent: 500_000 });
  expect((await ask(providerAt(api, model.url))).text.length).toBe(maxAnswerBytes);
  model.follow({ text: `${'x'.repeat(maxAnswerBytes - 1)}ö`, unitsPerEvent: 500_000 });
  expect(await codeOf(ask(providerAt(api, model.url)))).toBe('UnreadableOutput PROVIDER_OUTPUT_TOO_LARGE');
});

test.each([
  ['a line that never ends', 32, Buffer.from(`data: ${'x'.repeat(65_000)}`)],
  ['short comments for ever', 16, Buffer.from(':\n'.repeat(30_000))],
  ['comments for ever', 80, Buffer.from(`: ${'still thinking '.repeat(80)}\n\n`.repeat(60))],
])('A stream of %s is left before %i MB are sent, with its connection', async (_what, megabytes, piece) => {
  const server = await serving((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    writeForEver(response, piece);
  });
  const before = process.memoryUsage().rss;
  expect(await failureOf(ask(providerAt('openai-compatible', server.url)))).toEqual({
    kind: 'UnreadableOutput', code: 'PROVIDER_OUTPUT_TOO_LARGE', message: 'The answer of openai-compatible is longer than 8 MB, or does not end: choose another model or a shorter text.',
  });
  expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
  expect(server.written()).toBeLessThan(megabytes * 1_000_000);
  await expect.poll(() => server.connections(), soon).toBe(0);
});

test('An explanation of an error that never ends is not waited for', async () => {
  const server = await serving((response) => {
    response.writeHead(500, { 'content-type': 'text/html', 'retry-after': '3' });
    writeForEver(response, Buffer.alloc(65_536, 'sorry '));
  });
  expect(await failureOf(ask(providerAt('anthropic', server.url)))).toMatchObject({ code: 'PROVIDER_FAILED', retryAfterMs: 3000 });
  expect(server.written()).toBeLessThan(16_000_000);
  await expect.poll(() => server.connections(), soon).toBe(0);
});

test('A stream that goes on after it has failed is left', async () => {
  const server = await serving((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: {"type":"response.failed","sequence_number":1,"response":{"error":{"code":"server_error","message":"boom"}}}\n\n');
    const timer = setInterval(() => response.write(': still here\n\n'), 5);
    response.on('close', () => clearInterval(timer));
  });
  expect(await codeOf(ask(providerAt('openai', server.url)))).toBe('Unavailable PROVIDER_FAILED');
  await expect.poll(() => server.connections(), soon).toBe(0);
});

test('No connection is kept for another ask', async () => {
  const model = await fakeModel();
  model.follow([{}, { status: 500 }]);
  for (const api of apis) await ask(providerAt(api, model.url)).catch(() => undefined);
  expect(model.requests.map(({ headers }) => headers.connection)).toEqual(['close', 'close', 'close', 'close']);
});

test('Headers larger than 16 kB are no answer', async () => {
  const model = await fakeModel();
  model.follow({ headers: { 'x-large': 'y'.repeat(20_000) } });
  for (const api of apis) expect(await codeOf(ask(providerAt(api, model.url)))).toBe('UnreadableOutput PROVIDER_ANSWER_MALFORMED');
});

test('What is no HTTP is no answer', async () => {
  const server = createTcpServer((socket) => socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.9\r\n')));
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const failure = await codeOf(ask(providerAt('openai', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)));
  server.close();
  expect(failure).toBe('UnreadableOutput PROVIDER_ANSWER_MALFORMED');
});

test('A server that hangs up before its first word has cut the connection', async () => {
  const server = createTcpServer((socket) => socket.once('data', () => socket.destroy()));
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const failure = await codeOf(ask(providerAt('openai', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)));
  server.close();
  expect(failure).toBe('Unavailable PROVIDER_CUT_OFF');
});

test('Nobody there is no connection, told with the address', async () => {
  const server = createTcpServer();
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.close();
  await once(server, 'close');
  for (const api of apis) {
    expect(await failureOf(ask(providerAt(api, url)))).toEqual({
      kind: 'Unavailable', code: 'PROVIDER_UNREACHABLE',
      message: `No connection to ${api} at ${url}/${api === 'google' ? 'v1beta' : 'v1'} (ECONNREFUSED): check the address and the network, or try again later.`,
    });
  }
});

test('A host that does not exist is no connection', async () => {
  const failure = await failureOf(ask(providerAt('openai', 'http://nowhere.invalid')));
  expect(failure).toMatchObject({ kind: 'Unavailable', code: 'PROVIDER_UNREACHABLE' });
});

test('A server without TLS behind an https address is the wrong address', async () => {
  const model = await fakeModel();
  expect(await failureOf(ask(providerAt('openai', model.url.replace('http:', 'https:'))))).toMatchObject({ kind: 'Misconfigured', code: 'PROVIDER_ADDRESS' });
});
