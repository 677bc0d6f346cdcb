import { expect, test } from 'vitest';
import { waitLimitMs } from '#mcp/wait-limit.ts';

test.each([
  ['', undefined, 50_000],
  ['some-client', undefined, 50_000],
  ['claude-code', undefined, 100_000],
  ['gemini-cli-mcp-client', undefined, 280_000],
  ['__proto__', undefined, 50_000],
  ['claude-code', 5_000, 5_000],
])('a call of %j, with the setting %s, waits %i ms at most', (client, waitMs, expected) => {
  expect(waitLimitMs(client, { mcp: { autostart: true, ...(waitMs === undefined ? {} : { waitMs }) } })).toBe(expected);
});
