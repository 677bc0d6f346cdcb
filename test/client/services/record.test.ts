import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isSameProcess, readRecord, removeRecord, writeRecord, type ServiceRecord } from '#client/services/record.ts';
import { processIdentity } from '#io/process-identity.ts';

const record: ServiceRecord = {
  phase: 'ready',
  address: '127.0.0.1:27233',
  namespace: 'default',
  uiUrl: 'http://127.0.0.1:28233',
  pid: 4711,
  pidIdentity: 'boot-1',
  serverPid: 4712,
  serverPidIdentity: 'boot-2',
  version: '0.1.0+abc',
  fingerprint: 'f00',
  startedAt: '2026-01-02T03:04:05.000Z',
  root: '/srv/project',
  temporalVersion: '1.31.2',
  auto: true,
};

let folder = '';
let file = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'koubou-record-'));
  file = join(folder, 'service.json');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('the record of the service', () => {
  test('is a snake_case file that only its owner may read', () => {
    writeRecord(file, record);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      phase: 'ready',
      address: '127.0.0.1:27233',
      namespace: 'default',
      ui_url: 'http://127.0.0.1:28233',
      pid: 4711,
      pid_identity: 'boot-1',
      server_pid: 4712,
      server_pid_identity: 'boot-2',
      version: '0.1.0+abc',
      fingerprint: 'f00',
      started_at: '2026-01-02T03:04:05.000Z',
      root: '/srv/project',
      temporal_version: '1.31.2',
      auto: true,
    });
  });

  test('is read back as it was written, and fields of a later version do not matter', () => {
    writeRecord(file, record);
    writeFileSync(file, readFileSync(file, 'utf8').replace('{', '{ "of_tomorrow": [1],'));
    expect(readRecord(file)).toEqual(record);
  });

  test('that is missing or removed is none', () => {
    expect(readRecord(file)).toBeNull();
    writeRecord(file, record);
    removeRecord(file);
    removeRecord(file);
    expect(readRecord(file)).toBeNull();
  });

  test.each([
    ['torn', '{"phase": "ready", "addr'],
    ['empty', ''],
    ['a list', '[]'],
    ['hostile', '{"__proto__": {"pid": 3}}'],
    ['of another address than loopback', JSON.stringify({ ...record, address: '192.168.1.4:7233' })],
    ['without a process', JSON.stringify({ ...record, pid: undefined })],
    ['of every process at once', JSON.stringify({ ...record, pid: -1 })],
    ['of the first process of the machine', JSON.stringify({ ...record, pid: 1 })],
  ])('that is %s is none', (_, text) => {
    writeFileSync(file, text);
    expect(readRecord(file)).toBeNull();
  });

  test('belongs to a process by number and start time', () => {
    const identity = processIdentity(process.pid) ?? '';
    expect([isSameProcess(process.pid, identity), isSameProcess(process.pid, `${identity}0`), isSameProcess(4_194_303, identity)]).toEqual([true, false, false]);
  });
});
