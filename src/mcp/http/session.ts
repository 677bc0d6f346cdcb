import type { IncomingMessage, ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { JSONRPCMessage, RequestId } from '@modelcontextprotocol/sdk/types.js';
import { withPlainErrors } from '#mcp/plain-errors.ts';
import type { Principal } from '#mcp/principal.ts';
import type { Message } from './read-messages.ts';

/** One client from its `initialize` to its end, with a transport and a server of the SDK of its own. */
export interface Session {
  readonly id: string;
  readonly principal: Principal;
  /** A call in hand, or a stream that the client listens to. */
  isBusy(): boolean;
  /** Milliseconds of performance.now(). */
  usedAt(): number;
  /** Answers one request; `body` is that of a POST, read already. */
  handle(request: IncomingMessage, response: ServerResponse, posted?: { readonly body: unknown; readonly messages: readonly Message[] }): Promise<void>;
  /** Answers what is still open with the reason, then ends. What the calls were about goes on. */
  close(reason: string): Promise<void>;
}

export interface SessionOptions {
  readonly principal: Principal;
  readonly createServer: (principal: Principal) => McpServer;
  readonly keepAliveMs: number;
  /** Called once, whoever ended it. */
  readonly onClosed: (id: string) => void;
}

/** JSON-RPC: an error of the server's own. */
const closingCode = -32000;

export async function openSession({ principal, createServer, keepAliveMs, onClosed }: SessionOptions): Promise<Session> {
  const id = randomUUID();
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: () => id, keepAliveMs });
  const server = createServer(principal);
  const calls = trackCalls(transport);
  let [usedAt, streams, hasBatches] = [performance.now(), 0, false];
  server.server.onclose = () => onClosed(id);
  await server.connect(transport as Parameters<McpServer['connect']>[0]);
  return {
    id,
    principal,
    isBusy: () => streams > 0 || calls.open.size > 0,
    usedAt: () => usedAt,
    handle: async (request, response, posted) => {
      usedAt = performance.now();
      streams += 1;
      response.once('close', () => {
        [usedAt, streams] = [performance.now(), streams - 1];
      });
      hasBatches ||= Array.isArray(posted?.body);
      calls.note(posted?.messages ?? []);
      await transport.handleRequest(request, response, posted?.body);
      // The SDK gives no answer to a cancelled call, and would keep its stream open to the end of the session.
      for (const cancelled of hasBatches ? [] : cancelledIn(posted?.messages ?? [])) transport.closeSSEStream(cancelled);
    },
    close: async (reason) => {
      const told = [...calls.open].map((call) => transport.send({ jsonrpc: '2.0', id: call, error: { code: closingCode, message: reason } }).catch(() => undefined));
      await Promise.all(told);
      await server.close();
    },
  };
}

interface Calls {
  readonly open: ReadonlySet<RequestId>;
  note(messages: readonly Message[]): void;
}

// Which calls wait for their answer: the SDK keeps that to itself.
function trackCalls(transport: StreamableHTTPServerTransport): Calls {
  const open = new Set<RequestId>();
  const send = transport.send.bind(transport);
  transport.send = async (message: JSONRPCMessage, options) => {
    if ('id' in message && !('method' in message) && message.id !== undefined) open.delete(message.id);
    await send(withPlainErrors(message), options);
  };
  return {
    open,
    note: (messages) => {
      for (const { id, method } of messages) if (isId(id) && typeof method === 'string') open.add(id);
      for (const id of cancelledIn(messages)) open.delete(id);
    },
  };
}

function cancelledIn(messages: readonly Message[]): RequestId[] {
  return messages.flatMap(({ method, params }) => (method === 'notifications/cancelled' && isId(params?.requestId) ? [params.requestId] : []));
}

function isId(id: unknown): id is RequestId {
  return typeof id === 'string' || typeof id === 'number';
}
