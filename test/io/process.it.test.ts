import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '#io/process.ts';

const sh = (script: string, timeoutMs: number) => run('sh', ['-c', script], { env: { PATH: '/usr/bin:/bin' }, timeoutMs, maxBytes: 100_000 });

describe('a command that will not end', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'koubou-process-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('and ignores SIGTERM is killed a second later', async () => {
    const before = performance.now();
    await expect(sh(`trap '' TERM; while :; do sleep 0.1; done`, 100)).rejects.toMatchObject({ kind: 'TimedOut' });
    expect(performance.now() - before).toBeLessThan(5_000);
  });

  test('cannot hold the call open by a grandchild that left its process group', async () => {
    const file = path.join(folder, 'escaped');
    const before = performance.now();
    await expect(sh(`setsid sleep 30 & echo $! > ${file}`, 100)).rejects.toMatchObject({ kind: 'TimedOut' });
    expect(performance.now() - before).toBeLessThan(6_000);
    process.kill(Number(readFileSync(file, 'utf8')), 'SIGKILL');
  });
});
