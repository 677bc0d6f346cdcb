import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';
import type { Principal } from '#mcp/principal.ts';
import { serveHttp, type HttpHost, type HttpOptions } from '#mcp/http/serve-http.ts';

export const tokens = { ann: 'ann-0123456789abcdef', ben: 'ben-0123456789abcdef' };

export interface SmallHost extends HttpHost {
  readonly port: number;
  readonly log: readonly string[];
  /** Calls of `work` that have begun and ended, whoever waited for them. */
  readonly work: { readonly begun: string[]; readonly ended: string[] };
}

/** The real host before a server with three tools of this test, on a free port, for two principals. */
export async function startSmallHost(options: Partial<HttpOptions> = {}): Promise<SmallHost> {
  const log: string[] = [];
  const work: SmallHost['work'] = { begun: [], ended: [] };
  const host = await serveHttp({
    host: '127.0.0.1',
    port: 0,
    tokens: Object.entries(tokens).map(([tenant, token]) => ({ token, principal: { tenant } })),
    createServer: (principal) => smallServer(principal, work),
    log: (line) => log.push(line),
    ...options,
  });
  return { ...host, port: Number(new URL(host.url).port), log, work };
}

function smallServer(principal: Principal, work: SmallHost['work']): McpServer {
  const server = new McpServer({ name: 'small', version: '1' });
  const text = (words: string) => ({ content: [{ type: 'text' as const, text: words }] });
  server.registerTool('whoami', { inputSchema: {} }, () => text(principal.tenant ?? 'all'));
  server.registerTool('echo', { inputSchema: { words: z.string(), ms: z.number().default(0) } }, async ({ words, ms }) => {
    await sleep(ms);
    return text(words);
  });
  server.registerTool('work', { inputSchema: { name: z.string(), ms: z.number() } }, async ({ name, ms }) => {
    work.begun.push(name);
    await sleep(ms);
    work.ended.push(name);
    return text(name);
  });
  return server;
}

export interface Connected {
  readonly client: Client;
  readonly transport: StreamableHTTPClientTransport;
  call(tool: string, words?: Record<string, unknown>): Promise<string>;
}

export async function connect(url: string, token: string = tokens.ann): Promise<Connected> {
  const client = new Client({ name: 'test', version: '1' });
  const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { Authorization: `Bearer ${token}` } } });
  await client.connect(transport as Parameters<Client['connect']>[0]);
  return {
    client,
    transport,
    call: async (name, words = {}) => {
      const { content } = await client.callTool({ name, arguments: words });
      return (content as { text: string }[])[0]!.text;
    },
  };
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export const initialize = { jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'raw', version: '1' } } };

export const usual = { Authorization: `Bearer ${tokens.ann}`, 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' };

/** One request as it is given; a header that is '' is left out. */
export function ask(port: number, { method = 'POST', path = '/mcp', headers = {}, body }: Asked = {}): Promise<Answered> {
  const given = Object.fromEntries(Object.entries({ ...usual, ...headers }).filter(([, value]) => value !== ''));
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, method, path, headers: given, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body: text }));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body ?? (method === 'POST' ? JSON.stringify(initialize) : undefined));
  });
}
