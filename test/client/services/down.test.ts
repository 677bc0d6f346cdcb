import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runDown } from '#client/services/down.ts';
import { readRecord, writeRecord, type ServiceRecord } from '#client/services/record.ts';
import { serviceFiles, type ServiceFiles } from '#client/services/service-files.ts';
import { processIdentity } from '#io/process-identity.ts';

let folder = '';
let files: ServiceFiles;
let bystander: ChildProcess;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'koubou-down-'));
  files = serviceFiles(folder);
  bystander = spawn(process.execPath, ['-e', "setInterval(() => undefined, 1000); console.log('up')"], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(bystander.stdout!, 'data');
});

afterEach(() => {
  bystander.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** The record of a service whose process is gone; `serverPidIdentity` decides whether the bystander is its server. */
function recordWith(serverPidIdentity: string): ServiceRecord {
  return {
    phase: 'ready',
    address: '127.0.0.1:1',
    namespace: 'default',
    uiUrl: 'http://127.0.0.1:2',
    pid: bystander.pid!,
    pidIdentity: 'of another time',
    serverPid: bystander.pid!,
    serverPidIdentity,
    version: '1',
    fingerprint: 'f',
    startedAt: '2026-01-02T03:04:05.000Z',
    root: '/',
    temporalVersion: '1.31.2',
    auto: true,
  };
}

async function down(): Promise<{ readonly end: string; readonly printed: string[] }> {
  const printed: string[] = [];
  const end = await runDown({ stateDir: folder, graceMs: 1_000, print: (line) => printed.push(line) });
  return { end, printed };
}

describe('koubou down', () => {
  test('says that nothing runs, also where there is no state folder yet', async () => {
    const nothing = { end: 'was_gone', printed: ['No service is running.'] };
    expect(await down()).toEqual(nothing);
    files = serviceFiles(join(folder, 'missing'));
    expect(await down()).toEqual(nothing);
  });

  test('ends the server that a killed service left behind', async () => {
    writeRecord(files.record, recordWith(processIdentity(bystander.pid!)!));
    expect(await down()).toEqual({ end: 'was_gone', printed: ['No service is running; what a killed one left behind was cleared up.'] });
    expect([readRecord(files.record), processIdentity(bystander.pid!)]).toEqual([null, null]);
  });

  test('never ends a process that only has the number of the recorded one', async () => {
    writeRecord(files.record, recordWith('of another time'));
    await down();
    expect(readRecord(files.record)).toBeNull();
    expect(processIdentity(bystander.pid!)).not.toBeNull();
  });
});
