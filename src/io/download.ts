import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { AppError } from '#domain/errors.ts';

export interface DownloadOptions {
  /** From the request to the first line of the answer, for each redirect anew. Short, so that a closed network is noticed soon. */
  readonly answerMs: number;
  /** The longest pause between two pieces of the content. */
  readonly stallMs: number;
  readonly maxBytes: number;
  /** HTTP_PROXY, HTTPS_PROXY, NO_PROXY and their lower-case forms count; honoured by Node 24.5 and newer. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Called with every piece; `total` is null when the other side does not say. */
  readonly onBytes?: (received: number, total: number | null) => void;
}

export interface Downloaded {
  readonly bytes: number;
  /** Lower-case hex, computed while the content arrived. */
  readonly sha256: string;
}

// The release pages of code hosts redirect once or twice, to a store of their own.
const maxRedirects = 5;

/**
 * Fetches a file over HTTP(S) into a new file of mode 0600; on any failure what has arrived so far is left for the caller to remove.
 *
 * Fails   Unavailable DOWNLOAD_FAILED (no connection, a status other than 200, cut off) · TimedOut DOWNLOAD_STALLED ·
 *         UnreadableOutput DOWNLOAD_TOO_LARGE · the signal's own reason
 */
export async function downloadFile(address: string, file: string, options: DownloadOptions): Promise<Downloaded> {
  const hash = createHash('sha256');
  let bytes = 0;
  await receive(address, options, async (content) => {
    const output = await open(file, 'wx', 0o600);
    try {
      for await (const piece of content) {
        bytes += piece.length;
        hash.update(piece);
        await output.writeFile(piece);
      }
    } finally {
      await output.close();
    }
  });
  return { bytes, sha256: hash.digest('hex') };
}

/** Fetches a small text; fails as downloadFile does. */
export async function downloadText(address: string, options: DownloadOptions): Promise<string> {
  const received: Buffer[] = [];
  await receive(address, options, async (content) => {
    for await (const piece of content) received.push(piece);
  });
  return Buffer.concat(received).toString('utf8');
}

async function receive(address: string, options: DownloadOptions, take: (content: AsyncIterable<Buffer>) => Promise<void>): Promise<void> {
  options.signal?.throwIfAborted();
  const stop = new AbortController();
  const onAbort = (): void => stop.abort(options.signal?.reason);
  options.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const answer = await follow(address, options, stop);
    await take(watched(answer, address, options, stop));
  } catch (error) {
    if (stop.signal.aborted) throw stop.signal.reason;
    throw error instanceof AppError ? error : failed(address, wordOf(error), error);
  } finally {
    options.signal?.removeEventListener('abort', onAbort);
  }
}

async function follow(address: string, options: DownloadOptions, stop: AbortController, redirects = 0): Promise<IncomingMessage> {
  const answer = await ask(address, options, stop);
  const { statusCode = 0, headers } = answer;
  if (statusCode === 200) return answer;
  answer.destroy();
  if (statusCode < 300 || statusCode >= 400 || headers.location === undefined) throw failed(address, `it answered ${statusCode}`);
  const next = new URL(headers.location, address);
  if (redirects === maxRedirects) throw failed(address, 'it redirects without end');
  if (next.protocol !== 'https:' && next.protocol !== new URL(address).protocol) throw failed(address, 'it redirects to an insecure address');
  return follow(next.href, options, stop, redirects + 1);
}

function ask(address: string, options: DownloadOptions, stop: AbortController): Promise<IncomingMessage> {
  const client = new URL(address).protocol === 'https:' ? https : http;
  const agent = new client.Agent({ proxyEnv: { ...options.environment } });
  const timer = setTimeout(() => stop.abort(stalled(address, `it did not answer within ${options.answerMs} ms`)), options.answerMs);
  return new Promise<IncomingMessage>((resolve, reject) => {
    const request = client.get(address, { agent, signal: stop.signal, headers: { 'user-agent': 'koubou' } }, resolve);
    request.on('error', reject);
  }).finally(() => clearTimeout(timer));
}

// Stops a content that pauses too long or grows beyond what is asked for, and tells how far it is.
async function* watched(answer: IncomingMessage, address: string, options: DownloadOptions, stop: AbortController): AsyncGenerator<Buffer> {
  const length = answer.headers['content-length'];
  const total = length === undefined ? null : Number(length);
  let received = 0;
  const pause = setTimeout(() => stop.abort(stalled(address, `nothing arrived for ${options.stallMs} ms`)), options.stallMs);
  try {
    for await (const piece of answer as AsyncIterable<Buffer>) {
      pause.refresh();
      received += piece.length;
      if (received > options.maxBytes) throw tooLarge(options.maxBytes);
      options.onBytes?.(received, total);
      yield piece;
    }
  } finally {
    clearTimeout(pause);
  }
}

function failed(address: string, why: string, cause?: unknown): AppError {
  return new AppError('Unavailable', 'DOWNLOAD_FAILED', `${hostOf(address)} could not be used: ${why}.`, { cause });
}

function stalled(address: string, why: string): AppError {
  return new AppError('TimedOut', 'DOWNLOAD_STALLED', `${hostOf(address)} could not be used: ${why}.`);
}

function tooLarge(maxBytes: number): AppError {
  return new AppError('UnreadableOutput', 'DOWNLOAD_TOO_LARGE', `The download is larger than ${maxBytes} bytes and was stopped.`);
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : 'the download site';
}

// Node's own words name ports and files; the code alone says what a person can act on.
function wordOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  const words: Readonly<Record<string, string>> = {
    ENOTFOUND: 'its name is not known here (ENOTFOUND)',
    EAI_AGAIN: 'its name could not be looked up (EAI_AGAIN)',
    ECONNREFUSED: 'it refused the connection (ECONNREFUSED)',
    ECONNRESET: 'the connection was cut off (ECONNRESET)',
    ENOSPC: 'the disk is full (ENOSPC)',
  };
  return words[code ?? ''] ?? `the connection failed (${code ?? 'unknown cause'})`;
}
