import type { IncomingMessage } from 'node:http';
import { tooLarge } from './admission.ts';
import type { Refusal } from './answers.ts';
import type { HttpLimits } from './limits.ts';

/** One JSON-RPC message, as far as a host has to understand it; the SDK checks the rest. */
export interface Message {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly params?: { readonly requestId?: unknown };
}

export type Read = { readonly refusal: Refusal } | { readonly refusal: null; readonly body: unknown; readonly messages: readonly Message[] };

/** Reads the body up to its limit. Never throws for what was sent; a connection that breaks rejects. */
export async function readMessages(request: IncomingMessage, { maxBodyBytes, maxBatch }: Pick<HttpLimits, 'maxBodyBytes' | 'maxBatch'>): Promise<Read> {
  const bytes = await readBody(request, maxBodyBytes);
  if (bytes === null) return { refusal: tooLarge(maxBodyBytes) };
  const body = parse(bytes);
  if (body === undefined) return { refusal: { status: 400, code: -32700, message: 'The body is not JSON in UTF-8.' } };
  const messages: readonly unknown[] = Array.isArray(body) ? body : [body];
  if (messages.length > maxBatch) return { refusal: { status: 400, code: -32600, message: `A batch may have ${maxBatch} messages at most.` } };
  if (messages.length === 0 || !messages.every(isMessage)) return { refusal: { status: 400, code: -32600, message: 'The body is not a JSON-RPC message.' } };
  return { refusal: null, body, messages };
}

async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let bytes = 0;
  // Not the iterator: leaving it early would destroy the connection before it is answered.
  return new Promise((resolve, reject) => {
    request.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes <= maxBytes) return void parts.push(part);
      request.pause();
      resolve(null);
    });
    request.on('end', () => resolve(Buffer.concat(parts)));
    request.on('close', () => reject(new Error('the connection broke')));
    request.on('error', reject);
  });
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && (value as { jsonrpc?: unknown }).jsonrpc === '2.0';
}
