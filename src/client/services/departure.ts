import { z } from 'zod';
import { readJsonIfPresent, removeIfPresent, writeFileAtomic } from '#io/state-files.ts';

const shape = z.object({ at: z.string(), idle_ms: z.number() });

/** A service that left by itself: `status` tells it, because runs that wait go on only at the next start. */
export interface Departure {
  readonly at: string;
  readonly idleMs: number;
}

export function writeDeparture(file: string, departure: Departure): void {
  writeFileAtomic(file, `${JSON.stringify({ at: departure.at, idle_ms: departure.idleMs })}\n`, 0o600);
}

export function readDeparture(file: string): Departure | null {
  try {
    const { at, idle_ms: idleMs } = shape.parse(readJsonIfPresent(file));
    return { at, idleMs };
  } catch {
    return null;
  }
}

export function forgetDeparture(file: string): void {
  removeIfPresent(file);
}
