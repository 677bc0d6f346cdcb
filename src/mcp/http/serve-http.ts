import { createServer as createHttpServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { AppError } from '#domain/errors.ts';
import type { Principal } from '#mcp/principal.ts';
import { admit, endpoint, type Gate } from './admission.ts';
import { guardAnswer, refuse, sendJson } from './answers.ts';
import { answerMcp } from './answer-mcp.ts';
import { defaultHttpLimits, type HttpLimits } from './limits.ts';
import { allowedPlaces } from './places.ts';
import { createPrincipals, type TokenOf } from './principals.ts';
import { createRateLimit } from './rate-limit.ts';
import { resourceMetadata } from './resource-metadata.ts';
import { createSessions } from './sessions.ts';

export interface HttpOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly tokens: readonly TokenOf[];
  /** How clients call this host through a proxy; without a trailing path of its own. */
  readonly publicUrl?: URL;
  readonly limits?: Partial<HttpLimits>;
  /** A server of its own for every session. */
  readonly createServer: (principal: Principal) => McpServer;
  /** Lines for the log; nothing of what was sent. */
  readonly log: (line: string) => void;
}

export interface HttpHost {
  /** Of the endpoint, as this machine calls it. */
  readonly url: string;
  readonly sessions: () => number;
  /** Takes no more calls, answers those that wait, and ends. Runs go on. */
  close(): Promise<void>;
}

/**
 * Speaks MCP over streamable HTTP until it is closed.
 *
 * Fails   InvalidInput MCP_ADDRESS_UNAVAILABLE
 */
export async function serveHttp(options: HttpOptions): Promise<HttpHost> {
  const limits = { ...defaultHttpLimits, ...options.limits };
  const { publicUrl } = options;
  const gate: Gate = {
    places: allowedPlaces(options.host, publicUrl),
    principals: createPrincipals(options.tokens),
    maxBodyBytes: limits.maxBodyBytes,
    ...(publicUrl === undefined ? {} : { publicUrl }),
  };
  const sessions = createSessions(limits);
  const rate = createRateLimit({ burst: limits.burst, perSecond: limits.callsPerSecond, now: () => performance.now() });
  const server = createHttpServer({ headersTimeout: limits.headersMs, requestTimeout: limits.requestMs, connectionsCheckingInterval: Math.min(5_000, limits.headersMs / 2) }, (request, response) => {
    guardAnswer(response);
    const admission = admit(request, gate);
    if (admission.kind === 'refused') return refuse(request, response, admission.refusal);
    if (admission.kind === 'metadata') return sendJson(response, resourceMetadata(publicUrl!, endpoint));
    const { principal, method } = admission;
    answerMcp({ request, response, principal, method }, { sessions, rate, limits, createServer: options.createServer }).catch((error: unknown) => {
      if (request.destroyed && !request.complete) return;
      options.log(`a request ended by ${error instanceof Error ? error.name : typeof error}`);
      refuse(request, response, { status: 500, message: 'That went wrong inside the server. What was asked of a run goes on; try again.' });
    });
  });
  server.on('clientError', answerBroken);
  await listen(server, options);
  const reaper = setInterval(() => void sessions.reap(), Math.min(60_000, limits.sessionIdleMs / 2)).unref();
  return {
    url: urlOf(server, options.host),
    sessions: () => sessions.count,
    close: async () => {
      clearInterval(reaper);
      await closeAll(server, () => sessions.close('The server is closing. Nothing is lost: runs go on. Call again once it is back.'), limits.closeGraceMs);
    },
  };
}

// What is no HTTP, or takes too long to become some.
function answerBroken({ code }: NodeJS.ErrnoException, socket: Duplex): void {
  if (code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [status, words] = code === 'ERR_HTTP_REQUEST_TIMEOUT' ? [408, 'Request Timeout'] : code === 'HPE_HEADER_OVERFLOW' ? [431, 'Request Header Fields Too Large'] : [400, 'Bad Request'];
  socket.end(`HTTP/1.1 ${status} ${words}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

async function listen(server: Server, { host, port }: Pick<HttpOptions, 'host' | 'port'>): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'EADDRINUSE' ? 'is taken' : `cannot be listened on (${cause.code ?? 'unknown cause'})`;
      reject(new AppError('InvalidInput', 'MCP_ADDRESS_UNAVAILABLE', `${host}:${port} ${why}. Give another port, or 0 for any that is free.`, { cause }));
    });
    server.listen(port, host, resolve);
  });
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}${endpoint}`;
}

async function closeAll(server: Server, closeSessions: () => Promise<void>, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => { server.close(() => resolve()); });
  await closeSessions();
  server.closeIdleConnections();
  const late = setTimeout(() => server.closeAllConnections(), graceMs).unref();
  await closed;
  clearTimeout(late);
}

