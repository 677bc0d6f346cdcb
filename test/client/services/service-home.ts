import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, existsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { bundleWorkflowCode } from '@temporalio/worker';
import { stopService } from '#client/services/down.ts';
import { ensureService, type EnsureOptions, type Service } from '#client/services/ensure.ts';
import { readRecord, type ServiceRecord } from '#client/services/record.ts';
import { serviceFiles, type ServiceFiles } from '#client/services/service-files.ts';
import { testEnvironment } from '#test/support/temporal.ts';
import { inject, test } from 'vitest';
import type { ProgramSettings } from './program.ts';

const program = fileURLToPath(new URL('./program.ts', import.meta.url));
const workflowsPath = fileURLToPath(new URL('./program-workflows.ts', import.meta.url));

/** A foreground `up` of the test program. */
export interface Foreground {
  readonly child: ChildProcess;
  readonly pid: number;
  output(): string;
  readonly exited: Promise<number | NodeJS.Signals | null>;
}

/** A state folder of its own with everything a test does to its service. */
export interface ServiceHome {
  readonly stateDir: string;
  readonly files: ServiceFiles;
  foreground(settings?: Partial<ProgramSettings>): Foreground;
  ensure(options?: Partial<EnsureOptions>, settings?: Partial<ProgramSettings>): Promise<Service>;
  record(): ServiceRecord | null;
  /** Resolves with the record once the service is ready. */
  ready(): Promise<ServiceRecord>;
  client(): Promise<Client>;
  /** Starts a run; what a killed worker held is given to another one after two seconds. */
  start(workflowType: 'naps' | 'waits', workflowId: string, argument: object): Promise<WorkflowHandle>;
  /** A file that runs write into. */
  readonly trace: string;
  traceLines(): string[];
  close(): Promise<void>;
}

let bundlePath: Promise<string> | undefined;
// Below the ports that Linux gives to outgoing connections.
let nextPort = 21_000 + (process.pid % 100) * 50;

async function openHome(): Promise<ServiceHome> {
  const folder = mkdtempSync(join(tmpdir(), 'koubou-home '));
  const stateDir = join(folder, 'state');
  mkdirSync(stateDir);
  const files = serviceFiles(stateDir);
  const settings = await defaults(stateDir);
  const children: Foreground[] = [];
  const clients: Client[] = [];
  const environment = (changed: Partial<ProgramSettings> = {}): Record<string, string> => ({
    ...testEnvironment(),
    TEST_PROGRAM: JSON.stringify({ ...settings, ...changed }),
  });
  const home: ServiceHome = {
    stateDir,
    files,
    trace: join(folder, 'trace'),
    foreground: (changed) => {
      const started = startForeground(folder, environment(changed));
      children.push(started);
      return started;
    },
    ensure: (options, changed) =>
      ensureService({
        stateDir,
        selfCommand: [process.execPath, program],
        environment: environment(changed),
        root: folder,
        auto: true,
        progress: () => undefined,
        version: settings.version,
        fingerprint: settings.fingerprint,
        startIfMissing: true,
        graceMs: settings.graceMs,
        ...options,
      }),
    record: () => readRecord(files.record),
    ready: () => until(() => (readRecord(files.record)?.phase === 'ready' ? readRecord(files.record) : null)),
    client: async () => {
      const { address } = readRecord(files.record)!;
      const client = new Client({ connection: await Connection.connect({ address }) });
      clients.push(client);
      return client;
    },
    start: async (workflowType, workflowId, argument) =>
      (await home.client()).workflow.start(workflowType, { taskQueue: 'koubou', workflowId, args: [argument], workflowTaskTimeout: '2s' }),
    traceLines: () => (existsSync(home.trace) ? readFileSync(home.trace, 'utf8').split('\n').slice(0, -1) : []),
    close: async () => {
      await Promise.all(clients.map((client) => client.connection.close()));
      await stopService(files, 10_000);
      for (const { child } of children) child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return home;
}

async function defaults(stateDir: string): Promise<ProgramSettings> {
  bundlePath ??= bundle();
  const port = (nextPort += 4);
  return {
    stateDir,
    temporalPath: inject('temporalPath'),
    bundlePath: await bundlePath,
    ports: { grpc: port, ui: port + 2 },
    version: '1.0.0',
    fingerprint: 'first',
    graceMs: 5_000,
    idleExitMs: null,
  };
}

async function bundle(): Promise<string> {
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} } });
  const file = join(mkdtempSync(join(tmpdir(), 'koubou-bundle-')), 'bundle.js');
  writeFileSync(file, code);
  return file;
}

/** Removes what all homes of a test file share. */
export async function closeShared(): Promise<void> {
  if (bundlePath !== undefined) rmSync(join(await bundlePath, '..'), { recursive: true });
  bundlePath = undefined;
}

function startForeground(cwd: string, env: Record<string, string>): Foreground {
  const child = spawn(process.execPath, [program, 'up'], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const exited = new Promise<number | NodeJS.Signals | null>((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
  return { child, pid: child.pid!, output: () => output, exited };
}

/** A test with a state folder and service of its own; several may run at once, because they mostly wait. */
export const withHome = test.extend<{ home: ServiceHome }>({
  // oxlint-disable-next-line no-empty-pattern -- vitest reads from the pattern which other fixtures are needed
  home: async ({}, use) => {
    const home = await openHome();
    try {
      await use(home);
    } finally {
      await home.close();
    }
  },
});

/** Asks again until the answer is neither null, undefined nor false. */
export async function until<T>(ask: () => T | Promise<T>, limitMs = 60_000): Promise<NonNullable<Exclude<T, false>>> {
  for (const deadline = performance.now() + limitMs; performance.now() < deadline; await sleep(20)) {
    const answer = await ask();
    if (answer !== null && answer !== undefined && answer !== false) return answer as NonNullable<Exclude<T, false>>;
  }
  throw new Error('It did not come about in time.');
}

/** Every living process whose command line names the text; Linux. */
export function processesNaming(text: string): number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => commandLine(pid).includes(text));
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
