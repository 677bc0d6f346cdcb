import '../support/quiet.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, test } from 'vitest';
import { withinTime, type TimeLimits, type Work, type Worked } from '#activities/working-time.ts';
import { AppError } from '#domain/errors.ts';

async function attempt<T>(info: object, limits: TimeLimits, work: (context: Work) => Promise<T>): Promise<Worked<T>> {
  return new MockActivityEnvironment(info).run(() => withinTime(limits, work));
}

async function failureOf(promise: Promise<unknown>): Promise<{ type: unknown; nonRetryable: unknown; code: string; workedMs: number; message: string }> {
  const error = await promise.then(() => undefined, (thrown: unknown) => thrown);
  if (!(error instanceof ApplicationFailure)) throw new Error(`no ApplicationFailure but ${String(error)}`);
  const [details] = error.details as [{ code: string; workedMs: number }];
  return { type: error.type, nonRetryable: error.nonRetryable, message: error.message, ...details };
}

describe('working time', () => {
  test('is told with the result', async () => {
    const { value, workedMs } = await attempt({}, { remainingMs: 1_000, attemptMs: 1_000 }, async () => { await sleep(30); return 'done'; });
    expect(value).toBe('done');
    expect(workedMs).toBeGreaterThanOrEqual(25);
    expect(workedMs).toBeLessThan(1_000);
  });

  test('of earlier attempts and the wait before this one counts', async () => {
    const { workedMs } = await attempt({ attempt: 3, heartbeatDetails: { workedMs: 10_000 } }, { remainingMs: 60_000, attemptMs: 1_000 }, () => Promise.resolve());
    expect(Math.floor(workedMs / 1_000)).toBe(14);
  });

  test('is not taken from an earlier attempt that tells nonsense', async () => {
    for (const heartbeatDetails of [undefined, null, { workedMs: Number.NaN }, { workedMs: -5 }, { workedMs: 'long' }]) {
      const { workedMs } = await attempt({ attempt: 2, heartbeatDetails }, { remainingMs: 60_000, attemptMs: 1_000 }, () => Promise.resolve());
      expect(Math.floor(workedMs / 1_000)).toBe(2);
    }
  });

  test('is handed to the work as the lesser of attempt and iteration', async () => {
    const seen = async (limits: TimeLimits): Promise<number> => (await attempt({}, limits, ({ timeoutMs }) => Promise.resolve(timeoutMs))).value;
    expect([await seen({ remainingMs: 500, attemptMs: 900 }), await seen({ remainingMs: 900, attemptMs: 500 })]).toEqual([500, 500]);
  });
});

describe('what models cost', () => {
  const usage = { inputTokens: 10, outputTokens: 2, costUsd: 0.5 };

  test('in all attempts is told with the result', async () => {
    const before = { workedMs: 1, usage };
    const { usage: total } = await attempt({ attempt: 2, heartbeatDetails: before }, { remainingMs: 60_000, attemptMs: 1_000 }, ({ spend }) => Promise.resolve(spend(usage)));
    expect(total).toEqual({ inputTokens: 20, outputTokens: 4, costUsd: 1 });
  });

  test('is told with a failure too', async () => {
    const failure = await failureOf(attempt({}, { remainingMs: 1_000, attemptMs: 1_000 }, ({ spend }) => {
      spend({ ...usage, costUsd: null });
      return Promise.reject(new AppError('UnreadableOutput', 'ANSWER_EMPTY', 'It said nothing.'));
    }));
    expect(failure).toMatchObject({ code: 'ANSWER_EMPTY', usage: { inputTokens: 10, outputTokens: 2, costUsd: null } });
  });
});

describe('an attempt that overruns', () => {
  test('its share is TimedOut, tried again, and its signal is aborted', async () => {
    let aborted = false;
    const failure = await failureOf(attempt({}, { remainingMs: 10_000, attemptMs: 40 }, ({ signal }) => new Promise(() => signal.addEventListener('abort', () => (aborted = true)))));
    expect([failure.type, failure.code, failure.nonRetryable, aborted]).toEqual(['TimedOut', 'ATTEMPT_TIMED_OUT', false, true]);
  });

  test('the iteration is TimedOut and not tried again', async () => {
    const failure = await failureOf(attempt({}, { remainingMs: 40, attemptMs: 10_000 }, () => new Promise(() => undefined)));
    expect([failure.type, failure.code, failure.nonRetryable]).toEqual(['TimedOut', 'OUT_OF_TIME', true]);
  });

  test('never starts when earlier attempts used the iteration up', async () => {
    let started = false;
    const failure = await failureOf(attempt({ attempt: 2, heartbeatDetails: { workedMs: 59_000 } }, { remainingMs: 60_000, attemptMs: 18_000 }, async () => { started = true; }));
    expect([failure.code, started]).toEqual(['OUT_OF_TIME', false]);
  });
});

describe('an error becomes a failure', () => {
  test.each([
    ['InvalidInput', true], ['Misconfigured', true], ['Conflict', true], ['Refused', true],
    ['Unavailable', false], ['UnreadableOutput', false], ['TimedOut', false], ['Bug', false],
  ] as const)('of type %s, not tried again: %s', async (kind, nonRetryable) => {
    const failure = await failureOf(attempt({}, { remainingMs: 1_000, attemptMs: 1_000 }, () => Promise.reject(new AppError(kind, 'CODE', 'What and what to do.'))));
    expect([failure.type, failure.code, failure.nonRetryable, failure.message]).toEqual([kind, 'CODE', nonRetryable, 'What and what to do.']);
  });

  test('that was tried again already, not tried once more', async () => {
    const failure = await failureOf(attempt({}, { remainingMs: 1_000, attemptMs: 1_000 }, () => Promise.reject(new AppError('UnreadableOutput', 'CODE', 'Twice.', { isFinal: true }))));
    expect([failure.type, failure.nonRetryable]).toEqual(['UnreadableOutput', true]);
  });

  test('with the delay the other side asked for', async () => {
    const error = await attempt({}, { remainingMs: 1_000, attemptMs: 1_000 }, () => Promise.reject(new AppError('Unavailable', 'BUSY', 'Later.', { retryAfterMs: 7_000 }))).catch((thrown: unknown) => thrown);
    expect((error as ApplicationFailure).nextRetryDelay).toBe(7_000);
  });

  test('of type Bug when nobody raised it on purpose', async () => {
    const failure = await failureOf(attempt({}, { remainingMs: 1_000, attemptMs: 1_000 }, () => Promise.reject(new TypeError('x is undefined'))));
    expect([failure.type, failure.code]).toEqual(['Bug', 'UNEXPECTED']);
  });

  test('and carries the working time on', async () => {
    const failure = await failureOf(attempt({ attempt: 2, heartbeatDetails: { workedMs: 5_000 } }, { remainingMs: 60_000, attemptMs: 1_000 }, () => Promise.reject(new AppError('Unavailable', 'BUSY', 'Later.'))));
    expect(Math.floor(failure.workedMs / 1_000)).toBe(7);
  });
});

describe('a cancelled attempt', () => {
  test('ends as cancelled, not as a failure of its own', async () => {
    const environment = new MockActivityEnvironment();
    const running = environment.run(() => withinTime({ remainingMs: 10_000, attemptMs: 10_000 }, ({ signal }) => sleep(5_000, undefined, { signal }))).catch((thrown: unknown) => thrown);
    await sleep(20);
    environment.cancel();
    expect((await running) as Error).toHaveProperty('name', 'CancelledFailure');
  });
});
