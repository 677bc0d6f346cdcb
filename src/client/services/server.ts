import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, summarizeError } from '#domain/errors.ts';
import { boundLog } from '#io/log-file.ts';
import type { ServiceExit, ServiceProcess } from '#io/service-process.ts';
import { choosePorts, type Ports } from './ports.ts';
import { restartBudget, usualRestarts, type RestartLimits } from './restart-budget.ts';
import { localIp, startServerProcess, type ServerStart } from './server-process.ts';

export interface ServerOptions extends ServerStart {
  /** Wanted ports; where one is busy the next free one is taken. */
  readonly ports: Ports;
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal;
  readonly restarts?: RestartLimits;
}

/** A Temporal server of our own: one process at a time, started again when it dies. */
export interface RunningServer {
  readonly address: string;
  readonly uiUrl: string;
  readonly namespace: string;
  readonly ports: Ports;
  /** Resolves once it has died too often to be started again. */
  readonly gaveUp: Promise<AppError>;
  /** SIGTERM, after the grace SIGKILL; resolves when it is gone. */
  stop(graceMs?: number): Promise<void>;
}

const maxLogBytes = 10 * 1024 * 1024;
/** Besides its two ports a server takes several at random; with others starting at the same moment it may lose one. */
const attempts: Readonly<Record<string, number>> = { SERVICE_PORT_TAKEN: 5, SERVICE_START_FAILED: 2 };
const stopGraceMs = 5_000;

/**
 * Starts the local Temporal server and keeps it running on the same ports and database.
 *
 * Fails   Unavailable SERVICE_START_FAILED, SERVICE_START_SLOW, SERVICE_NO_PORT · the signal's own reason
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  boundLog(options.logFile, maxLogBytes);
  const first = await startOnFreePorts(options, options.signal ?? new AbortController().signal);
  const stopping = new AbortController();
  const supervision = supervise(options, first, stopping.signal);
  return {
    address: `${localIp}:${first.ports.grpc}`,
    uiUrl: `http://${localIp}:${first.ports.ui}`,
    namespace: options.namespace,
    ports: first.ports,
    gaveUp: new Promise((resolve) => void supervision.then((error) => error !== null && resolve(error))),
    stop: async (graceMs = stopGraceMs) => {
      stopping.abort(graceMs);
      await supervision;
    },
  };
}

interface Started {
  readonly child: ServiceProcess;
  readonly ports: Ports;
}

async function startOnFreePorts(options: ServerOptions, signal: AbortSignal): Promise<Started> {
  for (let attempt = 1; ; attempt += 1) {
    const { ports, moved } = await choosePorts(options.ports);
    for (const line of moved) options.say(line);
    try {
      return { child: await startServerProcess(options, ports, signal), ports };
    } catch (error) {
      if (attempt >= (attempts[summarizeError(error).code] ?? 1)) throw error;
    }
  }
}

// Owns the process from now on. Resolves with null once it was stopped on purpose; the abort reason is the grace in ms.
async function supervise(options: ServerOptions, first: Started, signal: AbortSignal): Promise<AppError | null> {
  const limits = options.restarts ?? usualRestarts;
  const nextDelay = restartBudget(limits);
  const aborted = new Promise<null>((resolve) => signal.addEventListener('abort', () => resolve(null), { once: true }));
  let child: ServiceProcess | null = first.child;
  while (!signal.aborted) {
    const exit = await Promise.race([child?.exited ?? noExit, aborted]);
    if (exit === null) break;
    const delayMs = nextDelay(Date.now());
    if (delayMs === null) return diedTooOften(options, limits);
    if (exit !== noExit) options.say(`The Temporal server ended (${exit.signal ?? `exit code ${exit.code}`}); it is started again on its database.`);
    await sleep(delayMs, undefined, { signal }).catch(() => undefined);
    child = await startAgain(options, first.ports, signal);
  }
  await child?.stop('SIGTERM', signal.reason as number);
  return null;
}

// It could not even be started; that was said already.
const noExit: ServiceExit = { code: null, signal: null };

async function startAgain(options: ServerOptions, ports: Ports, signal: AbortSignal): Promise<ServiceProcess | null> {
  try {
    return await startServerProcess(options, ports, signal);
  } catch (error) {
    if (!signal.aborted) options.say(summarizeError(error).message);
    return null;
  }
}

function diedTooOften(options: ServerOptions, limits: RestartLimits): AppError {
  const often = `${limits.restarts + 1} times within ${limits.windowMs / 60_000} min`;
  return new AppError('Unavailable', 'SERVICE_DIED', `The Temporal server died ${often} and is given up. See ${options.logFile}.`);
}
