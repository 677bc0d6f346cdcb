import { describe, expect, it } from 'vitest';
import { readDuration, showDuration } from '#wire/duration.ts';

describe('a time', () => {
  it.each([
    ['500ms', 500], ['30s', 30_000], ['10m', 600_000], ['1h', 3_600_000], ['1.5m', 90_000], [' 2 s ', 2_000], ['250', 250], ['0', 0],
  ])('%j is read in milliseconds', (text, ms) => {
    expect(readDuration(text)).toBe(ms);
  });

  it.each(['', 's', '10 min', '-1s', '1h30m', '1e3', '٣s', '1,5s', '99999999999999s'])('%j is none', (text) => {
    expect(readDuration(text)).toBeNull();
  });

  it('is shown in the largest unit that fits, and read back', () => {
    const shown = [0, 1, 1_500, 60_000, 90_000, 600_000, 3_600_000, 7_200_000].map(showDuration);
    expect(shown).toEqual(['0ms', '1ms', '1500ms', '1m', '90s', '10m', '1h', '2h']);
    expect(shown.map(readDuration)).toEqual([0, 1, 1_500, 60_000, 90_000, 600_000, 3_600_000, 7_200_000]);
  });
});
