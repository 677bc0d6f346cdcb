import type { Readable, Writable } from 'node:stream';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { JSONRPCMessageSchema, type JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { withPlainErrors } from './plain-errors.ts';
import { idOfEnds, readLines, type Line } from './stdio-lines.ts';

/** As much as the SDK's own transport takes, which closes the connection at the first line that is longer. */
const maxLineBytes = 10 * 1024 * 1024;
/** As over HTTP. Clients of 2025-03-26 may send batches. */
const maxBatch = 50;

const parseError = -32_700;
const invalidRequest = -32_600;

export interface StdioStreams {
  readonly input: Readable;
  readonly output: Pick<Writable, 'write' | 'once'>;
}

/**
 * JSON-RPC over two streams, one message a line. Differs from the SDK's in four things: a line that is too long or no JSON is answered
 * and the connection goes on, as is a request that is none, which the SDK drops; a batch is taken message by message; the end of input
 * closes it; and a request may have the id 0 and be cancelled all the same.
 */
export function createStdioTransport({ input, output }: StdioStreams): Transport {
  const transport: Transport = {
    start: () => {
      const reader = readLines(maxLineBytes, (line) => take(line));
      input.on('data', (chunk: Buffer) => reader.push(chunk));
      input.on('error', (error) => transport.onerror?.(error));
      input.once('end', () => void transport.close());
      input.once('close', () => void transport.close());
      return Promise.resolve();
    },
    send: (message) => write(withPlainErrors(withOwnIds(message))),
    close: () => {
      input.pause();
      const { onclose } = transport;
      delete transport.onclose;
      onclose?.();
      return Promise.resolve();
    },
  };

  const write = (message: object): Promise<void> =>
    new Promise((resolve) => {
      if (output.write(`${JSON.stringify(message)}\n`)) resolve();
      else output.once('drain', resolve);
    });
  const refuse = (id: string | number | null, code: number, message: string): void => void write({ jsonrpc: '2.0', id, error: { code, message } });

  const take = (line: Line): void => {
    if ('tooLong' in line) return refuse(idOfEnds(line), invalidRequest, `A message may have ${maxLineBytes} bytes. Put a large text into a file and give its path.`);
    if (line.text.trim() === '') return;
    const message = parsed(line.text);
    if (message === undefined) return refuse(null, parseError, 'A line is no JSON.');
    if (!Array.isArray(message)) return takeOne(message);
    if (message.length === 0 || message.length > maxBatch) return refuse(null, invalidRequest, `A batch may have 1 to ${maxBatch} messages.`);
    for (const one of message) takeOne(one);
  };
  const takeOne = (message: unknown): void => {
    if (isMessage(message)) return transport.onmessage?.(withSafeIds(message));
    if (!isNotification(message)) refuse(idOf(message), invalidRequest, noRequest);
  };
  return transport;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const noRequest = 'That is no JSON-RPC message. It needs jsonrpc "2.0", a method, an id that is a text or a whole number, and params (with _meta and its progressToken) of the form that MCP names.';

function isMessage(value: unknown): value is JSONRPCMessage {
  return JSONRPCMessageSchema.safeParse(value).success;
}

// Nobody waits for its answer, so it gets none.
function isNotification(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'method' in value && typeof value.method === 'string' && !('id' in value) && 'jsonrpc' in value && value.jsonrpc === '2.0';
}

function idOf(value: unknown): string | number | null {
  if (typeof value !== 'object' || value === null || !('id' in value)) return null;
  const { id } = value;
  return typeof id === 'string' || (typeof id === 'number' && Number.isSafeInteger(id)) ? id : null;
}

// The SDK takes the id 0 of a cancellation for none at all.
const zero = 'koubou:0';

function withSafeIds(message: JSONRPCMessage): JSONRPCMessage {
  if ('method' in message && 'id' in message && message.id === 0) return { ...message, id: zero };
  if (!('method' in message) || message.method !== 'notifications/cancelled') return message;
  const { params } = message;
  return params !== undefined && params['requestId'] === 0 ? { ...message, params: { ...params, requestId: zero } } : message;
}

function withOwnIds(message: JSONRPCMessage): JSONRPCMessage {
  return !('method' in message) && message.id === zero ? { ...message, id: 0 } : message;
}
