import { randomUUID } from 'node:crypto';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { processIdentity } from './process-identity.ts';

/** Names the run and its owner in the environment of everything an agent starts, wherever it moves. */
export const markerVariable = 'KOUBOU_AGENT_RUN';

/** A process that started agents: what is left of a run once it is gone may be ended by anybody. */
export interface RunOwner {
  readonly pid: number;
  /** As processIdentity gives it. */
  readonly identity: string;
}

let ours: { readonly owner: RunOwner; readonly namespace: string } | undefined;

function self(): { readonly owner: RunOwner; readonly namespace: string } {
  ours ??= { owner: { pid: process.pid, identity: processIdentity(process.pid) ?? 'unknown' }, namespace: pidNamespace() };
  return ours;
}

/** '<pid>.<identity>.<namespace of pids>.<random>': file names may hold it too. */
export function newMarker(): string {
  const { owner, namespace } = self();
  return `${owner.pid}.${owner.identity}.${namespace}.${randomUUID()}`;
}

/** Whether the owner named in a marker is gone; false where nobody here can tell. */
export function isOrphaned(marker: string): boolean {
  const [pid, identity, namespace] = marker.split('.');
  // A container's pids mean others here.
  if (identity === undefined || namespace !== self().namespace) return false;
  return processIdentity(Number(pid)) !== identity;
}

/**
 * Ends every process that carries a marker the test accepts, until none is left; what forks meanwhile is found in the next
 * round. Needs /proc, so Linux; processes of other users are not seen, and one that has emptied its environment neither.
 *
 * Out     how many were ended
 */
export function endMarked(accepts: (marker: string) => boolean): number {
  const ended = new Set<number>();
  for (let round = 0; round < 20; round++) {
    const found = markedProcesses(accepts);
    if (found.length === 0) break;
    for (const pid of found) {
      ended.add(pid);
      kill(pid);
    }
  }
  return ended.size;
}

/** Pids of running processes that carry such a marker; zombies carry none. */
export function markedProcesses(accepts: (marker: string) => boolean): number[] {
  const pids = entriesOf('/proc').filter((name) => /^\d+$/.test(name)).map(Number);
  return pids.filter((pid) => pid !== process.pid && accepts(markerOf(pid) ?? ''));
}

function markerOf(pid: number): string | undefined {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
    return variables.find((variable) => variable.startsWith(`${markerVariable}=`))?.slice(markerVariable.length + 1);
  } catch {
    return undefined;
  }
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid').replace(/\D/g, '');
  } catch {
    return '0';
  }
}
