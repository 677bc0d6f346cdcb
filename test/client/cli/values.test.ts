import { expect, test } from 'vitest';
import { summarizeError } from '#domain/errors.ts';
import { duration, numberIn, oneOf, waitFlag } from '#client/cli/values.ts';

function message(read: () => unknown): string {
  try {
    return `accepted as ${String(read())}`;
  } catch (error) {
    const { kind, code, message: said } = summarizeError(error);
    return `${kind} ${code} ${said}`;
  }
}

test.each([
  ['500ms', 500],
  ['30s', 30_000],
  ['1.5m', 90_000],
  ['10m', 600_000],
  ['1h', 3_600_000],
  ['250', 250],
  [' 2 s ', 2_000],
  ['0', 0],
])('the time %j is %d ms', (text, ms) => {
  expect(duration('--wait', text)).toBe(ms);
});

test.each(['', 's', '1d', '-1s', '1e3', '1 m 2 s', 'NaN'])('%j is no time', (text) => {
  expect(message(() => duration('--wait', text))).toBe('InvalidInput INPUT_INVALID --wait takes a time such as 500ms, 30s, 10m or 1h.');
});

test('a wait is at most as long as a run may work', () => {
  const waitOf = (text: string) => waitFlag({ text: () => text });
  expect([waitOf('168h'), waitFlag({ text: () => undefined })]).toEqual([604_800_000, undefined]);
  for (const text of ['168.1h', '600h', '999999999999h']) {
    expect(message(() => waitOf(text))).toBe('InvalidInput INPUT_INVALID --wait takes at most 168 h. Leave it out to wait for as long as it takes.');
  }
});

test.each([
  ['85', 85],
  ['0', 0],
  ['100', 100],
  ['84.5', 84.5],
])('the target %j is %d', (text, value) => {
  expect(numberIn('--target', text, { min: 0, max: 100 })).toBe(value);
});

test.each(['', '101', '-1', '8a', '1e2', 'Infinity'])('%j is no target', (text) => {
  expect(message(() => numberIn('--target', text, { min: 0, max: 100 }))).toBe('InvalidInput INPUT_INVALID --target takes a number from 0 to 100.');
});

test('a count is whole', () => {
  expect(message(() => numberIn('--max-iterations', '2.5', { min: 1, max: 100, whole: true }))).toBe(
    'InvalidInput INPUT_INVALID --max-iterations takes a whole number from 1 to 100.',
  );
});

test('a word is one of those that are known', () => {
  expect(oneOf('--min-severity', 'low', ['low', 'high'])).toBe('low');
  expect(message(() => oneOf('--min-severity', 'lo', ['low', 'high']))).toBe('InvalidInput INPUT_INVALID --min-severity takes one of low, high.');
});

