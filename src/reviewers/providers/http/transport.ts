import { request as overHttp, type IncomingMessage } from 'node:http';
import { request as overHttps } from 'node:https';
import { ReadableStream } from 'node:stream/web';
import { AppError } from '#domain/errors.ts';
import { maxAnswerBytes } from '#reviewers/providers/provider.ts';
import { errorOf, wordsOf } from './complaints.ts';
import type { Callee } from './endpoint.ts';
import { retryAfterOf } from './retry-after.ts';

/** A token of text travels in an event of up to some 300 bytes, and the last events repeat the whole. */
const maxWireBytes = 8 * maxAnswerBytes;
/** One event holds the answer at most once; escapes may double it. A line without end would be kept until it ends. */
const maxLineBytes = 2 * maxAnswerBytes;
/** An event of a token has two or three lines, and no model says more than some 130 000 tokens; the libraries take 30 µs for each event. */
const maxLines = 600_000;
/** Enough for every vendor's explanation of an error. */
const complaintBytes = 64_000;
/** The status says most; for the rest nobody waits long. */
const complaintMs = 5_000;
/** A line that is silent while the model thinks is noticed when it is dead. */
const keepAliveMs = 30_000;

/**
 * A `fetch` for one request: no retry, no redirect, no proxy, no reuse of connections, no compression and no time limit but the signal's, since a
 * model may think for half an hour before its first word (the built-in `fetch` gives up after 5 minutes). Whatever the server does wrong is
 * an AppError, and more than 64 MB, 600 000 lines, or 16 MB in a line, is never read.
 *
 * Fails   as ModelProvider.ask does
 */
export function createTransport(callee: Callee): typeof globalThis.fetch {
  let asked = false;
  return async (url, init = {}) => {
    // Google's long answers would be fetched in several requests.
    if (asked) throw tooLarge(callee);
    asked = true;
    const message = await exchange(new URL(url as string | URL), init, callee);
    const status = message.statusCode ?? 0;
    if (status < 200 || status > 299) throw await complained(message, status, callee);
    if (/^\s*(?:application\/json|text\/html)\b/i.test(message.headers['content-type'] ?? '')) throw await unstreamed(message, callee);
    return new Response(ReadableStream.from(bounded(message, callee)) as unknown as globalThis.ReadableStream, { headers: { 'content-type': 'text/event-stream' } });
  };
}

export function tooLarge({ id }: Callee): AppError {
  return new AppError('UnreadableOutput', 'PROVIDER_OUTPUT_TOO_LARGE', `The answer of ${id} is longer than ${maxAnswerBytes / 1_000_000} MB, or does not end: choose another model or a shorter text.`);
}

export function malformed({ id, address }: Callee): AppError {
  return new AppError('UnreadableOutput', 'PROVIDER_ANSWER_MALFORMED', `What ${id} sent is no answer of a model: check that ${address} is the right address, or try again.`);
}

function exchange(url: URL, { headers, body, signal }: RequestInit, callee: Callee): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? overHttps : overHttp;
    const request = send(url, { method: 'POST', agent: false, headers: Object.fromEntries(new Headers(headers)), ...(signal ? { signal } : {}) });
    request.once('socket', (socket) => { socket.setKeepAlive(true, keepAliveMs); });
    request.once('response', resolve);
    request.on('error', (error) => { reject(unconnected(error, callee)); });
    request.end(body as string);
  });
}

// What went wrong before the first line of an answer, by the code Node.js gives.
function unconnected(error: Error & { readonly code?: unknown }, callee: Callee): AppError {
  const code = typeof error.code === 'string' ? error.code : '';
  const { id, address } = callee;
  if (code.startsWith('HPE_')) return malformed(callee);
  if (/CERT|^UNABLE_TO_|ALTNAME/.test(code)) return new AppError('Misconfigured', 'PROVIDER_CERTIFICATE', `The certificate of ${address} is not trusted (${code}): check the address of ${id}, or trust its authority with NODE_EXTRA_CA_CERTS.`);
  if (/^EPROTO$|^ERR_SSL/.test(code)) return new AppError('Misconfigured', 'PROVIDER_ADDRESS', `${address} does not speak TLS: check whether the base_url of ${id} begins with http or https.`);
  if (/^(?:ECONNRESET|EPIPE)$/.test(code)) return cutOff(callee);
  return new AppError('Unavailable', 'PROVIDER_UNREACHABLE', `No connection to ${id} at ${address}${/^[A-Z_]+$/.test(code) ? ` (${code})` : ''}: check the address and the network, or try again later.`);
}

function cutOff({ id }: Callee): AppError {
  return new AppError('Unavailable', 'PROVIDER_CUT_OFF', `The connection to ${id} broke before the answer was complete: try again.`);
}

async function* bounded(message: IncomingMessage, callee: Callee): AsyncGenerator<Uint8Array> {
  let [total, line, lines] = [0, 0, 0];
  try {
    for await (const piece of message as AsyncIterable<Buffer>) {
      const lastLine = piece.lastIndexOf(10);
      total += piece.length;
      line = lastLine === -1 ? line + piece.length : piece.length - lastLine;
      lines += countLines(piece);
      if (total > maxWireBytes || line > maxLineBytes || lines > maxLines) throw tooLarge(callee);
      yield piece;
    }
  } catch (error) {
    throw error instanceof AppError ? error : cutOff(callee);
  }
}

function countLines(piece: Buffer): number {
  let lines = 0;
  for (let at = piece.indexOf(10); at !== -1; at = piece.indexOf(10, at + 1)) lines += 1;
  return lines;
}

async function complained(message: IncomingMessage, status: number, callee: Callee): Promise<AppError> {
  const body = await beginningOf(message);
  const retryAfterMs = retryAfterOf(message.headers, body, Date.now());
  return errorOf({ status, words: wordsOf(parsed(body)), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }, callee);
}

// A stream was asked for. Some servers report their failure as a plain body with the status 200.
async function unstreamed(message: IncomingMessage, callee: Callee): Promise<AppError> {
  const body = parsed(await beginningOf(message));
  return hasError(body) ? errorOf({ status: null, words: wordsOf(body) }, callee) : malformed(callee);
}

function hasError(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'error' in body && Boolean(body.error);
}

async function beginningOf(message: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  const timer = setTimeout(() => message.destroy(), complaintMs);
  try {
    for await (const piece of message as AsyncIterable<Buffer>) {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes >= complaintBytes) break;
    }
  } catch {
    // Cut or late: what came is enough.
  } finally {
    clearTimeout(timer);
    message.destroy();
  }
  return Buffer.concat(pieces).toString('utf8');
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
