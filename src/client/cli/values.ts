import { AppError } from '#domain/errors.ts';
import { bounds } from '#domain/limits.ts';
import { readDuration } from '#wire/duration.ts';

/**
 * A time as people write it, in milliseconds: 500ms, 30s, 1.5m, 1h, or a plain number of milliseconds.
 *
 * Fails   InvalidInput INPUT_INVALID, naming the flag
 */
export function duration(flag: string, text: string): number {
  const ms = readDuration(text);
  if (ms === null) throw invalid(`${flag} takes a time such as 500ms, 30s, 10m or 1h.`);
  return ms;
}

export interface Range {
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
}

/** A number in a range, both ends included. Fails as `duration` does. */
export function numberIn(flag: string, text: string, { min, max, whole = false }: Range): number {
  const value = /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : NaN;
  const fits = value >= min && value <= max && (!whole || Number.isInteger(value));
  if (!fits) throw invalid(`${flag} takes a ${whole ? 'whole ' : ''}number from ${min} to ${max}.`);
  return value;
}

/** One of the known words. Fails as `duration` does. */
export function oneOf<Word extends string>(flag: string, text: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === text);
  if (found === undefined) throw invalid(`${flag} takes one of ${words.join(', ')}.`);
  return found;
}

function invalid(message: string): AppError {
  return new AppError('InvalidInput', 'INPUT_INVALID', message);
}

/** As long as a run may work at most; timers hold 24 days. */
const longestWaitMs = bounds.timeoutMs.max;

/** The time of --wait in milliseconds; undefined without one. Fails as `duration` does, also above 168 h. */
export function waitFlag(flags: { text(name: string): string | undefined }): number | undefined {
  const text = flags.text('wait');
  if (text === undefined) return undefined;
  const ms = duration('--wait', text);
  if (ms > longestWaitMs) throw invalid(`--wait takes at most ${longestWaitMs / 3_600_000} h. Leave it out to wait for as long as it takes.`);
  return ms;
}
