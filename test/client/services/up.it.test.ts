import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { afterAll, describe, expect } from 'vitest';
import { findService } from '#client/services/find-service.ts';
import { writeRecord, type ServiceRecord } from '#client/services/record.ts';
import { processIdentity } from '#io/process-identity.ts';
import { closeShared, processesNaming, until, withHome } from './service-home.ts';

const dead: ServiceRecord = {
  phase: 'ready',
  address: '127.0.0.1:1',
  namespace: 'default',
  uiUrl: 'http://127.0.0.1:2',
  pid: process.pid,
  pidIdentity: 'of another time',
  serverPid: 2,
  serverPidIdentity: 'of another time',
  version: '1.0.0',
  fingerprint: 'first',
  startedAt: '2026-01-02T03:04:05.000Z',
  root: '/',
  temporalVersion: '1.31.2',
  auto: false,
};

afterAll(closeShared);

describe.concurrent('koubou up', () => {
  withHome('prints where the service is, records it, and leaves nothing running when it is interrupted', async ({ home }) => {
    const up = home.foreground();
    const record = await home.ready();
    expect(record).toMatchObject({ phase: 'ready', pid: up.pid, version: '1.0.0', fingerprint: 'first', auto: false, temporalVersion: '1.31.2' });
    await until(() => up.output().includes('export'));
    expect(up.output()).toContain(
      [
        'Koubou is up.',
        `  Temporal  ${record.address} (server 1.31.2, namespace default)`,
        `  Web UI    ${record.uiUrl}`,
        '  Queues    koubou',
        `  Root      ${record.root}`,
        `export TEMPORAL_ADDRESS=${record.address}`,
      ].join('\n'),
    );
    expect((await fetch(record.uiUrl)).status).toBe(200);
    up.child.kill('SIGINT');
    expect(await up.exited).toBe(0);
    expect(up.output()).toContain('Stopping: steps in hand may go on for 5 s');
    expect([home.record(), await findService(home.files), processesNaming(home.stateDir)]).toEqual([null, { kind: 'none' }, []]);
  });

  withHome('lets steps in hand end before the server ends, and the run goes on at the next start', async ({ home }) => {
    const first = home.foreground();
    await home.ready();
    const run = await home.start('naps', 'naps', { steps: 3, ms: 700, file: home.trace });
    await until(() => home.traceLines().includes('begin 1'));
    first.child.kill('SIGTERM');
    expect(await first.exited).toBe(0);
    expect(home.traceLines()).toEqual(['begin 1', 'end 1']);
    home.foreground();
    await home.ready();
    expect(await (await home.client()).workflow.getHandle(run.workflowId).result()).toBe(3);
    expect(home.traceLines()).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2', 'begin 3', 'end 3']);
  });

  withHome('ends at once on a second signal', async ({ home }) => {
    const up = home.foreground({ graceMs: 60_000 });
    await home.ready();
    await home.start('naps', 'naps', { steps: 1, ms: 1_900, file: home.trace });
    await until(() => home.traceLines().includes('begin 1'));
    up.child.kill('SIGINT');
    await until(() => up.output().includes('Stopping'));
    await new Promise((resolve) => setTimeout(resolve, 300));
    up.child.kill('SIGINT');
    const asked = performance.now();
    expect(await up.exited).toBe(130);
    expect(performance.now() - asked).toBeLessThan(1_500);
    expect([home.traceLines(), home.record(), processesNaming(home.stateDir)]).toEqual([['begin 1'], null, []]);
  });

  withHome('says where the first one is when it is called again', async ({ home }) => {
    const first = home.foreground();
    const record = await home.ready();
    const second = home.foreground();
    expect(await second.exited).toBe(0);
    expect(second.output()).toBe(
      [
        `Koubou is already up since ${record.startedAt} (process ${first.pid}).`,
        `  Temporal  ${record.address}`,
        `  Web UI    ${record.uiUrl}`,
        `export TEMPORAL_ADDRESS=${record.address}`,
        '',
      ].join('\n'),
    );
    expect(home.record()).toEqual(record);
  });

  withHome('takes the next free ports where the wanted ones are busy, says so, and keeps them next time', async ({ home }) => {
    const busy = createServer();
    const wanted = await new Promise<number>((resolve) => busy.listen(0, '127.0.0.1', () => resolve((busy.address() as { port: number }).port)));
    const up = home.foreground({ ports: { grpc: wanted, ui: wanted } });
    const record = await home.ready();
    const port = Number(record.address.split(':')[1]);
    expect(port).toBeGreaterThan(wanted);
    expect(up.output()).toContain(`Port ${wanted} is busy: the service takes ${port}.`);
    expect(up.output()).toContain(`Port ${wanted} is busy: the Web UI takes`);
    up.child.kill('SIGTERM');
    await up.exited;
    await new Promise((resolve) => busy.close(resolve));
    const { default: remembered } = (await import(home.files.ports, { with: { type: 'json' } })) as { default: unknown };
    expect(remembered).toEqual({ grpc: port, ui: Number(record.uiUrl.split(':')[2]) });
  });

  withHome('fails with the reason and leaves nothing behind where there is no Temporal', async ({ home }) => {
    const up = home.foreground({ fault: 'no temporal' });
    expect(await up.exited).toBe(2);
    expect(up.output()).toContain('There is no Temporal on this machine.');
    expect([await findService(home.files), processesNaming(home.stateDir)]).toEqual([{ kind: 'none' }, []]);
  });

  withHome('starts workers again that broke', async ({ home }) => {
    const up = home.foreground({ fault: 'workers break once' });
    await until(() => up.output().includes('The workers stopped (poll refused); they are started again.'));
    const client = await home.client();
    expect(await client.workflow.execute('naps', { taskQueue: 'koubou', workflowId: 'naps', args: [{ steps: 1, ms: 1, file: home.trace }] })).toBe(1);
  });
});

describe.concurrent('after a kill', () => {
  withHome('of the server it is started again on its ports and database, and the run goes on', async ({ home }) => {
    const up = home.foreground();
    const before = await home.ready();
    const run = await home.start('naps', 'naps', { steps: 4, ms: 300, file: home.trace });
    await until(() => home.traceLines().includes('end 1'));
    process.kill(before.serverPid, 'SIGKILL');
    expect(await run.result()).toBe(4);
    const after = await home.ready();
    expect(after).toEqual({ ...before, serverPid: after.serverPid, serverPidIdentity: after.serverPidIdentity });
    expect(after.serverPid).not.toBe(before.serverPid);
    expect(up.output()).toContain('The Temporal server ended (SIGKILL); it is started again on its database.');
  });

  withHome('of the service alone its server, where the kernel did not end it, is ended by the next up', async ({ home }) => {
    const survivor = spawn('sleep', ['60']);
    writeRecord(home.files.record, { ...dead, serverPid: survivor.pid!, serverPidIdentity: processIdentity(survivor.pid!)! });
    const up = home.foreground({ fault: 'no temporal' });
    await up.exited;
    expect(up.output()).toContain('The service before left its server behind; it was ended, its runs go on.');
    expect([survivor.signalCode, home.record()]).toEqual(['SIGTERM', null]);
  });

  withHome('of everything the next up clears up and the run goes on', async ({ home }) => {
    const first = home.foreground();
    const before = await home.ready();
    await home.start('naps', 'naps', { steps: 4, ms: 300, file: home.trace });
    await until(() => home.traceLines().includes('end 1'));
    first.child.kill('SIGKILL');
    await first.exited;
    expect((await findService(home.files)).kind).toBe('stale');
    const second = home.foreground();
    const after = await home.ready().then(() => until(() => (home.record()?.pid === second.pid ? home.record() : null)));
    await until(() => home.record()?.phase === 'ready');
    expect(after.address).toBe(before.address);
    expect(processIdentity(before.serverPid)).not.toBe(before.serverPidIdentity);
    const client = await home.client();
    expect(await client.workflow.getHandle('naps').result()).toBe(4);
    expect(second.output()).toContain('The service before did not end in order; its runs go on.');
  });
});
