import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { leaseHolder, takeLease } from '#io/lease.ts';
import { processIdentity } from '#io/process-identity.ts';

const module = new URL('../../src/io/lease.ts', import.meta.url).href;

describe('a lease', () => {
  let folder = '';
  let file = '';
  const plant = (entry: object) => symlinkSync(JSON.stringify({ pid: process.pid, identity: processIdentity(process.pid), host: hostname(), note: '', takenAt: '', token: 't', ...entry }), file);
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'koubou-lease-'));
    file = path.join(folder, 'koubou.lock');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('names its holder while it is held and leaves nothing behind', async () => {
    const lease = await takeLease(file, { waitMs: 0, note: 'run 7' });
    expect(leaseHolder(file)).toEqual({
      pid: process.pid, identity: processIdentity(process.pid), host: hostname(), note: 'run 7', takenAt: expect.stringMatching(/Z$/),
    });
    lease.release();
    expect([leaseHolder(file), readdirSync(folder)]).toEqual([null, []]);
  });

  test('is exclusive within one process too, and says who holds it when the time is up', async () => {
    const lease = await takeLease(file, { waitMs: 0, note: 'run 7' });
    await expect(takeLease(file, { waitMs: 60, pollMs: 10 })).rejects.toMatchObject({
      kind: 'Unavailable',
      code: 'LEASE_HELD',
      message: expect.stringContaining(`is held by process ${process.pid} on ${hostname()} (run 7) after 60 ms.`),
    });
    lease.release();
  });

  test('is waited for', async () => {
    const first = await takeLease(file, { waitMs: 0 });
    const second = takeLease(file, { waitMs: 5_000, pollMs: 5 });
    setTimeout(() => first.release(), 30);
    (await second).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('waiting ends with the reason of an aborted signal', async () => {
    const lease = await takeLease(file, { waitMs: 0 });
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('enough')), 20);
    await expect(takeLease(file, { waitMs: 5_000, signal: controller.signal })).rejects.toThrow();
    lease.release();
  });

  test('releasing twice, or after it was lost, touches nobody else', async () => {
    const lease = await takeLease(file, { waitMs: 0 });
    lease.release();
    const next = await takeLease(file, { waitMs: 0 });
    lease.release();
    expect(leaseHolder(file)?.pid).toBe(process.pid);
    next.release();
  });

  test.each([
    ['whose process is gone', { pid: 2 ** 22 - 1, identity: 'x' }],
    ['whose pid belongs to a later process', { identity: 'another start' }],
  ])('of a holder %s is taken over', async (_, entry) => {
    plant(entry);
    expect(leaseHolder(file)).toBe(null);
    const lease = await takeLease(file, { waitMs: 0 });
    expect(leaseHolder(file)?.pid).toBe(process.pid);
    lease.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('of a dead holder is taken over although the process that was removing it died too', async () => {
    plant({ identity: 'another start' });
    symlinkSync(readlinkSync(file), `${file}.x`);
    (await takeLease(file, { waitMs: 0 })).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('of another host is never taken over', async () => {
    plant({ host: 'elsewhere', pid: 1, identity: 'x' });
    await expect(takeLease(file, { waitMs: 0 })).rejects.toMatchObject({ code: 'LEASE_HELD' });
    expect(leaseHolder(file)?.host).toBe('elsewhere');
    unlinkSync(file);
  });

  test.each([
    ['a plain file', () => writeFileSync(file, '')],
    ['a link of somebody else', () => symlinkSync('/etc/passwd', file)],
  ])('is not taken over from %s', async (_, make) => {
    make();
    await expect(takeLease(file, { waitMs: 0 })).rejects.toMatchObject({ code: 'LEASE_HELD', message: expect.stringContaining('something that is not ours') });
    expect([leaseHolder(file), readdirSync(folder)]).toEqual([null, ['koubou.lock']]);
  });

  test('of a killed process is taken over by exactly one of several processes at a time', async () => {
    const leases = Array.from({ length: 40 }, (_, index) => path.join(folder, `${index}.lock`));
    for (const lease of leases) symlinkSync(JSON.stringify({ pid: process.pid, identity: 'another start', host: hostname(), note: '', takenAt: '', token: 't' }), lease);
    const script = `import { mkdirSync, rmdirSync } from 'node:fs';
      const { takeLease } = await import(${JSON.stringify(module)});
      while (Date.now() < ${Date.now() + 700});
      for (const file of ${JSON.stringify(leases)}) {
        const lease = await takeLease(file, { waitMs: 15000, pollMs: 1 });
        mkdirSync(file + '.held'); for (let n = 0; n < 50000; n++); rmdirSync(file + '.held');
        if (file.includes('/39.')) process.kill(process.pid, 'SIGKILL');
        lease.release();
      }`;
    const ends = await Promise.all([1, 2, 3].map(() => exitOf(script)));
    expect(ends).toEqual([['SIGKILL', ''], ['SIGKILL', ''], ['SIGKILL', '']]);
    (await takeLease(leases[39]!, { waitMs: 0 })).release();
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('the identity of a process', () => {
  test('is stable while it runs and null for what does not run', () => {
    expect(processIdentity(process.pid)).toBe(processIdentity(process.pid));
    expect([processIdentity(2 ** 22 - 1), processIdentity(0), processIdentity(-1), processIdentity(1.5)]).toEqual([null, null, null, null]);
  });

  test('is null for a process that ended and was not collected yet', async () => {
    const parent = spawn('sh', ['-c', 'sleep 0.1 & echo $!; exec sleep 30'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString()))));
    expect(processIdentity(pid)).toEqual(expect.any(String));
    await expect.poll(() => processIdentity(pid)).toBe(null);
    expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).toContain(') Z ');
    parent.kill('SIGKILL');
  });
});

async function exitOf(script: string): Promise<[NodeJS.Signals | null, string]> {
  const child = spawn(process.execPath, ['--input-type=module', '--disable-warning=ExperimentalWarning', '-e', script], { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => { errors += chunk.toString(); });
  return new Promise((resolve) => child.once('close', (_, signal) => resolve([signal, errors])));
}
