import { AppError } from '#domain/errors.ts';

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, '': 1 };

/**
 * A time as people write it, in milliseconds: 500ms, 30s, 1.5m, 1h, or a plain number of milliseconds.
 *
 * Fails   InvalidInput INPUT_INVALID, naming the flag
 */
export function duration(flag: string, text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|)$/.exec(text.trim()) ?? [];
  const factor = units[unit];
  if (amount === undefined || factor === undefined) throw invalid(`${flag} takes a time such as 500ms, 30s, 10m or 1h.`);
  return Math.round(Number(amount) * factor);
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
