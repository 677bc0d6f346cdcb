import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { ask, connect, initialize, startSmallHost, tokens, type Answered, type SmallHost } from './small-host.ts';
import type { HttpOptions } from '#mcp/http/serve-http.ts';

let hosts: SmallHost[] = [];

afterEach(async () => {
  await Promise.all(hosts.map((host) => host.close()));
  hosts = [];
});

async function start(options: Partial<HttpOptions> = {}): Promise<SmallHost> {
  const host = await startSmallHost(options);
  hosts.push(host);
  return host;
}

async function until(holds: () => boolean): Promise<void> {
  for (let n = 0; n < 500 && !holds(); n += 1) await sleep(10);
  expect(holds()).toBe(true);
}

function sessionOf({ headers }: Answered): string {
  return String(headers['mcp-session-id']);
}

const call = (id: number, name: string, words: object): string => JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: words } });

describe('a session', () => {
  test('is opened, used and ended by the SDK', async () => {
    const host = await start();
    const { client, transport, call } = await connect(host.url);
    const [words, open] = [await call('echo', { words: 'hello' }), host.sessions()];
    await transport.terminateSession();
    await client.close();
    expect([words, open, host.sessions()]).toEqual(['hello', 1, 0]);
  });

  test('that has ended is not found any more, so that clients begin a new one', async () => {
    const host = await start();
    const session = { 'Mcp-Session-Id': sessionOf(await ask(host.port)) };
    const answers = [
      await ask(host.port, { method: 'DELETE', headers: session }),
      await ask(host.port, { body: call(2, 'whoami', {}), headers: session }),
      await ask(host.port, { method: 'GET', headers: session }),
      await ask(host.port, { method: 'DELETE', headers: session }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 404, 404]);
  });

  test('belongs to whoever opened it: to another it is as unknown as one that never was', async () => {
    const host = await start();
    const id = sessionOf(await ask(host.port));
    const ben = { Authorization: `Bearer ${tokens.ben}` };
    const [stolen, random] = await Promise.all([id, '22222222-2222-4222-8222-222222222222'].map((session) => ask(host.port, { body: call(1, 'whoami', {}), headers: { ...ben, 'Mcp-Session-Id': session } })));
    expect([stolen!.status, stolen!.body]).toEqual([404, random!.body]);
    expect((await ask(host.port, { body: call(1, 'whoami', {}), headers: { 'Mcp-Session-Id': id } })).body).toContain('"text":"ann"');
  });

  test('is begun once', async () => {
    const host = await start();
    const first = await ask(host.port);
    expect([(await ask(host.port, { headers: { 'Mcp-Session-Id': sessionOf(first) } })).status, host.sessions()]).toEqual([400, 1]);
  });

  test('that nobody uses ends, one of a thousand as well as one alone', { timeout: 60_000 }, async () => {
    const host = await start({ limits: { sessionIdleMs: 1_500, maxSessions: 2_000, burst: 5_000 } });
    const kept = await connect(host.url);
    const opened = new Set<string>();
    for (let n = 0; n < 20; n += 1) (await Promise.all(Array.from({ length: 50 }, () => ask(host.port)))).forEach((answer) => opened.add(sessionOf(answer)));
    expect(opened.size).toBe(1_000);
    // The one stays: it listens.
    await until(() => host.sessions() === 1);
    expect(await kept.call('echo', { words: 'still here' })).toBe('still here');
    await kept.client.close();
  });

  test('of a principal who has many makes room for one who has fewer, but not for more of his own', async () => {
    const host = await start({ limits: { maxSessions: 3, sessionSettledMs: 60_000 } });
    for (let n = 0; n < 3; n += 1) await ask(host.port);
    const ben = { Authorization: `Bearer ${tokens.ben}` };
    const statuses = [];
    for (const headers of [{}, ben, ben, {}]) statuses.push((await ask(host.port, { headers })).status);
    expect([statuses, host.sessions()]).toEqual([[503, 200, 503, 503], 3]);
  });

  test('that was idle longest makes room where there are too many; one in use does not', async () => {
    const host = await start({ limits: { maxSessions: 2, sessionSettledMs: 1_500 } });
    const [first, second] = [await ask(host.port), await ask(host.port)];
    const full = await ask(host.port);
    await sleep(1_600);
    await ask(host.port, { body: call(2, 'whoami', {}), headers: { 'Mcp-Session-Id': sessionOf(first) } });
    const third = await ask(host.port);
    const statuses = await Promise.all([first, second, third].map(async (session) => (await ask(host.port, { body: call(3, 'whoami', {}), headers: { 'Mcp-Session-Id': sessionOf(session) } })).status));
    expect([full.status, full.headers['retry-after'], third.status, statuses, host.sessions()]).toEqual([503, '60', 200, [200, 404, 200], 2]);
  });
});

describe('calls', () => {
  test('40 at once in two sessions with equal ids: every answer comes to its own', async () => {
    const host = await start();
    const [ann, ben] = await Promise.all([connect(host.url, tokens.ann), connect(host.url, tokens.ben)]);
    const answers = await Promise.all([ann, ben].flatMap(({ call }, who) => Array.from({ length: 40 }, (_, n) => call('echo', { words: `${who}-${n}`, ms: (n * 7) % 40 }))));
    expect(answers).toEqual([0, 1].flatMap((who) => Array.from({ length: 40 }, (_, n) => `${who}-${n}`)));
    expect(await Promise.all([ann.call('whoami'), ben.call('whoami')])).toEqual(['ann', 'ben']);
    await Promise.all([ann.client.close(), ben.client.close()]);
  });

  test('go on when the stream that waits for them is dropped', async () => {
    const host = await start();
    const session = sessionOf(await ask(host.port));
    const aborted = new AbortController();
    const response = fetch(host.url, {
      method: 'POST', body: call(7, 'work', { name: 'long', ms: 300 }), signal: aborted.signal,
      headers: { Authorization: `Bearer ${tokens.ann}`, 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream', 'Mcp-Session-Id': session },
    });
    await response;
    await until(() => host.work.begun.includes('long'));
    aborted.abort();
    await until(() => host.work.ended.includes('long'));
    expect((await ask(host.port, { body: call(8, 'whoami', {}), headers: { 'Mcp-Session-Id': session } })).status).toBe(200);
    expect(host.log).toEqual([]);
  });

  test('that are cancelled keep no stream open', async () => {
    const host = await start();
    const headers = { 'Mcp-Session-Id': sessionOf(await ask(host.port)) };
    const waiting = ask(host.port, { body: call(7, 'work', { name: 'long', ms: 60_000 }), headers });
    await until(() => host.work.begun.includes('long'));
    const cancel = await ask(host.port, { body: JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 7 } }), headers });
    expect([cancel.status, (await waiting).body]).toEqual([202, '']);
  });

  test('are kept open by comments while they wait', async () => {
    const host = await start({ limits: { keepAliveMs: 20 } });
    const headers = { 'Mcp-Session-Id': sessionOf(await ask(host.port)) };
    const { body } = await ask(host.port, { body: call(7, 'echo', { words: 'late', ms: 500 }), headers });
    expect(body).toContain(': keepalive\n\n');
    expect(body).toContain('"text":"late"');
  });

  test('100 at once are far from the limit; beyond it callers are asked to wait', async () => {
    const host = await start();
    const { call, client } = await connect(host.url);
    expect(new Set(await Promise.all(Array.from({ length: 100 }, () => call('whoami'))))).toEqual(new Set(['ann']));
    await client.close();
    const narrow = await start({ limits: { burst: 3, callsPerSecond: 1 } });
    const answers = [];
    for (let n = 0; n < 5; n += 1) answers.push(await ask(narrow.port));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429]);
    expect([answers[4]!.headers['retry-after'], (await ask(narrow.port, { headers: { Authorization: `Bearer ${tokens.ben}` } })).status]).toEqual(['1', 200]);
  });

  test('of a batch count one by one', async () => {
    const host = await start({ limits: { burst: 10, callsPerSecond: 1 } });
    const headers = { 'Mcp-Session-Id': sessionOf(await ask(host.port)) };
    const batch = (size: number): string => JSON.stringify(Array.from({ length: size }, (_, n) => ({ jsonrpc: '2.0', id: n, method: 'ping' })));
    const [eight, eighth] = [await ask(host.port, { body: batch(8), headers }), await ask(host.port, { body: batch(8), headers })];
    expect([eight.status, eight.body.match(/"result"/g)?.length, eighth.status]).toEqual([200, 8, 429]);
  });

  test('an error inside is told without a word of where', async () => {
    const host = await start({ createServer: () => { throw new Error('secret at /home/someone/file.ts'); } });
    const { status, body } = await ask(host.port);
    expect([status, JSON.parse(body), host.log]).toEqual([500, { jsonrpc: '2.0', id: null, error: { code: -32000, message: 'That went wrong inside the server. What was asked of a run goes on; try again.' } }, ['a request ended by Error']]);
  });
});

describe('a host that closes', () => {
  test('answers those that wait, at once, and leaves their work alone', async () => {
    const host = await start();
    const { call } = await connect(host.url);
    const waiting = call('work', { name: 'long', ms: 1_500 }).catch((error: Error) => error.message);
    await until(() => host.work.begun.includes('long'));
    const begun = performance.now();
    await host.close();
    expect([await waiting, performance.now() - begun < 1_200, host.sessions()]).toEqual(['MCP error -32000: The server is closing. Nothing is lost: runs go on. Call again once it is back.', true, 0]);
    await until(() => host.work.ended.includes('long'));
  });

  test('takes no more calls', async () => {
    const host = await start();
    await host.close();
    await expect(ask(host.port)).rejects.toThrow('ECONNREFUSED');
  });

  test('cuts connections that will not end after its grace', async () => {
    const host = await start({ limits: { closeGraceMs: 100 } });
    const half = ask(host.port, { body: JSON.stringify(initialize), headers: { 'Content-Length': '9999' } }).catch((error: Error) => error.message);
    await sleep(50);
    const begun = performance.now();
    await host.close();
    expect([performance.now() - begun < 2_000, await half]).toEqual([true, expect.stringMatching(/hang up|reset/)]);
  });

  test('has a name for a taken address', async () => {
    const host = await start();
    await expect(start({ port: host.port })).rejects.toMatchObject({ kind: 'InvalidInput', code: 'MCP_ADDRESS_UNAVAILABLE' });
    await expect(start({ host: '203.0.113.9' })).rejects.toMatchObject({ kind: 'InvalidInput', code: 'MCP_ADDRESS_UNAVAILABLE' });
  });
});
