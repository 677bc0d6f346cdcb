import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { endProcess } from '#client/services/processes.ts';
import { processIdentity } from '#io/process-identity.ts';

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function start(script: string): Promise<{ readonly pid: number; readonly identity: string }> {
  const child = spawn(process.execPath, ['-e', `${script}; setInterval(() => undefined, 1000); console.log('up')`], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  await once(child.stdout!, 'data');
  return { pid: child.pid!, identity: processIdentity(child.pid!) ?? '' };
}

describe('ending a recorded process', () => {
  test('asks it to end and returns once it is gone', async () => {
    const target = await start('');
    expect(await endProcess({ ...target, graceMs: 5_000 })).toBe('ended');
    expect(processIdentity(target.pid)).toBeNull();
  });

  test('kills what does not end within the grace', async () => {
    const target = await start("process.on('SIGTERM', () => undefined)");
    expect(await endProcess({ ...target, graceMs: 100 })).toBe('killed');
    expect(processIdentity(target.pid)).toBeNull();
  });

  test('never touches a later process of the same number', async () => {
    const target = await start('');
    expect(await endProcess({ pid: target.pid, identity: 'of another time', graceMs: 100 })).toBe('was_gone');
    expect(processIdentity(target.pid)).toBe(target.identity);
  });

  test('has nothing to do where there is no such process', async () => {
    expect(await endProcess({ pid: 4_194_303, identity: 'x', graceMs: 100 })).toBe('was_gone');
  });
});
