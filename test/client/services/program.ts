import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { daemonLine, readDaemonArguments } from '#client/services/daemon-arguments.ts';
import type { StartWorkers } from '#client/services/keep-workers.ts';
import { runUp } from '#client/services/up.ts';
import { summarizeError } from '#domain/errors.ts';
import type { RunningWorkers } from '#worker.ts';

// The program of the service tests: a composition root of its own, with workers that nap. Run by Node, never imported
// for its values by a workflow.

/** What a test sets; everything else has the product's own defaults. */
export interface ProgramSettings {
  readonly stateDir: string;
  readonly temporalPath: string;
  readonly bundlePath: string;
  readonly ports: { readonly grpc: number; readonly ui: number };
  readonly version: string;
  readonly fingerprint: string;
  readonly graceMs: number;
  readonly idleExitMs: number | null;
  /** A fault to play: the Temporal command is not found, says this in several lines, or workers break once. */
  readonly fault?: 'no temporal' | 'workers break once' | { readonly said: readonly string[] };
}

export function napActivities() {
  return {
    nap: async ({ step, ms, file }: { step: number; ms: number; file: string }): Promise<void> => {
      appendFileSync(file, `begin ${step}\n`);
      await sleep(ms);
      appendFileSync(file, `end ${step}\n`);
    },
  };
}

function startNappers(settings: ProgramSettings): StartWorkers {
  return async ({ address, namespace }) => {
    const connection = await NativeConnection.connect({ address });
    const worker = await Worker.create({
      connection,
      namespace,
      taskQueue: 'koubou',
      workflowBundle: { codePath: settings.bundlePath },
      activities: napActivities(),
      shutdownGraceTime: settings.graceMs,
      // A step of a run whose worker is gone waits so long for it.
      stickyQueueScheduleToStartTimeout: '1s',
    });
    const finished = runThenClose(worker, connection);
    finished.catch(() => undefined);
    const drain = async (): Promise<void> => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await finished.catch(() => undefined);
    };
    return broken(settings, { finished, drain });
  };
}

async function runThenClose(worker: Worker, connection: NativeConnection): Promise<void> {
  try {
    await worker.run();
  } finally {
    await connection.close();
  }
}

function broken(settings: ProgramSettings, workers: RunningWorkers): RunningWorkers {
  const mark = join(settings.stateDir, 'broken-once');
  if (settings.fault !== 'workers break once' || existsSync(mark)) return workers;
  writeFileSync(mark, '');
  return { ...workers, finished: sleep(200).then(() => Promise.reject(new Error('poll refused'))) };
}

async function main(): Promise<number> {
  const settings = JSON.parse(process.env['TEST_PROGRAM'] ?? '') as ProgramSettings;
  const daemon = readDaemonArguments(process.argv.slice(2));
  Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR') });
  const say = (line: string): void => void process.stderr.write(`${daemon === null ? line : daemonLine(line)}\n`);
  return runUp({
    ...settings,
    identity: { version: settings.version, fingerprint: settings.fingerprint, root: daemon?.root ?? process.cwd(), auto: daemon?.auto ?? false },
    locate: async (progress) => {
      progress('Looking for Temporal.');
      if (typeof settings.fault === 'object') throw new Error(settings.fault.said.join('\n'));
      if (settings.fault === 'no temporal') throw new Error('There is no Temporal on this machine.');
      return { path: settings.temporalPath, serverVersion: '1.31.2' };
    },
    startWorkers: startNappers(settings),
    queues: ['koubou'],
    environment: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' },
    print: (line) => void process.stdout.write(`${line}\n`),
    say,
  });
}

if (process.argv[1] === import.meta.filename) {
  process.exit(
    await main().catch((error: unknown) => {
      process.stderr.write(`${summarizeError(error).message}\n`);
      return 2;
    }),
  );
}
