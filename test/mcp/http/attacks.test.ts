import { readFileSync } from 'node:fs';
import { connect as connectSocket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, initialize, startSmallHost, tokens, type SmallHost } from './small-host.ts';

const rows = readFileSync(new URL('../../fixtures/attacks/mcp-http.jsonl', import.meta.url), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as { id: string; input: string; expected: string });

let host: SmallHost;

beforeAll(async () => {
  host = await startSmallHost({ limits: { headersMs: 600 } });
});

afterAll(() => host.close());

const held: Readonly<Record<string, () => Promise<void>>> = {
  'mcp-01': async () => {
    expect(await statusWithoutBody({ Host: `attacker.invalid:${host.port}` })).toBe(403);
  },
  'mcp-03': async () => {
    expect(await statusWithoutBody({ Origin: 'null' })).toBe(403);
  },
  'mcp-05': async () => {
    const token = `${tokens.ann.slice(0, -1)}g`;
    expect([token.length, (await ask(host.port, { headers: { Authorization: `Bearer ${token}` } })).status]).toEqual([tokens.ann.length, 401]);
  },
  'mcp-07': async () => {
    const session = String((await ask(host.port)).headers['mcp-session-id']);
    const ping = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
    const answers = await Promise.all([tokens.ben, tokens.ann].map((token) => ask(host.port, { body: ping, headers: { Authorization: `Bearer ${token}`, 'Mcp-Session-Id': session } })));
    expect(answers.map(({ status }) => status)).toEqual([404, 200]);
  },
  'mcp-09': async () => {
    const session = String((await ask(host.port)).headers['mcp-session-id']);
    const calls = Array.from({ length: 10_000 }, (_, id) => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'work', arguments: { name: 'batch', ms: 0 } } }));
    const { status, body } = await ask(host.port, { body: JSON.stringify(calls), headers: { 'Mcp-Session-Id': session } });
    expect([status, JSON.parse(body), host.work.begun]).toEqual([400, { jsonrpc: '2.0', id: null, error: { code: -32600, message: 'A batch may have 50 messages at most.' } }, []]);
  },
  'mcp-11': async () => {
    const { status, headers, body } = await ask(host.port, { method: 'GET', path: '/', headers: { Accept: 'text/html', Authorization: '' } });
    expect([status, headers['content-type'], headers['x-content-type-options'], body.includes('<')]).toEqual([404, 'application/json', 'nosniff', false]);
  },
  'mcp-15': async () => {
    const begun = performance.now();
    const answer = await oneByteAtATime(`POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ${'a'.repeat(1000)}`);
    expect([answer.split('\r\n')[0], performance.now() - begun < 5_000]).toEqual(['HTTP/1.1 408 Request Timeout', true]);
  },
};

describe('the attack', () => {
  // The folder of a project is a matter of the tools: test/mcp/http/whole-server.it.test.ts.
  test.each(rows.filter(({ id }) => id !== 'mcp-13'))('$id $input: $expected', async ({ id }) => {
    await held[id]!();
  });

  test('of 64 MiB is refused before it is kept, and the host goes on', async () => {
    const before = process.memoryUsage().rss;
    const large = await Promise.allSettled(['', 'chunked'].map((encoding) => ask(host.port, { body: Buffer.alloc(64 * 1024 * 1024, 32), headers: { 'Transfer-Encoding': encoding } })));
    expect(large.map((end) => (end.status === 'fulfilled' ? end.value.status : end.status))).toEqual([413, 413]);
    expect((process.memoryUsage().rss - before) / 1024 / 1024).toBeLessThan(400);
    expect((await ask(host.port)).status).toBe(200);
  });

  test('of JSON that is nested a million deep is answered', async () => {
    const deep = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`;
    expect((await ask(host.port, { body: deep })).status).toBe(400);
    expect((await ask(host.port)).status).toBe(200);
  });

  test('of a body that never ends does not hold the connection', async () => {
    const slow = await startSmallHost({ limits: { headersMs: 300, requestMs: 600 } });
    const begun = performance.now();
    const end = await ask(slow.port, { body: JSON.stringify(initialize), headers: { 'Content-Length': '5000' } }).then(({ status }) => status, (error: Error) => error.message);
    expect([String(end), performance.now() - begun < 5_000]).toEqual([expect.stringMatching(/408|hang up|reset/), true]);
    await slow.close();
  });

  test.each(['GET /mcp HTTP/1.1\r\n\r\n', 'GARBAGE\r\n\r\n', 'POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n', `GET /mcp HTTP/1.1\r\nHost: localhost\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`])('of no proper HTTP is answered by a status alone: %#', async (text) => {
    const answer = await raw(text);
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(answer).not.toMatch(/<|node_modules/);
  });
});

/** The status of a request whose body never comes. */
function statusWithoutBody(headers: Readonly<Record<string, string>>): Promise<number> {
  const all = { Host: `127.0.0.1:${host.port}`, Authorization: `Bearer ${tokens.ann}`, 'Content-Type': 'application/json', 'Content-Length': '5000000', ...headers };
  const head = `POST /mcp HTTP/1.1\r\n${Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  return raw(head).then((answer) => Number(answer.split(' ')[1]));
}

/** What is answered to these bytes, until the other side is done or silent for a while. */
function raw(text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connectSocket(host.port, '127.0.0.1', () => socket.write(text));
    const done = (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('data', (part) => {
      answer += part.toString('utf8');
      setTimeout(done, 100);
    });
    socket.on('error', done).on('close', done);
  });
}

async function oneByteAtATime(text: string): Promise<string> {
  let answer = '';
  const socket = connectSocket(host.port, '127.0.0.1');
  const closed = new Promise<void>((resolve) => { socket.on('close', () => resolve()); });
  socket.on('data', (part) => (answer += part.toString('utf8'))).on('error', () => undefined);
  for (const byte of text) {
    if (socket.closed || answer !== '') break;
    socket.write(byte);
    await sleep(20);
  }
  await closed;
  return answer;
}
