import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { serveUntilTold, type ServeUntilTold } from '#mcp/http/serve-until-told.ts';
import { makeScratch, type Scratch } from '#test/support/scratch.ts';
import { connect } from './small-host.ts';

let scratch: Scratch;

beforeEach(() => {
  scratch = makeScratch('serve-http');
});

afterEach(() => scratch.remove());

async function serve(options: Partial<ServeUntilTold>, use: (url: string, said: readonly string[]) => Promise<void> = () => Promise.resolve()): Promise<string[]> {
  const said: string[] = [];
  const signals = new EventEmitter();
  const end = serveUntilTold({ address: '0', stateDir: scratch.root, token: undefined, createServer: () => new McpServer({ name: 'empty', version: '1' }), signals, say: (line) => said.push(line), ...options });
  for (let n = 0; n < 200 && said.length < 2; n += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  await use(said[0]!.split(' ').at(-1)!, said);
  signals.emit('SIGTERM');
  await end;
  return said;
}

test('the first start makes a token and shows it; later ones name its place alone', async () => {
  const file = join(scratch.root, 'mcp-token');
  const first = await serve({}, async (url) => (await connect(url, readFileSync(file, 'utf8').trim())).client.close());
  const second = await serve({});
  const token = readFileSync(file, 'utf8').trim();
  expect(first).toEqual([expect.stringMatching(/^MCP is spoken at http:\/\/127\.0\.0\.1:\d+\/mcp$/), `A token was made: ${token}`, `Clients show the token kept in ${file}.`]);
  expect(second).toEqual([expect.any(String), `Clients show the token kept in ${file}.`]);
});

test('a token of the environment is never shown', async () => {
  const token = 'environment-0123456789abcdef';
  const said = await serve({ token }, async (url) => (await connect(url, token)).client.close());
  expect(said).toEqual([expect.any(String), 'Clients show the token of KOUBOU_MCP_TOKEN.']);
});

test('an address that other machines reach is warned of', async () => {
  expect((await serve({ address: '0.0.0.0:0' })).at(-1)).toBe('Other machines can reach this address, and what they send is not encrypted. Put a proxy with TLS before it.');
});
