import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, initialize, startSmallHost, tokens, usual, type Answered, type SmallHost } from './small-host.ts';

let host: SmallHost;
let open: SmallHost;

beforeAll(async () => {
  host = await startSmallHost({ limits: { maxBodyBytes: 10_000, maxBatch: 5 } });
  open = await startSmallHost({ publicUrl: new URL('https://reviews.example/koubou/') });
});

afterAll(() => Promise.all([host.close(), open.close()]));

/** Status and JSON-RPC code: whatever is refused is refused in JSON, guarded against browsers, and without a trace of the program. */
function refusal({ status, headers, body }: Answered): [number, number] {
  const { jsonrpc, id, error } = JSON.parse(body) as { jsonrpc: string; id: null; error: { code: number; message: string } };
  expect([jsonrpc, id, headers['content-type'], headers['x-content-type-options'], headers['cache-control']]).toEqual(['2.0', null, 'application/json', 'nosniff', 'no-store']);
  expect(headers['access-control-allow-origin']).toBeUndefined();
  expect(error.message).toMatch(/^[A-Z][^\n]{10,200}\.$/);
  expect(error.message).not.toMatch(/\n| at [a-zA-Z.]+ \(|node_modules|\/src\/|[0-9a-f]{16}/);
  return [status, error.code];
}

describe('a request is refused', () => {
  test.each([
    ['without a token', { headers: { Authorization: '' } }, 401],
    ['with another token', { headers: { Authorization: 'Bearer none-0123456789abcdef' } }, 401],
    ['with a password', { headers: { Authorization: 'Basic YW5uOmFubg==' } }, 401],
    ['with the token in its address', { path: `/mcp?access_token=${tokens.ann}` }, 400],
    ['with the token in both', { path: `/mcp?Token=${tokens.ann}` }, 400],
    ['under another name', { headers: { Host: 'evil.example' } }, 403],
    ['from a page elsewhere', { headers: { Origin: 'https://evil.example' } }, 403],
    ['at another place', { path: '/' }, 404],
    ['below the endpoint', { path: '/mcp/x' }, 404],
    ['for another host', { path: 'http://evil.example/mcp' }, 404],
    ['for metadata of a host without a public address', { method: 'GET', path: '/.well-known/oauth-protected-resource' }, 404],
    ['with PUT', { method: 'PUT' }, 405],
    ['with OPTIONS: no page may ask first', { method: 'OPTIONS', headers: { Origin: 'http://localhost:3000' } }, 405],
    ['as text', { headers: { 'Content-Type': 'text/plain' } }, 415],
    ['as a form', { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }, 415],
    ['as almost JSON', { headers: { 'Content-Type': 'text/plain; application/json' } }, 415],
    ['compressed', { headers: { 'Content-Encoding': 'gzip' } }, 415],
    ['with too large a body', { body: 'x'.repeat(10_001) }, 413],
    ['accepting no stream', { headers: { Accept: 'application/json' } }, 406],
    ['as GET without a session', { method: 'GET' }, 400],
    ['as DELETE without a session', { method: 'DELETE' }, 400],
    ['with an unknown session', { headers: { 'Mcp-Session-Id': '11111111-1111-4111-8111-111111111111' } }, 404],
  ])('%s', async (_, asked, status) => {
    const answered = await ask(host.port, asked);
    expect(answered.status).toBe(status);
    if (status !== 406) refusal(answered);
  });

  test.each([
    ['no JSON', '{"jsonrpc"', [400, -32700]],
    ['nothing', '', [400, -32700]],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]), [400, -32700]],
    ['a word', '"initialize"', [400, -32600]],
    ['null', 'null', [400, -32600]],
    ['no JSON-RPC', '{"method":"initialize"}', [400, -32600]],
    ['an empty batch', '[]', [400, -32600]],
    ['a batch of words', '["a","b"]', [400, -32600]],
    ['too large a batch', JSON.stringify(Array.from({ length: 6 }, () => initialize)), [400, -32600]],
    ['a call before initialize', JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }), [400, -32000]],
    ['initialize in a batch', JSON.stringify([initialize, initialize]), [400, -32000]],
    ['the probe of a newer era', JSON.stringify({ jsonrpc: '2.0', id: 'server-discover-probe-1', method: 'server/discover', params: {} }), [400, -32000]],
  ])('that carries %s', async (_, body, expected) => {
    expect(refusal(await ask(host.port, { body }))).toEqual(expected);
  });

  test('that carries too much without saying so before', async () => {
    expect(refusal(await ask(host.port, { body: Buffer.alloc(100_000, 32), headers: { 'Transfer-Encoding': 'chunked' } }))).toEqual([413, -32000]);
  });

  test('and leaves no session behind', () => {
    expect([host.sessions(), host.log]).toEqual([0, []]);
  });
});

describe('who is not known', () => {
  test('is told how to become so, and what was wrong only where something was shown', async () => {
    const challenges = await Promise.all(['', 'Bearer x'].map(async (authorization) => (await ask(host.port, { headers: { Authorization: authorization } })).headers['www-authenticate']));
    expect(challenges).toEqual(['Bearer realm="koubou"', 'Bearer realm="koubou", error="invalid_token"']);
  });

  test('finds the metadata of a public address', async () => {
    const { headers } = await ask(open.port, { headers: { Authorization: '', Host: 'reviews.example' } });
    expect(headers['www-authenticate']).toBe('Bearer realm="koubou", resource_metadata="https://reviews.example/koubou/.well-known/oauth-protected-resource"');
    const places = ['/.well-known/oauth-protected-resource', '/.well-known/oauth-protected-resource/mcp'];
    const answers = await Promise.all(places.map((path) => ask(open.port, { method: 'GET', path, headers: { Authorization: '' } })));
    const metadata = { resource: 'https://reviews.example/koubou/mcp', bearer_methods_supported: ['header'], resource_name: 'Koubou' };
    expect(answers.map(({ status, body }) => [status, JSON.parse(body)])).toEqual([[200, metadata], [200, metadata]]);
  });

  test('does not find out what calls there are', async () => {
    const answers = await Promise.all(['{}', 'no json', JSON.stringify(initialize)].map((body) => ask(host.port, { body, headers: { Authorization: '' } })));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body}`)).size).toBe(1);
  });
});

test('pages of this machine may ask, and are told nothing that lets other pages read it', async () => {
  const { status, headers } = await ask(host.port, { headers: { Origin: 'http://localhost:3000' } });
  expect([status, headers['access-control-allow-origin'], usual.Accept]).toEqual([200, undefined, 'application/json, text/event-stream']);
});
