import { join } from 'node:path';

/** What the local service keeps in the state folder. */
export interface ServiceFiles {
  /** The service that runs now, as its own process wrote it down. */
  readonly record: string;
  /** Held by the one process that is the service. */
  readonly upLease: string;
  /** Held by the command that is starting or ending a service. */
  readonly changeLease: string;
  readonly database: string;
  readonly serverLog: string;
  readonly serviceLog: string;
  /** Its time of change is the last time a command used the service. */
  readonly lastUsed: string;
  /** There while a service that was started by a command is to stay until `down`. */
  readonly stayUp: string;
  /** The ports of last time, so that an address keeps its meaning over a restart. */
  readonly ports: string;
  /** When and why the last service left. */
  readonly left: string;
}

export function serviceFiles(stateDir: string): ServiceFiles {
  const file = (name: string): string => join(stateDir, name);
  return {
    record: file('service.json'),
    upLease: file('up.lock'),
    changeLease: file('service-change.lock'),
    database: file('temporal.db'),
    serverLog: join(stateDir, 'logs', 'temporal.log'),
    serviceLog: join(stateDir, 'logs', 'service.log'),
    lastUsed: file('last-used'),
    stayUp: file('stay-up'),
    ports: file('service-ports.json'),
    left: file('service-left.json'),
  };
}
