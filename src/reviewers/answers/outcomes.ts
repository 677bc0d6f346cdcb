import type { Reading, ReadingCause, ReadingOutcome } from './reading.ts';

/** A reading without a score. */
export function noReading(outcome: ReadingOutcome, cause?: ReadingCause): Reading {
  return { outcome, score: null, scoreRaw: null, scaleMax: null, ready: null, ...(cause !== undefined && { cause }) };
}
