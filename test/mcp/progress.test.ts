import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createProgress } from '#mcp/progress.ts';

let sent: [number, string][];
beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
});
afterEach(() => void vi.useRealTimers());

const progress = () => createProgress((count, message) => (sent.push([count, message]), Promise.resolve()));

describe('progress of a call', () => {
  test('is told at once, then at most once a second with the latest news', () => {
    const { tell } = progress();
    tell('a');
    vi.advanceTimersByTime(100);
    tell('b');
    vi.advanceTimersByTime(100);
    tell('c');
    vi.advanceTimersByTime(799);
    expect(sent).toEqual([[1, 'a']]);
    vi.advanceTimersByTime(1);
    expect(sent).toEqual([[1, 'a'], [2, 'c']]);
  });

  test('is not repeated without news, but every 25 s there is a sign of life with the time', () => {
    const { tell } = progress();
    for (let second = 0; second < 60; second += 1) {
      tell('reviewing');
      vi.advanceTimersByTime(1_000);
    }
    expect(sent).toEqual([[1, 'reviewing'], [2, 'reviewing (25 s)'], [3, 'reviewing (50 s)']]);
  });

  test('ends with the answer, and with a client that has gone', async () => {
    const { tell, end } = progress();
    tell('a');
    end();
    tell('b');
    vi.advanceTimersByTime(60_000);
    expect(sent).toEqual([[1, 'a']]);
    let tries = 0;
    const gone = createProgress(() => ((tries += 1), Promise.reject(new Error('closed'))));
    gone.tell('a');
    await vi.advanceTimersByTimeAsync(60_000);
    gone.tell('b');
    expect(tries).toBe(1);
  });
});
