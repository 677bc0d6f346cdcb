import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '#io/process.ts';
import { runModule, sourceUrl } from '#test/support/crash.ts';

const env = { PATH: '/usr/bin:/bin' };
const limits = { env, timeoutMs: 10_000, maxBytes: 100_000 };
const sh = (script: string, options = {}) => run('sh', ['-c', script], { ...limits, ...options });

describe('run', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'koubou-process-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('gives exit code, output as text and as bytes, and standard error', async () => {
    const result = await sh(`printf 'a\\377\\n'; printf warning >&2`);
    expect(result).toEqual({
      exitCode: 0,
      stdout: 'a\uFFFD\n',
      stdoutBytes: new Uint8Array([0x61, 0xff, 0x0a]),
      stderr: 'warning',
    });
  });

  test('the child has exactly the environment given, and none when none is given', async () => {
    const given = await run('/usr/bin/env', [], { ...limits, env: { ONLY: 'this' } });
    const none = await run('/usr/bin/env', [], { timeoutMs: 10_000, maxBytes: 1_000 });
    expect([given.stdout, none.stdout]).toEqual(['ONLY=this\n', '']);
  });

  test('arguments reach the child as they are, never through a shell', async () => {
    const argument = `a b; $(touch ${folder}/pwned) "'\n*`;
    const result = await run('printf', ['%s', argument], limits);
    expect([result.stdout, existsSync(path.join(folder, 'pwned'))]).toEqual([argument, false]);
  });

  test('input is given on standard input, as text or as bytes, and is empty otherwise', async () => {
    const outputs = await Promise.all([
      run('cat', [], { ...limits, input: 'héllo' }),
      run('cat', [], { ...limits, input: new Uint8Array([0, 255]) }),
      run('cat', [], limits),
    ]);
    expect(outputs.map((output) => [...output.stdoutBytes])).toEqual([[0x68, 0xc3, 0xa9, 0x6c, 0x6c, 0x6f], [0, 255], []]);
  });

  test('a child that does not read a large input is no failure', async () => {
    const result = await run('true', [], { ...limits, input: new Uint8Array(3_000_000) });
    expect(result.exitCode).toBe(0);
  });

  test('runs in the folder given', async () => {
    expect((await run('pwd', ['-P'], { ...limits, cwd: folder })).stdout).toBe(`${folder}\n`);
  });

  test('an exit code that was not announced as an answer is Unavailable COMMAND_FAILED, with no text of the child in it', async () => {
    await expect(sh('echo secret >&2; exit 3')).rejects.toMatchObject({
      kind: 'Unavailable',
      code: 'COMMAND_FAILED',
      message: '`sh` ended with exit code 3.',
    });
    expect((await sh('exit 3', { okExitCodes: [0, 3] })).exitCode).toBe(3);
    expect((await sh('exit 9', { okExitCodes: 'any' })).exitCode).toBe(9);
  });

  test('a missing command is Misconfigured and named, with its own code for a missing folder and for a file that may not run', async () => {
    await expect(run('no-such-command', [], limits)).rejects.toMatchObject({
      kind: 'Misconfigured',
      code: 'COMMAND_NOT_FOUND',
      message: 'The command `no-such-command` was not found. Install it or put it on PATH.',
    });
    await expect(run('true', [], { ...limits, cwd: path.join(folder, 'none') })).rejects.toMatchObject({ code: 'FOLDER_NOT_FOUND' });
    await expect(run('/etc/passwd', [], limits)).rejects.toMatchObject({ kind: 'Misconfigured', code: 'COMMAND_NOT_EXECUTABLE' });
  });

  test('a child ended by a signal is Unavailable COMMAND_KILLED', async () => {
    await expect(sh('kill -9 $$')).rejects.toMatchObject({ kind: 'Unavailable', code: 'COMMAND_KILLED' });
  });

  test('a child out of time is TimedOut and its grandchildren end with it', async () => {
    const file = path.join(folder, 'grandchild');
    const before = performance.now();
    await expect(sh(`sleep 30 & echo $! > ${file}; wait`, { timeoutMs: 150 })).rejects.toMatchObject({ kind: 'TimedOut', code: 'COMMAND_TIMED_OUT' });
    expect(performance.now() - before).toBeLessThan(3_000);
    expect(await isGone(Number(readFileSync(file, 'utf8')))).toBe(true);
  });

  test('more output than allowed ends the child and is refused', async () => {
    await expect(run('yes', [], { ...limits, maxBytes: 1_000 })).rejects.toMatchObject({ kind: 'UnreadableOutput', code: 'OUTPUT_TOO_LARGE' });
  });

  test('an abort ends the child and rejects with the reason of the signal; an aborted one starts nothing', async () => {
    const controller = new AbortController();
    const reason = new Error('cancelled by a person');
    const running = sh('sleep 30', { signal: controller.signal });
    setTimeout(() => controller.abort(reason), 50);
    await expect(running).rejects.toBe(reason);
    await expect(sh(`touch ${folder}/started`, { signal: controller.signal })).rejects.toBe(reason);
    expect(existsSync(path.join(folder, 'started'))).toBe(false);
  });
});

describe('when this program ends', () => {
  test('what it was running ends with it', async () => {
    const ended = await runModule(`const { run } = await import(${JSON.stringify(sourceUrl('io/process.ts'))});
      void run('sh', ['-c', 'sleep 30 & echo $!; wait'], { timeoutMs: 60000, maxBytes: 100, env: {} });
      void run('sh', ['-c', 'echo $$ >&2; exec sleep 30'], { timeoutMs: 60000, maxBytes: 100, env: {} });
      const { readFileSync } = await import('node:fs');
      const children = () => readFileSync('/proc/self/task/' + process.pid + '/children', 'utf8').trim().split(' ');
      setTimeout(() => { console.log(JSON.stringify(children())); process.exit(0); }, 200);`);
    const pids = JSON.parse(ended.stdout) as string[];
    expect(pids).toHaveLength(2);
    expect(await Promise.all(pids.map((pid) => isGone(Number(pid))))).toEqual([true, true]);
  });
});

async function isGone(pid: number): Promise<boolean> {
  for (let i = 0; i < 100; i++) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    if (/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) return true;
    await sleep(20);
  }
  return false;
}
