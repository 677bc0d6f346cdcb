const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** 500ms, 30s, 1.5m, 1h, or a plain number of milliseconds; for JSON Schemas too. */
export const durationPattern = /^\s*(\d{1,12}(?:\.\d{1,6})?)\s*(ms|s|m|h|)\s*$/;

/** A time as people write it, in whole milliseconds; null where it is none. */
export function readDuration(text: string): number | null {
  const [, amount, unit = ''] = durationPattern.exec(text) ?? [];
  return amount === undefined ? null : Math.round(Number(amount) * (units[unit] ?? 1));
}

/** Milliseconds in the largest unit that leaves a whole number: 90_000 → '90s', 600_000 → '10m'. */
export function showDuration(ms: number): string {
  const [unit, factor] = Object.entries(units).findLast(([, each]) => ms !== 0 && ms % each === 0) ?? ['ms', 1];
  return `${ms / factor}${unit}`;
}
