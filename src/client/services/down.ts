import { hostname } from 'node:os';
import { AppError } from '#domain/errors.ts';
import { leaseHolder } from '#io/lease.ts';
import { endProcess, type ProcessEnd } from './processes.ts';
import { readRecord, removeRecord } from './record.ts';
import { serviceFiles, type ServiceFiles } from './service-files.ts';

/** Beyond the workers' own grace: the server takes up to 5 s to end. */
const stopSlackMs = 20_000;

/**
 * Ends the service of a state folder, a starting one too: workers drain, then the server ends.
 * A process whose identity differs from the recorded one is never touched.
 *
 * Out     'was_gone' when none ran (what a killed one left behind is cleared up) · 'ended' · 'killed' after the grace
 * Fails   Misconfigured SERVICE_ELSEWHERE (a service of another machine in a shared folder), PROCESS_NOT_OURS
 */
export async function stopService(files: ServiceFiles, graceMs: number): Promise<ProcessEnd> {
  const holder = leaseHolder(files.upLease);
  if (holder !== null && holder.host !== hostname()) {
    throw new AppError('Misconfigured', 'SERVICE_ELSEWHERE', `The service runs on ${holder.host}: run \`koubou down\` there.`);
  }
  const end = holder === null ? 'was_gone' : await endProcess({ pid: holder.pid, identity: holder.identity, graceMs });
  const left = readRecord(files.record);
  if (left !== null) {
    await endProcess({ pid: left.serverPid, identity: left.serverPidIdentity, graceMs: 5_000 });
    removeRecord(files.record);
  }
  return end;
}

export interface DownOptions {
  readonly stateDir: string;
  /** How long the workers may let steps in hand go on. */
  readonly graceMs: number;
  readonly print: (line: string) => void;
}

/** `koubou down`: ends the service and says so; that none ran is no error. */
export async function runDown(options: DownOptions): Promise<ProcessEnd> {
  const files = serviceFiles(options.stateDir);
  const record = readRecord(files.record);
  const end = await stopService(files, options.graceMs + stopSlackMs);
  const place = record === null ? 'The service' : `The service at ${record.address} (process ${record.pid})`;
  const said: Readonly<Record<ProcessEnd, string>> = {
    was_gone: record === null ? 'No service is running.' : 'No service is running; what a killed one left behind was cleared up.',
    ended: `${place} has stopped. Open runs go on at the next start.`,
    killed: `${place} did not stop in time and was killed. Open runs go on at the next start.`,
  };
  options.print(said[end]);
  return end;
}
