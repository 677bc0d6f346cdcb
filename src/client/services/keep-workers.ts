import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, summarizeError } from '#domain/errors.ts';
import type { RunningWorkers } from '#worker.ts';
import { restartBudget, usualRestarts, type RestartLimits } from './restart-budget.ts';
import { aborted } from './stop-request.ts';

/** How the composition root starts workers; all queues where none are named. */
export type StartWorkers = (options: { address: string; namespace: string; queues?: readonly string[] }) => Promise<RunningWorkers>;

export interface KeptWorkers {
  /** Resolves once they have broken too often to be started again. */
  readonly gaveUp: Promise<AppError>;
  /** Steps in hand end within the workers' own grace time. */
  drain(): Promise<void>;
}

export interface KeepOptions {
  readonly start: () => Promise<RunningWorkers>;
  readonly say: (line: string) => void;
  readonly restarts?: RestartLimits;
}

/** Starts the workers and starts them again when they break; the first start fails as it fails. */
export async function keepWorkers(options: KeepOptions): Promise<KeptWorkers> {
  const first = await options.start();
  const stopping = new AbortController();
  const supervision = supervise(options, first, stopping.signal);
  return {
    gaveUp: new Promise((resolve) => void supervision.then((error) => error !== null && resolve(error))),
    drain: async () => {
      stopping.abort();
      await supervision;
    },
  };
}

/** Beyond the workers' own grace: what has not ended by then does not end. */
const drainSlackMs = 15_000;

/** Lets steps in hand end, but not for ever: false where they were left behind, by the signal or because it took too long. */
export async function drain(options: { readonly graceMs: number; readonly say: (line: string) => void }, workers: KeptWorkers, now: AbortSignal): Promise<boolean> {
  options.say(`Stopping: steps in hand may go on for ${Math.round(options.graceMs / 1_000)} s; a second Ctrl-C ends them at once.`);
  const over = new AbortController();
  const late = sleep(options.graceMs + drainSlackMs, false, { signal: over.signal }).catch(() => false);
  const isDrained = await Promise.race([workers.drain().then(() => true), aborted(now).then(() => false), late]);
  over.abort();
  return isDrained;
}

async function supervise(options: KeepOptions, first: RunningWorkers, signal: AbortSignal): Promise<AppError | null> {
  const nextDelay = restartBudget(options.restarts ?? usualRestarts);
  let workers: RunningWorkers | null = first;
  while (!signal.aborted) {
    const broken: string | null = await Promise.race([reasonOfEnd(workers), aborted(signal).then(() => null)]);
    if (broken === null) break;
    await workers?.drain();
    const delayMs = nextDelay(Date.now());
    if (delayMs === null) return new AppError('Unavailable', 'WORKERS_DIED', `The workers broke too often and are given up: ${broken}`);
    options.say(`The workers stopped (${broken}); they are started again.`);
    await sleep(delayMs, undefined, { signal }).catch(() => undefined);
    workers = signal.aborted ? null : await startAgain(options);
  }
  await workers?.drain();
  return null;
}

async function reasonOfEnd(workers: RunningWorkers | null): Promise<string> {
  if (workers === null) return 'they could not be started';
  return workers.finished.then(() => 'without a reason', (error: unknown) => summarizeError(error).message);
}

async function startAgain(options: KeepOptions): Promise<RunningWorkers | null> {
  try {
    return await options.start();
  } catch (error) {
    options.say(summarizeError(error).message);
    return null;
  }
}
