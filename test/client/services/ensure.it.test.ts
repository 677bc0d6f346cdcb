import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { Connection } from '@temporalio/client';
import { afterAll, describe, expect } from 'vitest';
import { runDown } from '#client/services/down.ts';
import { findService } from '#client/services/find-service.ts';
import { serviceStatus, type ServiceStatus } from '#client/services/status.ts';
import { processIdentity } from '#io/process-identity.ts';
import { closeShared, processesNaming, until, withHome, type ServiceHome } from './service-home.ts';

afterAll(closeShared);

async function down(home: ServiceHome): Promise<string[]> {
  const printed: string[] = [];
  await runDown({ stateDir: home.stateDir, graceMs: 5_000, print: (line) => printed.push(line) });
  return printed;
}

function status(home: ServiceHome): Promise<ServiceStatus> {
  return serviceStatus({ stateDir: home.stateDir, prefix: 'koubou', connect: (address) => Connection.connect({ address }) });
}

describe.concurrent('the service a command uses', () => {
  withHome('is started detached where there is none, used by the next command at once, and ended by down', async ({ home }) => {
    const progress: string[] = [];
    const first = await home.ensure({ progress: (line) => progress.push(line) });
    const record = home.record()!;
    expect(first).toEqual({ address: record.address, namespace: 'default', uiUrl: record.uiUrl, pid: record.pid, startedNow: true });
    // Another test may hold the ports that this one begins with; that is told, and is not what this test is about.
    expect(progress.filter((line) => !/^Port \d+ is busy: /.test(line))).toEqual(['Starting the local service.', 'Looking for Temporal.']);
    expect(record.auto).toBe(true);
    // Out of our session: no Ctrl-C in this terminal reaches it.
    expect(sessionOf(record.pid)).toBe(record.pid);
    expect(statSync(home.files.serviceLog).mode & 0o777).toBe(0o600);

    expect(await status(home)).toEqual({
      state: 'live',
      address: record.address,
      namespace: 'default',
      uiUrl: record.uiUrl,
      pid: record.pid,
      version: '1.0.0',
      queues: ['koubou', 'koubou-analysis', 'koubou-llm', 'koubou-workspace', 'koubou-report'].map((name, index) => ({
        name,
        kind: index === 0 ? 'workflow' : 'activity',
        // The program of this test serves the first queue only.
        pollers: index === 0 ? 1 : 0,
        backlog: 0,
      })),
      note: null,
    });

    const begun = performance.now();
    const second = await home.ensure({ progress: (line) => progress.push(line) });
    expect(performance.now() - begun).toBeLessThan(100);
    expect(second).toEqual({ ...first, startedNow: false });
    expect(progress).toHaveLength(2);

    expect(await down(home)).toEqual([`The service at ${record.address} (process ${record.pid}) has stopped. Open runs go on at the next start.`]);
    expect([await findService(home.files), processesNaming(home.stateDir)]).toEqual([{ kind: 'none' }, []]);
    expect(await down(home)).toEqual(['No service is running.']);
  });

  withHome('is one and the same for several commands at once', async ({ home }) => {
    const services = await Promise.all([1, 2, 3].map(() => home.ensure()));
    expect(new Set(services.map((service) => service.pid)).size).toBe(1);
    expect(services.filter((service) => service.startedNow)).toHaveLength(1);
  });

  withHome('is not started where the command does not want that', async ({ home }) => {
    await expect(home.ensure({ startIfMissing: false })).rejects.toMatchObject({
      kind: 'Unavailable',
      code: 'SERVICE_NOT_RUNNING',
      message: 'No Koubou service is running. Start one with `koubou up --detach`.',
    });
    expect(existsSync(home.files.serviceLog)).toBe(false);
  });

  withHome('is never whoever happens to answer at the usual port', async ({ home }) => {
    const stranger = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const { port } = stranger.address() as { port: number };
    const service = await home.ensure({}, { ports: { grpc: port, ui: port + 1 } });
    expect(service.address).not.toBe(`127.0.0.1:${port}`);
    await new Promise((resolve) => stranger.close(resolve));
  });

  withHome('is the named one where one is named, which is neither started nor recorded', async ({ home }) => {
    const named = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => named.listen(0, '127.0.0.1', resolve));
    const address = `127.0.0.1:${(named.address() as { port: number }).port}`;
    const external = { address, namespace: 'reviews', named: 'TEMPORAL_ADDRESS' };
    expect(await home.ensure({ external })).toEqual({ address, namespace: 'reviews', startedNow: false });
    await new Promise((resolve) => named.close(resolve));
    await expect(home.ensure({ external })).rejects.toMatchObject({
      kind: 'Unavailable',
      code: 'SERVICE_NOT_ANSWERING',
      message: `Nothing answers at ${address}, the Temporal service named by TEMPORAL_ADDRESS. Start that service, or name none to use one of your own.`,
    });
    expect(home.record()).toBeNull();
  });

  withHome('that cannot start is told with the end of its log', async ({ home }) => {
    await expect(home.ensure({}, { fault: 'no temporal' })).rejects.toMatchObject({
      kind: 'Unavailable',
      code: 'SERVICE_START_FAILED',
      message: `The service ended while it started (exit code 2). See ${home.files.serviceLog}. Its log ends:\nLooking for Temporal.\nThere is no Temporal on this machine.`,
    });
    expect(await findService(home.files)).toEqual({ kind: 'none' });
  });

  withHome('that says much at its end is told with three lines of it, and that the disk is full with none', async ({ home }) => {
    await expect(home.ensure({}, { fault: { said: ['one', 'two', 'three', 'four'] } })).rejects.toMatchObject({ message: expect.stringMatching(/Its log ends:\ntwo\nthree\nfour$/) });
    await expect(home.ensure({}, { fault: { said: ['panic: write /x: no space left on device', 'goroutine 1'] } })).rejects.toMatchObject({
      kind: 'Unavailable',
      code: 'DISK_FULL',
      message: 'No space is left (or the quota is used up) on the disk of the state folder. Free some, or name another place by KOUBOU_HOME.',
    });
  });

  withHome('is an up in the foreground too', async ({ home }) => {
    const up = home.foreground();
    await until(async () => (await findService(home.files)).kind === 'starting');
    expect(await home.ensure()).toMatchObject({ pid: up.pid, startedNow: false });
  });
});

describe.concurrent('a service whose record was harmed while it lives', () => {
  withHome('writes it again, and the next command uses it', async ({ home }) => {
    const first = await home.ensure();
    for (const harm of [() => rmSync(home.files.record), () => writeFileSync(home.files.record, 'garbage')]) {
      harm();
      const begun = performance.now();
      expect(await home.ensure()).toEqual({ ...first, startedNow: false });
      expect(performance.now() - begun).toBeLessThan(10_000);
    }
  });
});

describe.concurrent('a command that differs from the service', () => {
  withHome('in settings drains it and starts it again at the same place, and runs go on', async ({ home }) => {
    const first = await home.ensure();
    await home.start('naps', 'naps', { steps: 4, ms: 700, file: home.trace });
    await until(() => home.traceLines().includes('begin 1'));
    const progress: string[] = [];
    const second = await home.ensure({ fingerprint: 'second', root: '/elsewhere', progress: (line) => progress.push(line) }, { fingerprint: 'second' });
    expect(progress[0]).toBe('The service was started with other settings or provider variables: its workers finish the steps in hand, then it is started again. Runs go on.');
    expect(second).toEqual({ ...first, pid: second.pid, startedNow: true });
    expect(second.pid).not.toBe(first.pid);
    // No step was cut off: each began once.
    expect(await (await home.client()).workflow.getHandle('naps').result()).toBe(4);
    expect(home.traceLines().filter((line) => line.startsWith('begin'))).toEqual(['begin 1', 'begin 2', 'begin 3', 'begin 4']);
    expect(home.record()).toMatchObject({ auto: true, fingerprint: 'second' });
    expect(home.record()?.root).not.toBe('/elsewhere');
  });

  withHome('in version or in a root that was asked for replaces it, and a service that a person started stays a person’s', async ({ home }) => {
    await home.ensure({ auto: false });
    const progress: string[] = [];
    const say = (line: string): void => void progress.push(line);
    await home.ensure({ version: '2.0.0', progress: say }, { version: '2.0.0' });
    expect(home.record()).toMatchObject({ version: '2.0.0', auto: false });
    await home.ensure({ version: '2.0.0', root: home.stateDir, rootIsGiven: true, progress: say }, { version: '2.0.0' });
    expect(home.record()).toMatchObject({ root: home.stateDir, auto: false });
    expect(progress.filter((line) => line.startsWith('The service was'))).toEqual([
      'The service was started with another version (1.0.0): its workers finish the steps in hand, then it is started again. Runs go on.',
      'The service was started with another root: its workers finish the steps in hand, then it is started again. Runs go on.',
    ]);
  });
});

describe.concurrent('a service that was killed', () => {
  withHome('is recognised as stale, never mistaken for a later process of its number, and replaced', async ({ home }) => {
    const first = await home.ensure();
    const record = home.record()!;
    process.kill(first.pid!, 'SIGKILL');
    await until(() => processIdentity(first.pid!) === null && processIdentity(record.serverPid) === null);
    expect((await findService(home.files)).kind).toBe('stale');
    const second = await home.ensure();
    expect(second).toMatchObject({ address: first.address, startedNow: true });
  });

  withHome('is cleared up by down, its own server too', async ({ home }) => {
    const first = await home.ensure();
    const record = home.record()!;
    process.kill(first.pid!, 'SIGKILL');
    await until(() => processIdentity(first.pid!) === null);
    expect(await down(home)).toEqual(['No service is running; what a killed one left behind was cleared up.']);
    expect([home.record(), processIdentity(record.serverPid)]).toEqual([null, null]);
  });
});

function sessionOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3]);
}
