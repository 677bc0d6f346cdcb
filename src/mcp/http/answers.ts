import type { IncomingMessage, ServerResponse } from 'node:http';

/** What is answered where no session is asked: the status, and a JSON-RPC error that says why. */
export interface Refusal {
  readonly status: number;
  /** JSON-RPC: -32700 not JSON, -32600 not a request, -32001 no such session, -32000 all else. */
  readonly code?: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Headers of every answer: a browser must not guess what it is, nor keep it. */
export function guardAnswer(response: ServerResponse): void {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Cache-Control', 'no-store');
}

/** How long what is still being sent is thrown away: a connection that is cut at once takes the answer with it. */
const lingerMs = 1_000;

/** Ends the connection as well if the other side goes on sending. */
export function refuse(request: IncomingMessage, response: ServerResponse, { status, code = -32000, message, headers = {} }: Refusal): void {
  if (response.headersSent || response.destroyed) return;
  const body = JSON.stringify({ jsonrpc: '2.0', error: { code, message }, id: null });
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), ...headers });
  response.end(body);
  if (request.complete) return;
  request.removeAllListeners('data').resume();
  setTimeout(() => {
    if (!request.complete) request.destroy();
  }, lingerMs).unref();
}

export function sendJson(response: ServerResponse, value: unknown): void {
  const body = JSON.stringify(value);
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}
