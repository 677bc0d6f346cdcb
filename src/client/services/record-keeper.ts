import { processIdentity } from '#io/process-identity.ts';
import type { Ports } from './ports.ts';
import { removeRecord, writeRecord, type ServiceRecord } from './record.ts';
import { localIp } from './server-process.ts';

/** What a service knows of itself before its server runs. */
export type ServiceIdentity = Pick<ServiceRecord, 'version' | 'fingerprint' | 'root' | 'auto'>;

/** Keeps the record true while the service lives; only the service's own process uses it. */
export interface RecordKeeper {
  /** A server process was started, for the first time or again. */
  onServer(pid: number, ports: Ports): void;
  setPhase(phase: ServiceRecord['phase']): void;
  remove(): void;
}

export interface KeeperOptions {
  readonly file: string;
  readonly identity: ServiceIdentity;
  readonly namespace: string;
  readonly temporalVersion: string;
}

export function keepRecord({ file, identity, namespace, temporalVersion }: KeeperOptions): RecordKeeper {
  const own = { pid: process.pid, pidIdentity: processIdentity(process.pid) ?? 'unknown', startedAt: new Date().toISOString() };
  let written: ServiceRecord | null = null;
  const write = (record: ServiceRecord): void => {
    written = record;
    writeRecord(file, record);
  };
  return {
    onServer: (pid, ports) => {
      const server = { serverPid: pid, serverPidIdentity: processIdentity(pid) ?? 'gone' };
      const place = { address: `${localIp}:${ports.grpc}`, uiUrl: `http://${localIp}:${ports.ui}`, namespace, temporalVersion };
      write({ ...identity, ...own, ...place, ...server, phase: written?.phase ?? 'starting' });
    },
    setPhase: (phase) => {
      if (written !== null) write({ ...written, phase });
    },
    remove: () => removeRecord(file),
  };
}
