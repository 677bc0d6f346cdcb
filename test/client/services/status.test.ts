import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeDeparture } from '#client/services/departure.ts';
import { writeRecord, type ServiceRecord } from '#client/services/record.ts';
import { serviceFiles, type ServiceFiles } from '#client/services/service-files.ts';
import { serviceStatus, type ServiceStatus } from '#client/services/status.ts';
import { processIdentity } from '#io/process-identity.ts';
import { takeLease } from '#io/lease.ts';

const later = 'Runs that wait, and their timers, go on when it is started again: by the next review, or by `koubou up`.';
const nowhere = { address: null, namespace: null, uiUrl: null, pid: null, version: null, queues: [] };

const own: ServiceRecord = {
  phase: 'ready',
  address: '127.0.0.1:1',
  namespace: 'default',
  uiUrl: 'http://127.0.0.1:2',
  pid: process.pid,
  pidIdentity: processIdentity(process.pid)!,
  serverPid: process.pid,
  serverPidIdentity: 'x',
  version: '1.0.0',
  fingerprint: 'f',
  startedAt: '2026-01-02T03:04:05.000Z',
  root: '/',
  temporalVersion: '1.31.2',
  auto: true,
};

let folder = '';
let files: ServiceFiles;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'koubou-status-'));
  files = serviceFiles(folder);
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function status(external?: { address: string; namespace: string; named: string }): Promise<ServiceStatus> {
  const connect = (): Promise<never> => Promise.reject(new Error('not to be called'));
  return serviceStatus({ stateDir: folder, external, prefix: 'koubou', connect });
}

describe('the status of the service', () => {
  test('where none runs says what becomes of runs that wait', async () => {
    expect(await status()).toEqual({ ...nowhere, state: 'none', note: `No service is running. ${later}` });
  });

  test('where it left by itself says when and why', async () => {
    writeDeparture(files.left, { at: '2026-01-02T03:04:05.000Z', idleMs: 1_800_000 });
    expect((await status()).note).toBe(`The service left at 2026-01-02T03:04:05.000Z, after 30 minutes in which nothing went on. ${later}`);
  });

  test('that was killed shows no address: it may be anybody’s by now', async () => {
    writeRecord(files.record, { ...own, pidIdentity: 'of another time' });
    expect(await status()).toEqual({ ...nowhere, state: 'stale', note: `The service was killed. ${later}` });
  });

  test('that starts shows its process, from its first moment on', async () => {
    const lease = await takeLease(files.upLease, { waitMs: 0 });
    const starting = { ...nowhere, pid: process.pid, state: 'starting', note: 'The service is starting.' };
    expect(await status()).toEqual(starting);
    writeRecord(files.record, { ...own, phase: 'starting' });
    expect(await status()).toEqual(starting);
    lease.release();
  });

  test('that ends, or does not answer at this moment, is said to', async () => {
    const { address, namespace, uiUrl, pid, version } = own;
    const place = { address, namespace, uiUrl, pid, version, queues: [] };
    writeRecord(files.record, own);
    expect(await status()).toEqual({ ...place, state: 'silent', note: 'The service does not answer at this moment: its server is being started again, or hangs.' });
    writeRecord(files.record, { ...own, phase: 'stopping' });
    expect(await status()).toEqual({ ...place, state: 'stopping', note: 'The service is ending: its workers finish the steps in hand.' });
  });

  test('that was named and does not answer names who named it', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = `127.0.0.1:${(server.address() as { port: number }).port}`;
    await new Promise((resolve) => server.close(resolve));
    expect(await status({ address, namespace: 'reviews', named: '--address' })).toEqual({
      ...nowhere,
      state: 'unreachable',
      address,
      namespace: 'reviews',
      note: `Nothing answers at ${address}, the service named by --address.`,
    });
  });
});
