import { DefaultLogger, Runtime } from '@temporalio/worker';

/** Each of our workers serves workflows or activities on purpose; the SDK warns of it. */
const servesOneKind = /registered, not polling for (?:activity|workflow) tasks$/;

/** Sends what the workers of this process have to say to `say`. Once per process, before the first connection. */
export function logWorkers(say: (line: string) => void): void {
  const logger = new DefaultLogger('WARN', ({ level, message, meta }) => {
    if (!servesOneKind.test(message)) say(`${level} ${message}${describe(meta)}`);
  });
  // What a signal means is decided where the command line handles it, nowhere else.
  Runtime.install({ logger, shutdownSignals: [] });
}

function describe(meta: Record<string | symbol, unknown> | undefined): string {
  const told = ['activityType', 'workflowId', 'attempt', 'error'].flatMap((key) => (meta?.[key] === undefined ? [] : [`${key}=${toldValue(meta[key])}`]));
  return told.length === 0 ? '' : ` (${told.join(', ')})`;
}

function toldValue(value: unknown): string {
  return value instanceof Error ? value.message : String(value);
}
