import type { IncomingHttpHeaders } from 'node:http';

/** Asking once an hour harms nobody; a server's wrong clock must not hold a run for days. */
const longestMs = 3_600_000;

/**
 * How long the server wants to be left alone, 0–3 600 000 ms; undefined where it tells nothing that can be understood.
 *
 * In      headers: retry-after-ms, retry-after in seconds or as an HTTP date, measured by the server's own clock where it shows it
 *         body: Google's RetryInfo
 */
export function retryAfterOf(headers: IncomingHttpHeaders, body: string, now: number): number | undefined {
  const told = headerMs(headers, now) ?? retryInfoMs(body);
  return told === undefined ? undefined : Math.min(Math.max(Math.ceil(told), 0), longestMs);
}

function headerMs(headers: IncomingHttpHeaders, now: number): number | undefined {
  const ms = String(headers['retry-after-ms'] ?? '');
  const after = headers['retry-after']?.trim() ?? '';
  if (isNumber(ms)) return Number(ms);
  if (isNumber(after)) return Number(after) * 1000;
  const date = dateOf(after);
  return date === undefined ? undefined : date - (dateOf(headers.date ?? '') ?? now);
}

function retryInfoMs(body: string): number | undefined {
  const seconds = /"retryDelay"\s*:\s*"(\d{1,9}(?:\.\d{1,9})?)s"/.exec(body)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

function isNumber(text: string): boolean {
  return /^\d{1,15}(?:\.\d{1,9})?$/.test(text);
}

// Date.parse reads a date into almost anything: only what looks like an HTTP date counts.
function dateOf(text: string): number | undefined {
  const ms = /^\w{3,9},? .{8,24} GMT$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}
