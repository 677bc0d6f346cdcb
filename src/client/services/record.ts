import { z } from 'zod';
import { toCamelKeys, toSnakeKeys } from '#domain/json-keys.ts';
import { processIdentity } from '#io/process-identity.ts';
import { readJsonIfPresent, removeIfPresent, writeFileAtomic } from '#io/state-files.ts';

const pid = z.int().min(2);

const shape = z.object({
  phase: z.enum(['starting', 'ready', 'stopping']),
  /** Loopback only. */
  address: z.string().regex(/^127\.0\.0\.1:\d+$/),
  namespace: z.string().min(1),
  uiUrl: z.string(),
  pid,
  /** Tells this process from a later one of the same number. */
  pidIdentity: z.string().min(1),
  serverPid: pid,
  serverPidIdentity: z.string().min(1),
  version: z.string(),
  fingerprint: z.string(),
  startedAt: z.string(),
  /** What a relative root of a raw request means. */
  root: z.string(),
  temporalVersion: z.string(),
  /** Started by another command, not by a person: leaves when idle. */
  auto: z.boolean(),
});

/** The service of one state folder, as its own process wrote it down; the file is snake_case. */
export type ServiceRecord = Readonly<z.infer<typeof shape>>;

/** The record, or null where there is none that can be read: a torn or foreign file counts as none. */
export function readRecord(file: string): ServiceRecord | null {
  try {
    return shape.parse(toCamelKeys(readJsonIfPresent(file)));
  } catch {
    return null;
  }
}

export function writeRecord(file: string, record: ServiceRecord): void {
  writeFileAtomic(file, `${JSON.stringify(toSnakeKeys(record), null, 2)}\n`, 0o600);
}

export function removeRecord(file: string): void {
  removeIfPresent(file);
}

/** Whether the recorded process still runs; a later process of the same number is not it. */
export function isSameProcess(pid: number, identity: string): boolean {
  return processIdentity(pid) === identity;
}
