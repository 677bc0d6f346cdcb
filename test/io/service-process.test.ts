import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { processIdentity } from '#io/process-identity.ts';
import { findCommand, spawnService } from '#io/service-process.ts';

const env = { PATH: '/usr/bin:/bin', COLOUR: 'blue' };

describe('a long-lived child', () => {
  let folder = '';
  const service = (script: string, options = {}) =>
    spawnService({ command: 'sh', args: ['-c', script], env, cwd: folder, logFile: path.join(folder, 'log'), detached: false, ...options });
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'koubou-service-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('writes both outputs to a private log, in its folder, with exactly its environment', async () => {
    const logFile = path.join(folder, 'both.log');
    const child = await service('pwd -P; echo $COLOUR $HOME >&2; exit 4', { logFile });
    expect(await child.exited).toEqual({ code: 4, signal: null });
    expect([readFileSync(logFile, 'utf8'), statSync(logFile).mode & 0o777]).toEqual([`${folder}\nblue\n`, 0o600]);
  });

  test('the pid is the command itself, also under setpriv', async () => {
    const child = await service('echo $$; exec sleep 30', { logFile: path.join(folder, 'pid.log'), dieWithParent: true });
    const printed = await eventually(() => readFileSync(path.join(folder, 'pid.log'), 'utf8').trim());
    expect(Number(printed)).toBe(child.pid);
    expect(await child.stop('SIGTERM', 1_000)).toEqual({ code: null, signal: 'SIGTERM' });
  });

  test('stop asks first and kills after the grace, and does nothing to one that has ended', async () => {
    const child = await service(`trap '' TERM; echo ready; while :; do sleep 0.05; done`, { logFile: path.join(folder, 'stubborn.log'), detached: true });
    await eventually(() => readFileSync(path.join(folder, 'stubborn.log'), 'utf8'));
    expect(await child.stop('SIGTERM', 100)).toEqual({ code: null, signal: 'SIGKILL' });
    expect(await child.stop('SIGTERM', 100)).toEqual({ code: null, signal: 'SIGKILL' });
  });

  test('with dieWithParent it ends when the parent is killed, without it stays', async () => {
    const mortal = await pidOfChildOfKilledParent(folder, true);
    const surviving = await pidOfChildOfKilledParent(folder, false);
    await eventually(() => processIdentity(mortal) === null);
    expect([processIdentity(mortal), processIdentity(surviving)]).toEqual([null, expect.any(String)]);
    process.kill(surviving, 'SIGKILL');
  });

  test('a missing command and a missing folder are Misconfigured', async () => {
    await expect(service('', { command: 'no-such-command' })).rejects.toMatchObject({ kind: 'Misconfigured', code: 'COMMAND_NOT_FOUND' });
    await expect(service('true', { cwd: path.join(folder, 'none') })).rejects.toMatchObject({ kind: 'Misconfigured', code: 'FOLDER_NOT_FOUND' });
  });

  test('a command is looked for in absolute folders of the search path only', () => {
    expect([findCommand('sh', '/usr/bin:/bin'), findCommand('sh', '.:'), findCommand('passwd', '/etc'), findCommand('/bin/sh', '')]).toEqual([
      '/usr/bin/sh', null, null, '/bin/sh',
    ]);
  });
});

async function pidOfChildOfKilledParent(folder: string, dieWithParent: boolean): Promise<number> {
  const options = { command: 'sleep', args: ['30'], env, cwd: folder, logFile: path.join(folder, 'orphan.log'), detached: true, dieWithParent };
  const module = new URL('../../src/io/service-process.ts', import.meta.url).href;
  const script = `const { spawnService } = await import(${JSON.stringify(module)});
    const child = await spawnService(${JSON.stringify(options)}); console.log(child.pid); setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ['--input-type=module', '--disable-warning=ExperimentalWarning', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString()))));
  parent.kill('SIGKILL');
  return pid;
}

async function eventually<T>(look: () => T): Promise<T> {
  for (let i = 0; i < 200; i++) {
    const seen = look();
    if (seen) return seen;
    await sleep(20);
  }
  return look();
}
