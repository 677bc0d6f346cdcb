import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { keepWorkers } from '#client/services/keep-workers.ts';
import { queueStatus } from '#client/services/queue-status.ts';
import { ensureSearchAttributes } from '#client/services/search-attributes.ts';
import { startServer, type RunningServer, type ServerOptions } from '#client/services/server.ts';
import { answers } from '#client/services/tcp.ts';
import { runWorker } from '#client/services/worker-command.ts';
import { searchAttributeList } from '#domain/search-attributes.ts';
import { testEnvironment } from '#test/support/temporal.ts';
import { processesNaming, until } from './service-home.ts';

let folder = '';
let running: RunningServer | undefined;
let said: string[] = [];
let pids: number[] = [];
const shared = await Connection.connect({ address: inject('temporalAddress') });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'koubou-server-'));
  said = [];
  pids = [];
});

afterEach(async () => {
  await running?.stop();
  running = undefined;
  rmSync(folder, { recursive: true });
});

afterAll(() => shared.close());

function options(changed: Partial<ServerOptions> = {}): ServerOptions {
  const port = 26_000 + (process.pid % 3_000);
  return {
    temporalPath: inject('temporalPath'),
    namespace: 'default',
    databaseFile: join(folder, 'temporal.db'),
    logFile: join(folder, 'temporal.log'),
    folder,
    environment: testEnvironment(),
    ports: { grpc: port, ui: port + 3_000 },
    say: (line) => said.push(line),
    onProcess: (pid) => pids.push(pid),
    ...changed,
  };
}

function script(text: string): string {
  const file = join(folder, 'temporal');
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
  return file;
}

describe('the local server', () => {
  test('gives an old database the search attributes it lacks, and keeps its runs', async () => {
    const { ports, databaseFile, temporalPath } = options();
    const old = spawn(temporalPath, ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(ports.grpc), '--headless', '--db-filename', databaseFile!], { stdio: 'ignore' });
    const address = `127.0.0.1:${ports.grpc}`;
    await until(() => answers(address, 100));
    const connection = await until(() => Connection.connect({ address }).catch(() => null));
    const start = (): Promise<unknown> => new Client({ connection }).workflow.start('review', { taskQueue: 'q', workflowId: 'old' });
    await until(() => start().catch(() => null));
    await connection.close();
    old.kill('SIGKILL');
    await once(old, 'exit');

    running = await startServer(options());
    const now = await Connection.connect({ address: running.address });
    const { customAttributes } = await now.operatorService.listSearchAttributes({ namespace: 'default' });
    expect(Object.keys(customAttributes ?? {})).toEqual(expect.arrayContaining(searchAttributeList.map(({ name }) => name)));
    expect((await new Client({ connection: now }).workflow.getHandle('old').describe()).status.name).toBe('RUNNING');
    await until(() => now.workflowService.countWorkflowExecutions({ namespace: 'default', query: "KoubouStatus = 'parked'" }).catch(() => null));
    await now.close();
  });

  test('that died too often is given up with a sentence', async () => {
    running = await startServer(options({ restarts: { restarts: 1, windowMs: 60_000, firstDelayMs: 1 } }));
    process.kill(pids[0]!, 'SIGKILL');
    await until(() => pids.length === 2);
    process.kill(pids[1]!, 'SIGKILL');
    expect(await running.gaveUp).toMatchObject({
      kind: 'Unavailable',
      code: 'SERVICE_DIED',
      message: `The Temporal server died 2 times within 1 min and is given up. See ${folder}/temporal.log.`,
    });
    expect(said[0]).toBe('The Temporal server ended (SIGKILL); it is started again on its database.');
  });

  test('that ends as soon as it is started is tried once more, then told with what its log says', async () => {
    await expect(startServer(options({ temporalPath: script('echo hello; echo Error: unknown flag: --db >&2; echo main.go:1064; exit 3') }))).rejects.toMatchObject({
      code: 'SERVICE_START_FAILED',
      message: `The Temporal server ended as soon as it was started. See ${folder}/temporal.log. Its log says:\nError: unknown flag: --db`,
    });
    expect(pids).toHaveLength(2);
  });

  test('whose disk is full is told so, whatever else its log says', async () => {
    await expect(startServer(options({ temporalPath: script('echo "panic: sql: database or disk is full (13)" >&2; echo "goroutine 1 [running]:" >&2; exit 2') }))).rejects.toMatchObject({ kind: 'Unavailable', code: 'DISK_FULL' });
    expect(pids).toHaveLength(1);
  });

  test('moves on when another program takes its port between the look and the start', async () => {
    const port = options().ports.grpc;
    const rival = createServer((socket) => socket.destroy());
    const onProcess = (): void => void (rival.listening || rival.listen(port, '127.0.0.1'));
    const slow = script(`[ -e ${folder}/late ] || sleep 0.3; touch ${folder}/late; exec ${inject('temporalPath')} "$@"`);
    running = await startServer(options({ temporalPath: slow, onProcess }));
    expect(Number(running.address.split(':')[1])).toBeGreaterThan(port);
    expect(said).toEqual([`Port ${port} is busy: the service takes ${running.ports.grpc}.`]);
    await new Promise((resolve) => rival.close(resolve));
  });

  test('that is no longer wanted while it starts leaves nothing running', async () => {
    const wanted = new AbortController();
    const start = startServer(options({ signal: wanted.signal, onProcess: () => wanted.abort(new Error('no longer wanted')) }));
    await expect(start).rejects.toThrow('no longer wanted');
    expect(processesNaming(folder)).toEqual([]);
  });
});

describe('the search attributes of a namespace', () => {
  async function newNamespace(name: string): Promise<string> {
    const namespace = `${name}-${process.pid}-${Date.now()}`;
    await shared.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: { seconds: 86_400 as never } });
    await until(() => shared.workflowService.describeNamespace({ namespace }).catch(() => null));
    return namespace;
  }

  test('are added once, by two at a time as well', async () => {
    const namespace = await newNamespace('attributes');
    const add = (): Promise<string[]> => until(() => ensureSearchAttributes(shared, namespace).catch(() => null));
    await Promise.all([add(), add()]);
    expect(await ensureSearchAttributes(shared, namespace)).toEqual([]);
    const { customAttributes } = await shared.operatorService.listSearchAttributes({ namespace });
    expect(Object.keys(customAttributes ?? {}).toSorted()).toEqual(searchAttributeList.map(({ name }) => name).toSorted());
  });

  test('of another type are refused with the command that mends it', async () => {
    const namespace = await newNamespace('wrong');
    await until(() => shared.operatorService.addSearchAttributes({ namespace, searchAttributes: { KoubouScore: 2 } }).catch(() => null));
    await expect(until(() => ensureSearchAttributes(shared, namespace))).rejects.toMatchObject({
      kind: 'Misconfigured',
      code: 'SEARCH_ATTRIBUTE_TYPE',
      message: expect.stringContaining(`temporal operator search-attribute remove --namespace ${namespace} --name KoubouScore`) as string,
    });
  });
});

test('queues are told with their kind, their pollers and what waits', async () => {
  const prefix = `q${process.pid}`;
  await new Client({ connection: shared }).workflow.start('review', { taskQueue: prefix, workflowId: prefix });
  const status = await until(async () => {
    const queues = await queueStatus(shared, 'default', { prefix });
    return queues[0]!.backlog === 1 ? queues : null;
  });
  expect(status).toEqual([
    { name: prefix, kind: 'workflow', pollers: 0, backlog: 1 },
    ...['analysis', 'llm', 'workspace', 'report'].map((suffix) => ({ name: `${prefix}-${suffix}`, kind: 'activity', pollers: 0, backlog: 0 })),
  ]);
  await new Client({ connection: shared }).workflow.getHandle(prefix).terminate();
});

describe('workers', () => {
  const forEver = new Promise<void>(() => undefined);
  const quick = { restarts: 1, windowMs: 60_000, firstDelayMs: 1 };

  test('that break are started again until it is enough, and each is drained', async () => {
    let [starts, drains] = [0, 0];
    const start = () => {
      starts += 1;
      return Promise.resolve({ finished: Promise.reject(new Error(`broken ${starts}`)), drain: () => Promise.resolve(void (drains += 1)) });
    };
    const kept = await keepWorkers({ start, say: (line) => said.push(line), restarts: quick });
    expect((await kept.gaveUp).message).toBe('The workers broke too often and are given up: broken 2');
    expect([starts, drains, said]).toEqual([2, 2, ['The workers stopped (broken 1); they are started again.']]);
  });

  test('serve a service that runs elsewhere until they are told to stop', async () => {
    const printed: string[] = [];
    let drained = false;
    const place = { address: inject('temporalAddress'), namespace: 'default', queues: ['a', 'b'] };
    const done = runWorker({
      ...place,
      graceMs: 1_000,
      startWorkers: (asked) => {
        printed.push(JSON.stringify(asked));
        return Promise.resolve({ finished: forEver, drain: () => Promise.resolve(void (drained = true)) });
      },
      print: (line) => printed.push(line),
      say: (line) => said.push(line),
    });
    await until(() => printed.length === 2);
    process.emit('SIGTERM', 'SIGTERM');
    expect([await done, drained]).toEqual([0, true]);
    expect(printed).toEqual([JSON.stringify(place), `Koubou workers are connected to ${place.address}, namespace default, for a, b.`]);
  });

  test('are not started where nothing answers', async () => {
    const startWorkers = (): Promise<never> => Promise.reject(new Error('not to be called'));
    const quiet = (): void => undefined;
    await expect(runWorker({ address: '127.0.0.1:1', namespace: 'default', graceMs: 1, startWorkers, print: quiet, say: quiet })).rejects.toMatchObject({
      kind: 'Unavailable',
      code: 'SERVICE_NOT_ANSWERING',
    });
  });
});
