import type { FoundService } from './find-service.ts';
import type { ServiceRecord } from './record.ts';

/** What `up` prints once the service is there; the last line is for the plain `temporal` command. */
export function upText(record: ServiceRecord, queues: readonly string[]): string[] {
  return [
    'Koubou is up.',
    `  Temporal  ${record.address} (server ${record.temporalVersion}, namespace ${record.namespace})`,
    `  Web UI    ${record.uiUrl}`,
    `  Queues    ${queues.join(', ')}`,
    `  Root      ${record.root}`,
    exportLine(record),
  ];
}

/** What a second `up` prints. */
export function whereItIs(record: ServiceRecord | null, found: FoundService): string[] {
  if (record === null || found.kind === 'starting') {
    return [`Koubou is already starting${found.kind === 'starting' ? ` (process ${found.pid})` : ''}; \`koubou status\` shows when it is up.`];
  }
  return [
    `Koubou is already up since ${record.startedAt} (process ${record.pid}).`,
    `  Temporal  ${record.address}`,
    `  Web UI    ${record.uiUrl}`,
    exportLine(record),
  ];
}

export function exportLine(record: Pick<ServiceRecord, 'address'>): string {
  return `export TEMPORAL_ADDRESS=${record.address}`;
}
