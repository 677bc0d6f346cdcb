import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keepRecord, type RecordKeeper } from '#client/services/record-keeper.ts';
import { readRecord } from '#client/services/record.ts';

describe('the record of a living service', () => {
  let folder = '';
  let file = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'koubou-keeper-'));
    file = join(folder, 'service.json');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const identity = { version: '1.0.0', fingerprint: 'f', root: '/', auto: true };
  function keep(isOurs: () => boolean): RecordKeeper {
    const keeper = keepRecord({ file, identity, namespace: 'default', temporalVersion: '1.31.2', isOurs, everyMs: 10 });
    keeper.onServer(process.pid, { grpc: 27_233, ui: 28_233 });
    keeper.setPhase('ready');
    return keeper;
  }

  test('is written again where it was removed or torn, and not once the service has left', async () => {
    const keeper = keep(() => true);
    const record = readRecord(file);
    expect(record).toMatchObject({ phase: 'ready', pid: process.pid });
    expect(keeper.setPhase('ready')).toEqual(record);
    for (const harm of [() => rmSync(file), () => writeFileSync(file, '{"torn'), () => writeFileSync(file, '[]')]) {
      harm();
      await expect.poll(() => readRecord(file), { interval: 5 }).toEqual(record);
    }
    keeper.remove();
    await sleep(60);
    expect(existsSync(file)).toBe(false);
  });

  test('is left alone where another process is the service by now, or the folder is gone', async () => {
    let ours = false;
    const keeper = keep(() => ours);
    rmSync(file);
    await sleep(60);
    expect(existsSync(file)).toBe(false);
    rmSync(folder, { recursive: true });
    ours = true;
    await sleep(60);
    expect(existsSync(folder)).toBe(false);
    keeper.remove();
  });
});
