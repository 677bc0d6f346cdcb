import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '#domain/errors.ts';
import { downloadFile, downloadText } from '#io/download.ts';

const content = Buffer.alloc(300_000, 'koubou');
const pages: Readonly<Record<string, (response: ServerResponse) => void>> = {
  '/file': (response) => response.setHeader('content-length', content.length).end(content),
  '/chunked': (response) => {
    response.write(content.subarray(0, 1000));
    response.end(content.subarray(1000));
  },
  '/moved': (response) => response.writeHead(302, { location: '/file' }).end(),
  '/circle': (response) => response.writeHead(302, { location: '/circle' }).end(),
  '/cut': (response) => {
    response.setHeader('content-length', content.length).write(content.subarray(0, 70_000), () => response.destroy());
  },
  '/stalls': (response) => {
    response.setHeader('content-length', content.length).write(content.subarray(0, 70_000));
  },
  '/silent': () => {},
};

let server: Server;
let base: string;
let folder: string;
let file: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'koubou download '));
  server = createServer((request, response) => {
    const page = pages[request.url ?? ''];
    if (page === undefined) response.writeHead(404).end('no such page');
    else page(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

beforeEach(() => {
  file = join(folder, crypto.randomUUID());
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const limits = { answerMs: 2_000, stallMs: 2_000, maxBytes: 1_000_000 };

async function failure(work: Promise<unknown>) {
  const error: unknown = await work.then(() => 'no failure', (reason: unknown) => reason);
  return error instanceof AppError ? { kind: error.kind, code: error.code, message: error.message } : error;
}

describe('a download', () => {
  test.for(['/file', '/chunked', '/moved'])('%s arrives whole, with its hash', async (path) => {
    const sha256 = createHash('sha256').update(content).digest('hex');
    expect(await downloadFile(`${base}${path}`, file, limits)).toEqual({ bytes: content.length, sha256 });
    expect([readFileSync(file).equals(content), statSync(file).mode & 0o777]).toEqual([true, 0o600]);
  });

  test('tells how far it is, and of how much', async () => {
    const steps: [number, number | null][] = [];
    const onBytes = (received: number, total: number | null): void => void steps.push([received, total]);
    await downloadFile(`${base}/file`, file, { ...limits, onBytes });
    expect([steps.at(-1), steps.length > 1]).toEqual([[content.length, content.length], true]);
    await downloadText(`${base}/chunked`, { ...limits, onBytes });
    expect(steps.at(-1)).toEqual([content.length, null]);
  });

  test('of a text gives the text', async () => {
    expect(await downloadText(`${base}/moved`, limits)).toBe(content.toString());
  });

  test('that is refused says by whom and why', async () => {
    const host = new URL(base).host;
    const code = 'DOWNLOAD_FAILED';
    expect([
      await failure(downloadFile(`${base}/nothing`, file, limits)),
      await failure(downloadFile(`${base}/circle`, file, limits)),
      await failure(downloadFile(`${base}/cut`, file, limits)),
      await failure(downloadText('http://koubou.invalid/file', limits)),
      await failure(downloadText('http://127.0.0.1:1/file', limits)),
    ]).toEqual([
      { kind: 'Unavailable', code, message: `${host} could not be used: it answered 404.` },
      { kind: 'Unavailable', code, message: `${host} could not be used: it redirects without end.` },
      { kind: 'Unavailable', code, message: `${host} could not be used: the connection was cut off (ECONNRESET).` },
      { kind: 'Unavailable', code, message: expect.stringMatching(/^koubou\.invalid could not be used: its name (is not known here|could not be looked up) \(E/) as string },
      { kind: 'Unavailable', code, message: '127.0.0.1:1 could not be used: it refused the connection (ECONNREFUSED).' },
    ]);
  });

  test('that does not begin or does not go on is given up', async () => {
    const host = new URL(base).host;
    const silent = failure(downloadText(`${base}/silent`, { ...limits, answerMs: 50 }));
    const stalls = failure(downloadFile(`${base}/stalls`, file, { ...limits, stallMs: 50 }));
    expect([await silent, await stalls]).toEqual([
      { kind: 'TimedOut', code: 'DOWNLOAD_STALLED', message: `${host} could not be used: it did not answer within 50 ms.` },
      { kind: 'TimedOut', code: 'DOWNLOAD_STALLED', message: `${host} could not be used: nothing arrived for 50 ms.` },
    ]);
  });

  test('that is too large is stopped', async () => {
    expect(await failure(downloadFile(`${base}/file`, file, { ...limits, maxBytes: 100_000 }))).toEqual({
      kind: 'UnreadableOutput',
      code: 'DOWNLOAD_TOO_LARGE',
      message: 'The download is larger than 100000 bytes and was stopped.',
    });
  });

  test('ends with the reason of the signal, before and in the middle', async () => {
    const reason = new Error('enough');
    expect(await failure(downloadText(`${base}/file`, { ...limits, signal: AbortSignal.abort(reason) }))).toBe(reason);
    const stop = new AbortController();
    const onBytes = (): void => stop.abort(reason);
    expect(await failure(downloadFile(`${base}/stalls`, file, { ...limits, signal: stop.signal, onBytes }))).toBe(reason);
  });

  test('goes through the proxy of the environment', async () => {
    const seen: string[] = [];
    const proxy = createServer((request, response) => {
      seen.push(request.url ?? '');
      response.end('by proxy');
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const environment = { HTTP_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` };
    const text = await downloadText('http://koubou.invalid/file', { ...limits, environment });
    proxy.close();
    expect([text, seen]).toEqual(['by proxy', ['http://koubou.invalid/file']]);
  });
});
