import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runAgent, type AgentCommand } from '#io/agent-process.ts';
import { markedProcesses } from '#io/jail-marker.ts';
import { makeJailScratch, sweepAbandonedRuns, type JailScratch } from '#io/jail-scratch.ts';
import { findJail, jailKinds, type JailKind } from '#io/jail.ts';
import { processIdentity } from '#io/process-identity.ts';
import { makeScratch } from '#test/support/scratch.ts';
import { jailTools } from '#test/support/agents.ts';
import { sourceUrl } from '#test/support/crash.ts';

const scratch = makeScratch('jail');
afterAll(() => scratch.remove());

const tools = jailTools();
const here = new Map(await Promise.all(jailKinds.map(async (kind) => [kind, await findJail([kind], tools)] as const)));
const linux = process.platform === 'linux';

/** An agent that starts a process in a session of its own, ignores SIGTERM if told to, and waits. */
const restless = (ignoring = false): string => `${ignoring ? "trap '' TERM; " : ''}setsid sleep 300 & echo started; i=0; while [ $i -lt 600 ]; do sleep 0.5; i=$((i+1)); done`;

function command(kind: JailKind, script: string, run: JailScratch, more: Partial<AgentCommand> = {}): AgentCommand {
  return {
    jail: here.get(kind)!, command: '/bin/sh', args: ['-c', script], env: { PATH: '/usr/bin:/bin' }, cwd: run.cwd, marker: run.marker, input: '', writable: [run.root],
    readable: [], hidden: [], network: true, timeoutMs: 20_000, maxBytes: 1_000_000, signal: new AbortController().signal, ...more,
  };
}

const left = (run: JailScratch): number[] => markedProcesses((marker) => marker === run.marker);

describe.each(jailKinds)('in a jail of kind %s', (kind) => {
  const it = test.skipIf(here.get(kind)!.kind !== kind || !linux);

  it('a program gets its input, its environment and its folder, and says how it ended', async () => {
    const run = makeJailScratch(scratch.root);
    const end = await runAgent(command(kind, 'cat; pwd; echo "$MORE" >&2; exit 3', run, { input: 'question\n', env: { PATH: '/usr/bin:/bin', MORE: 'more' } }));
    expect(end).toEqual({ exitCode: 3, signal: null, stdout: `question\n${run.cwd}\n`, stderr: 'more\n' });
  });

  it('what it left running ends with it, although the pipes are still held', async () => {
    const run = makeJailScratch(scratch.root);
    const started = performance.now();
    expect(await runAgent(command(kind, 'setsid sleep 300 & (setsid sh -c "sleep 300" &) ; echo done', run))).toMatchObject({ exitCode: 0, stdout: 'done\n' });
    expect([left(run), performance.now() - started < 5_000]).toEqual([[], true]);
  });

  it.each([false, true])('an abort ends all of it within 5 s; it ignores SIGTERM: %s', async (ignoring) => {
    const run = makeJailScratch(scratch.root);
    const controller = new AbortController();
    const running = runAgent(command(kind, restless(ignoring), run, { signal: controller.signal }));
    await expect.poll(() => left(run).length, { timeout: 5_000 }).toBeGreaterThan(1);
    const started = performance.now();
    controller.abort(new Error('cancelled by the test'));
    await expect(running).rejects.toThrow('cancelled by the test');
    expect([left(run), performance.now() - started < 5_000]).toEqual([[], true]);
  });

  it('a time-out and a flood end all of it too', async () => {
    const [slow, loud] = [makeJailScratch(scratch.root), makeJailScratch(scratch.root)];
    await expect(runAgent(command(kind, restless(true), slow, { timeoutMs: 400 }))).rejects.toMatchObject({ kind: 'TimedOut', code: 'COMMAND_TIMED_OUT' });
    await expect(runAgent(command(kind, 'setsid sleep 300 & yes', loud, { maxBytes: 100_000 }))).rejects.toMatchObject({ kind: 'UnreadableOutput', code: 'OUTPUT_TOO_LARGE' });
    expect([left(slow), left(loud)]).toEqual([[], []]);
  });

  it('an output that goes through a file is whole, and its flood an error too', async () => {
    const [whole, loud] = [makeJailScratch(scratch.root), makeJailScratch(scratch.root)];
    const script = 'setsid sleep 300 & head -c 500000 /dev/zero | tr "\\0" x';
    const end = await runAgent(command(kind, script, whole, { outputFile: path.join(whole.root, 'output') }));
    expect([end.exitCode, end.stdout === 'x'.repeat(500_000), left(whole)]).toEqual([0, true, []]);
    for (const flood of ['yes', script]) {
      const running = runAgent(command(kind, flood, loud, { outputFile: path.join(loud.root, flood.slice(0, 3)), maxBytes: 100_000 }));
      await expect(running).rejects.toMatchObject({ kind: 'UnreadableOutput', code: 'OUTPUT_TOO_LARGE' });
    }
    expect(left(loud)).toEqual([]);
  });

  it('it is ended after a line that promises no answer, and its output until then is kept', async () => {
    const run = makeJailScratch(scratch.root);
    const endsAfterMs = (line: string): number | null => (line === 'hopeless' ? 50 : null);
    expect(await runAgent(command(kind, 'echo one; echo hopeless >&2; sleep 0.01; echo two; exec sleep 300', run, { endsAfterMs }))).toMatchObject({ stdout: 'one\ntwo\n' });
    expect(left(run)).toEqual([]);
  });

  it('SIGKILL of its worker leaves nothing, or only what the next worker ends', async () => {
    const pid = await killedWorker(kind);
    const ofWorker = (marker: string): boolean => marker.startsWith(`${pid}.`);
    if (kind !== 'process group') await expect.poll(() => markedProcesses(ofWorker), { timeout: 1_000 }).toEqual([]);
    // Whatever the jail, a starting worker ends the rest.
    sweepAbandonedRuns(scratch.root);
    await expect.poll(() => markedProcesses(ofWorker)).toEqual([]);
    expect(processIdentity(pid)).toBe(null);
  });
});

test('Without network there is none, where the jail says so', async () => {
  for (const kind of jailKinds) {
    const jail = here.get(kind)!;
    if (!jail.cutsNetwork) continue;
    const run = makeJailScratch(scratch.root);
    const interfaces = async (network: boolean): Promise<string[]> => {
      const { stdout } = await runAgent(command(jail.kind, 'cat /proc/net/dev', run, { network }));
      return stdout.split('\n').slice(2).map((line) => line.split(':')[0]!.trim()).filter(Boolean);
    };
    expect(await interfaces(false)).toEqual(expect.not.arrayContaining(['eth0']));
  }
});

test.skipIf(here.get('bubblewrap')!.kind !== 'bubblewrap')('Bubblewrap shows the home empty and lets write only where it is told to', async () => {
  const [run, home] = [makeJailScratch(path.join(scratch.root, 'runs')), path.join(scratch.root, 'home')];
  const [secret, login] = [scratch.put('home/.ssh/id', 'secret'), scratch.put('home/.agent/login', 'old')];
  const script = `cat ${secret}; echo new > ${login}; echo x > ${run.cwd}/own; echo x > ${scratch.outside}/no; ls /tmp; true`;
  const end = await runAgent(command('bubblewrap', script, run, { hidden: [home], writable: [run.root, login] }));
  expect([end.stdout.includes('secret'), readFileSync(login, 'utf8'), existsSync(path.join(run.cwd, 'own')), existsSync(path.join(scratch.outside, 'no'))]).toEqual([false, 'new\n', true, false]);
});

test('Without any tool the jail is a process group', async () => {
  expect(await findJail(jailKinds, '/nowhere')).toMatchObject({ kind: 'process group', cutsNetwork: false });
});

// The worker is a process of its own, killed once its agent runs.
async function killedWorker(kind: JailKind): Promise<number> {
  const file = path.join(scratch.outside, 'worker.ts');
  writeFileSync(file, `
    const { runAgent } = await import(${JSON.stringify(sourceUrl('io/agent-process.ts'))});
    const { findJail } = await import(${JSON.stringify(sourceUrl('io/jail.ts'))});
    const { makeJailScratch } = await import(${JSON.stringify(sourceUrl('io/jail-scratch.ts'))});
    const run = makeJailScratch(${JSON.stringify(scratch.root)});
    await runAgent({ jail: await findJail([${JSON.stringify(kind)}], ${JSON.stringify(tools)}), command: '/bin/sh', args: ['-c', ${JSON.stringify(restless())}], env: { PATH: '/usr/bin:/bin' }, cwd: run.cwd,
      marker: run.marker, input: '', writable: [run.root], readable: [], hidden: [], network: true, timeoutMs: 60000, maxBytes: 1000, signal: new AbortController().signal });`);
  const worker = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', file], { stdio: 'inherit', env: { PATH: process.env['PATH'] } });
  const ofWorker = (marker: string): boolean => marker.startsWith(`${worker.pid}.`);
  // Its own processes and what it started; a jail that is still being made is waited for by nobody and runs nothing.
  await expect.poll(() => markedProcesses(ofWorker).length, { timeout: 10_000 }).toBeGreaterThan(kind === 'process group' ? 1 : 3);
  worker.kill('SIGKILL');
  await new Promise((resolve) => { worker.once('close', resolve); });
  return worker.pid!;
}
