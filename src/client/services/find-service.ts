import { leaseHolder } from '#io/lease.ts';
import { isSameProcess, readRecord, type ServiceRecord } from './record.ts';
import type { ServiceFiles } from './service-files.ts';
import { answers } from './tcp.ts';

/**
 * What is known of the service of a state folder:
 *
 * none      no service, or one that left in order
 * stale     its process is gone without having cleared up; its database and its runs are there
 * starting  its process prepares: finds Temporal, opens the database, starts workers
 * live      it answers
 * silent    its process lives, but nothing answers at its address at this moment (its server is being started again)
 * stopping  it lets steps in hand end
 */
export type FoundService =
  | { readonly kind: 'none' }
  | { readonly kind: 'stale'; readonly record: ServiceRecord }
  | { readonly kind: 'starting'; readonly pid: number; readonly since: string }
  | { readonly kind: 'live' | 'silent' | 'stopping'; readonly record: ServiceRecord };

/** Looks at the record, its process and one TCP connection; a few milliseconds when all is well. */
export async function findService(files: ServiceFiles): Promise<FoundService> {
  const record = readRecord(files.record);
  if (record === null || !isSameProcess(record.pid, record.pidIdentity)) return withoutProcess(files, record);
  if (record.phase === 'starting') return { kind: 'starting', pid: record.pid, since: record.startedAt };
  if (record.phase === 'stopping') return { kind: 'stopping', record };
  return { kind: (await answers(record.address, 1_000)) ? 'live' : 'silent', record };
}

// The lease is taken before the record is written.
function withoutProcess(files: ServiceFiles, record: ServiceRecord | null): FoundService {
  const holder = leaseHolder(files.upLease);
  if (holder !== null) return { kind: 'starting', pid: holder.pid, since: holder.takenAt };
  return record === null ? { kind: 'none' } : { kind: 'stale', record };
}
