import { expect, test } from 'vitest';
import { retryAfterOf } from '#reviewers/providers/http/retry-after.ts';

const now = Date.parse('Sat, 21 Nov 2026 12:00:00 GMT');

test('Seconds, milliseconds and dates are understood', () => {
  const told = [{ 'retry-after': '7' }, { 'retry-after': ' 0.25 ' }, { 'retry-after-ms': '1500', 'retry-after': '99' }, { 'retry-after': 'Sat, 21 Nov 2026 12:01:30 GMT' }, { 'retry-after': 'Saturday, 21-Nov-26 12:01:30 GMT' }];
  expect(told.map((headers) => retryAfterOf(headers, '', now))).toEqual([7000, 250, 1500, 90_000, 90_000]);
});

test("A date is measured by the server's own clock", () => {
  expect(retryAfterOf({ 'retry-after': 'Sat, 21 Nov 2026 13:00:05 GMT', date: 'Sat, 21 Nov 2026 13:00:00 GMT' }, '', now)).toBe(5000);
});

test('A time that has passed is no wait, and none is longer than an hour', () => {
  expect(retryAfterOf({ 'retry-after': 'Sat, 21 Nov 2026 11:00:00 GMT' }, '', now)).toBe(0);
  expect([{ 'retry-after': '86400' }, { 'retry-after': '999999999999999' }, { 'retry-after': 'Sat, 21 Nov 2099 11:00:00 GMT' }].map((headers) => retryAfterOf(headers, '', now))).toEqual([3_600_000, 3_600_000, 3_600_000]);
});

test('What cannot be understood tells nothing', () => {
  for (const words of ['', 'soon', '-1', '1e3', '0x10', '7 apples', 'Infinity', 'NaN', '9'.repeat(400), 'in 5 minutes GMT', 'Sat Nov 21 2026']) expect([words, retryAfterOf({ 'retry-after': words }, '', now)]).toEqual([words, undefined]);
  expect(retryAfterOf({ 'retry-after-ms': 'x', 'retry-after': '3' }, '', now)).toBe(3000);
});

test("Google's RetryInfo counts where no header tells", () => {
  const body = '{"error":{"details":[{"@type":"RetryInfo","retryDelay": "27.5s"}]}}';
  expect([retryAfterOf({}, body, now), retryAfterOf({ 'retry-after': '3' }, body, now), retryAfterOf({}, '{"retryDelay":"soon"}', now), retryAfterOf({}, `"retryDelay":"${'9'.repeat(60_000)}`, now)]).toEqual([27_500, 3000, undefined, undefined]);
});
