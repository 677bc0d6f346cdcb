import type { AppError } from '#domain/errors.ts';
import { leaseHolder } from '#io/lease.ts';
import { changedAt } from '#io/log-file.ts';
import { removeIfPresent } from '#io/state-files.ts';
import { forgetDeparture, writeDeparture } from './departure.ts';
import { untilIdle } from './idle.ts';
import { drain, keepWorkers, type KeptWorkers } from './keep-workers.ts';
import { endProcess } from './processes.ts';
import { keepRecord, type RecordKeeper } from './record-keeper.ts';
import { readRecord, removeRecord } from './record.ts';
import { rememberPorts, wantedPorts } from './remembered-ports.ts';
import { startServer, type RunningServer } from './server.ts';
import type { ServiceFiles } from './service-files.ts';
import { upText } from './service-text.ts';
import { aborted, type StopRequest } from './stop-request.ts';
import type { UpOptions } from './up.ts';

/** One life of the service, in the process that holds its lease; nothing is left running when it ends or fails. */
export async function serve(options: UpOptions, files: ServiceFiles, stop: StopRequest): Promise<number> {
  await endLeftovers(files, options.say);
  const temporal = await options.locate(options.say, stop.asked);
  const isOurs = (): boolean => leaseHolder(files.upLease)?.pid === process.pid;
  const keeper = keepRecord({ file: files.record, identity: options.identity, namespace, temporalVersion: temporal.serverVersion, isOurs });
  try {
    const server = await startServer({
      temporalPath: temporal.path,
      namespace,
      databaseFile: files.database,
      logFile: files.serverLog,
      folder: options.stateDir,
      environment: options.environment,
      ports: options.ports ?? wantedPorts(files.ports),
      say: options.say,
      signal: stop.asked,
      onProcess: (pid, ports) => keeper.onServer(pid, ports),
    });
    try {
      return await withWorkers({ options, files, stop, keeper, server });
    } finally {
      await server.stop(stop.now.aborted ? 0 : undefined);
    }
  } finally {
    keeper.remove();
  }
}

const namespace = 'default';

interface Life {
  readonly options: UpOptions;
  readonly files: ServiceFiles;
  readonly stop: StopRequest;
  readonly keeper: RecordKeeper;
  readonly server: RunningServer;
}

// A server may outlive a killed service where the kernel could not be asked to end it.
async function endLeftovers(files: ServiceFiles, say: (line: string) => void): Promise<void> {
  removeIfPresent(files.stayUp);
  forgetDeparture(files.left);
  const old = readRecord(files.record);
  if (old === null) return;
  const end = await endProcess({ pid: old.serverPid, identity: old.serverPidIdentity, graceMs: 5_000 });
  removeRecord(files.record);
  say(end === 'was_gone' ? 'The service before did not end in order; its runs go on.' : 'The service before left its server behind; it was ended, its runs go on.');
}

async function withWorkers(life: Life): Promise<number> {
  const { options, keeper, server, files, stop } = life;
  const { address } = server;
  const workers = await keepWorkers({ start: () => options.startWorkers({ address, namespace }), say: options.say });
  let isDrained: boolean;
  try {
    rememberPorts(files.ports, server.ports);
    // Not read again: commands see the file from now on, and anybody may harm it.
    const record = keeper.setPhase('ready');
    for (const line of record === null ? [] : upText(record, options.queues)) options.print(line);
    await untilEnd(life, workers);
  } finally {
    keeper.setPhase('stopping');
    isDrained = await drain(options, workers, stop.now);
  }
  return isDrained ? 0 : 130;
}

// Told to stop or idle: returns. Server or workers given up: fails.
async function untilEnd(life: Life, workers: KeptWorkers): Promise<void> {
  const over = new AbortController();
  // Neither children nor signal listeners keep a process alive.
  const alive = setInterval(() => undefined, 3_600_000);
  try {
    const failed: AppError | null = await Promise.race([
      aborted(life.stop.asked).then(() => null),
      untilLeft(life, over.signal).then(() => null),
      life.server.gaveUp,
      workers.gaveUp,
    ]);
    if (failed !== null) throw failed;
  } finally {
    clearInterval(alive);
    over.abort();
  }
}

async function untilLeft(life: Life, signal: AbortSignal): Promise<void> {
  const { options, files, keeper, server } = life;
  const { idleExitMs: idleMs } = options;
  if (idleMs === null || !options.identity.auto) return aborted(signal);
  const usedAt = (): number => changedAt(files.lastUsed) ?? 0;
  const mayLeave = (): boolean => changedAt(files.stayUp) === null;
  while (await untilIdle({ address: server.address, namespace, idleMs, usedAt, mayLeave, signal })) {
    keeper.setPhase('stopping');
    // A command marks its use first and looks at the phase then; so either it sees us leave or we see it come.
    if (mayLeave() && Date.now() - usedAt() >= idleMs) {
      writeDeparture(files.left, { at: new Date().toISOString(), idleMs });
      options.say(`Nothing went on for ${Math.round(idleMs / 1_000)} s: the service leaves. The next command starts it again.`);
      return;
    }
    keeper.setPhase('ready');
  }
}
