import { processIdentity } from '#io/process-identity.ts';
import type { Ports } from './ports.ts';
import { readRecord, removeRecord, writeRecord, type ServiceRecord } from './record.ts';
import { localIp } from './server-process.ts';

/** What a service knows of itself before its server runs. */
export type ServiceIdentity = Pick<ServiceRecord, 'version' | 'fingerprint' | 'root' | 'auto'>;

/** Keeps the record true while the service lives; only the service's own process uses it. */
export interface RecordKeeper {
  /** A server process was started, for the first time or again. */
  onServer(pid: number, ports: Ports): void;
  /** The record as it now is; null until a server was started. */
  setPhase(phase: ServiceRecord['phase']): ServiceRecord | null;
  remove(): void;
}

export interface KeeperOptions {
  readonly file: string;
  readonly identity: ServiceIdentity;
  readonly namespace: string;
  readonly temporalVersion: string;
  /** Whether this process still is the service of the folder: nobody else's record is written over. */
  readonly isOurs: () => boolean;
  /** How often the record is looked at. Default 1 s. */
  readonly everyMs?: number;
}

/** A command that finds a service without a record waits for it; it should not wait long. */
const usualEveryMs = 1_000;

/** Starts to keep the record; it is written again where somebody removed or tore it. Ends with `remove`. */
export function keepRecord({ file, identity, namespace, temporalVersion, isOurs, everyMs = usualEveryMs }: KeeperOptions): RecordKeeper {
  const own = { pid: process.pid, pidIdentity: processIdentity(process.pid) ?? 'unknown', startedAt: new Date().toISOString() };
  let written: ServiceRecord | null = null;
  const write = (record: ServiceRecord): void => {
    written = record;
    writeRecord(file, record);
  };
  const watch = setInterval(() => {
    if (written !== null && readRecord(file) === null && isOurs()) tryToWrite(file, written);
  }, everyMs);
  watch.unref();
  return {
    onServer: (pid, ports) => {
      const server = { serverPid: pid, serverPidIdentity: processIdentity(pid) ?? 'gone' };
      const place = { address: `${localIp}:${ports.grpc}`, uiUrl: `http://${localIp}:${ports.ui}`, namespace, temporalVersion };
      write({ ...identity, ...own, ...place, ...server, phase: written?.phase ?? 'starting' });
    },
    setPhase: (phase) => {
      if (written !== null) write({ ...written, phase });
      return written;
    },
    remove: () => {
      clearInterval(watch);
      removeRecord(file);
    },
  };
}

// The folder may be gone as well, or the disk full: the service itself goes on.
function tryToWrite(file: string, record: ServiceRecord): void {
  try {
    writeRecord(file, record);
  } catch {
    // Tried again at the next look.
  }
}
