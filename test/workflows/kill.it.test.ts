import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startServer, type RunningServer } from '#client/services/server.ts';
import { openStore } from '#store/open-store.ts';
import { testEnvironment } from '../support/temporal.ts';

const script = fileURLToPath(new URL('../support/worker-process.ts', import.meta.url));
const text = ['# title', ...Array.from({ length: 4 }, (_, n) => `!medium rule${n} fix`), 'the end', ''].join('\n');
const moments = ['openArtifact', 'review', 'improve', 'saveRevision', 'commitRevision', 'publishReport'].flatMap((name) => [`${name}.before`, `${name}.after`]);
const seed = 20_261_121;

interface Stage {
  readonly folder: string;
  readonly root: string;
  readonly prefix: string;
  readonly server: RunningServer;
  readonly client: Client;
  readonly connection: Connection;
}

let stage: Stage;
let worker: ChildProcess | null = null;
let kills = 0;
let ended = false;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'koubou-kill-'));
  const root = join(folder, 'root');
  mkdirSync(root);
  mkdirSync(join(folder, 'crashes'));
  const server = await serve(folder);
  const connection = await Connection.connect({ address: server.address });
  await execa('git', ['-C', root, 'init', '-q', '-b', 'main']);
  await execa('git', ['-C', root, 'config', 'user.name', 'Ann']);
  await execa('git', ['-C', root, 'config', 'user.email', 'ann@example.invalid']);
  stage = { folder, root, server, connection, client: new Client({ connection }), prefix: `kill-${randomUUID().slice(0, 8)}` };
});

afterAll(async () => {
  ended = true;
  worker?.kill('SIGKILL');
  await stage.connection.close();
  await stage.server.stop();
  rmSync(stage.folder, { recursive: true, force: true });
});

function serve(folder: string): Promise<RunningServer> {
  const ports = { grpc: 26_000 + (process.pid % 10_000), ui: 51_000 + (process.pid % 10_000) };
  return startServer({
    temporalPath: inject('temporalPath'), namespace: 'default', databaseFile: join(folder, 'temporal.db'), logFile: join(folder, 'temporal.log'),
    folder, environment: testEnvironment(), ports, say: () => undefined,
  });
}

/** Starts the worker and starts it again whenever it dies, until the test is over. */
function keepWorker(): void {
  const { server, prefix, root, folder } = stage;
  const args = [script, server.address, prefix, root, `sqlite:${join(folder, 'store.db')}`, inject('workflowBundlePath'), join(folder, 'crashes')];
  worker = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  worker.once('exit', (_code, signal) => {
    if (signal === 'SIGKILL') kills += 1;
    if (!ended) keepWorker();
  });
}

async function startRun(name: string): Promise<WorkflowHandle> {
  writeFileSync(join(stage.root, name), text);
  await execa('git', ['-C', stage.root, 'add', '--', name]);
  await execa('git', ['-C', stage.root, 'commit', '-qm', `Add ${name}`, '--', name]);
  return stage.client.workflow.start('review', { taskQueue: stage.prefix, workflowId: `${stage.prefix}-${name}`, args: [{ artifact: { path: name }, target_score: 97, save: 'commit' }] });
}

/** A run whose step died three times is parked; a person wakes it. No call is under way any more when the result is here: one that is tried again on a closed connection throws where nobody catches it. */
async function finish(handle: WorkflowHandle): Promise<{ outcome: string; commit: { id: string } | null }> {
  let over = false;
  const result = handle.result().finally(() => (over = true));
  const wake = async (): Promise<void> => {
    const { state } = await handle.query<{ state: string }>('progress');
    if (state === 'parked') await handle.executeUpdate('decide', { args: [{ decision: 'retry' }] });
  };
  while (!over) {
    await Promise.race([result, sleep(1_000)]);
    if (!over) await wake().catch(() => undefined);
  }
  return (await result) as never;
}

async function serverPid(): Promise<number> {
  const { stdout } = await execa('pgrep', ['-f', '--', join(stage.folder, 'temporal.db')]);
  return Number(stdout.split('\n')[0]);
}

async function commitsOf(name: string): Promise<number> {
  const { stdout } = await execa('git', ['-C', stage.root, 'log', '--format=%(trailers:key=Koubou-Run,valueonly)', '--', name]);
  return stdout.split('\n').filter((line) => line.trim() !== '').length;
}

async function checkEffects(name: string): Promise<void> {
  expect([name, await commitsOf(name), readFileSync(join(stage.root, name), 'utf8').includes('!medium rule3')]).toEqual([name, 1, true]);
}

async function checkRepository(): Promise<void> {
  const { stdout: status } = await execa('git', ['-C', stage.root, 'status', '--porcelain']);
  await execa('git', ['-C', stage.root, 'fsck', '--full']);
  const left = readdirSync(stage.root, { recursive: true }).map(String).filter((file) => /\.tmp$|koubou.*\.(index|lock)/.test(file));
  expect([status, left]).toEqual(['', []]);
}

function random(state: number): () => number {
  let x = state;
  return () => ((x = (x * 1_103_515_245 + 12_345) % 2 ** 31), x / 2 ** 31);
}

describe('killing', () => {
  test(`the worker before and after every effect and at random moments (seed ${seed}): each run completes with one save and one commit`, async () => {
    keepWorker();
    const names = [...moments.map((moment) => `${moment}.md`), ...Array.from({ length: 6 }, (_, n) => `plain${n}.md`)];
    const handles: WorkflowHandle[] = [];
    for (const name of names) handles.push(await startRun(name));
    const done = Promise.all(handles.map(finish));
    const next = random(seed);
    const marks = (): number => readdirSync(join(stage.folder, 'crashes')).length;
    for (let waited = 0; (kills < 24 || marks() < moments.length) && waited < 120_000; ) {
      const pause = 400 + Math.floor(next() * 2_000);
      await sleep(pause);
      waited += pause;
      if (kills < 24) worker?.kill('SIGKILL');
    }
    const results = await done;
    expect(results.map(({ outcome }) => outcome)).toEqual(names.map(() => 'target_reached'));
    expect(readdirSync(join(stage.folder, 'crashes')).toSorted()).toEqual(moments.toSorted());
    expect(kills).toBeGreaterThanOrEqual(20);
    for (const name of names) await checkEffects(name);
    await checkRepository();
  }, 400_000);

  test('the server in the middle: started again on its database it finishes every run', async () => {
    const names = ['server0.md', 'server1.md', 'server2.md'];
    const handles: WorkflowHandle[] = [];
    for (const name of names) handles.push(await startRun(name));
    await sleep(300);
    const before = await serverPid();
    process.kill(before, 'SIGKILL');
    const results = await Promise.all(handles.map(finish));
    expect(results.map(({ outcome }) => outcome)).toEqual(names.map(() => 'target_reached'));
    expect(await serverPid()).not.toBe(before);
    for (const name of names) await checkEffects(name);
  }, 200_000);

  test('leaves no process behind', async () => {
    ended = true;
    const pid = worker?.pid ?? 0;
    worker?.kill('SIGKILL');
    await sleep(1_000);
    const { stdout } = await execa('ps', ['-eo', 'pid,args']);
    expect(stdout.split('\n').filter((line) => line.includes(stage.root) || line.includes(`${script} `))).toEqual([]);
    expect(existsSync(`/proc/${pid}/exe`)).toBe(false);
    await openStore({ url: `sqlite:${join(stage.folder, 'store.db')}` }).close();
  });
});
