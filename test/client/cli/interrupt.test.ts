import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { listenForInterruption } from '#client/cli/interrupt.ts';

test('the first Ctrl-C aborts the signal and a second one within the time is heard', async () => {
  const source = new EventEmitter();
  const interruption = listenForInterruption(source);
  source.emit('SIGINT');
  const again = interruption.again(5_000);
  await sleep(250);
  source.emit('SIGINT');
  expect([interruption.signal.aborted, interruption.by(), await again]).toEqual([true, 'SIGINT', true]);
});

test('no second one within the time is none', async () => {
  const source = new EventEmitter();
  const interruption = listenForInterruption(source);
  source.emit('SIGINT');
  expect(await interruption.again(10)).toBe(false);
});

test('one Ctrl-C that arrives twice at once counts once', async () => {
  const source = new EventEmitter();
  const interruption = listenForInterruption(source);
  source.emit('SIGINT');
  source.emit('SIGINT');
  expect(await interruption.again(10)).toBe(false);
});

test('after SIGTERM nobody is waited for', async () => {
  const source = new EventEmitter();
  const interruption = listenForInterruption(source);
  source.emit('SIGTERM');
  const begun = performance.now();
  expect([interruption.by(), await interruption.again(5_000), performance.now() - begun < 1_000]).toEqual(['SIGTERM', false, true]);
});

test('after release nothing is listened to', () => {
  const source = new EventEmitter();
  const interruption = listenForInterruption(source);
  interruption.release();
  expect([source.listenerCount('SIGINT'), source.listenerCount('SIGTERM'), source.listenerCount('SIGHUP'), interruption.by()]).toEqual([0, 0, 0, null]);
});
