import { expect, test } from 'vitest';
import { AppError } from '#domain/errors.ts';
import { hideInError } from '#domain/hide-in-error.ts';

const hide = (text: string): string => text.replaceAll('secret', '***');

test('What is hidden in texts is hidden in an error: in its message, its stack and its causes', () => {
  const inner = new Error('inner secret', { cause: 'secret words' });
  const error = new AppError('Unavailable', 'PROVIDER_FAILED', 'a secret', { cause: new TypeError('outer secret', { cause: inner }), retryAfterMs: 7 });
  hideInError(error, hide);
  const cause = error.cause as Error;
  expect([error.message, cause.message, inner.message, inner.cause]).toEqual(['a ***', 'outer ***', 'inner ***', '*** words']);
  expect([error.stack, cause.stack, inner.stack].join('\n')).not.toContain('secret');
  expect([error instanceof AppError, error.kind, error.code, error.retryAfterMs, cause instanceof TypeError]).toEqual([true, 'Unavailable', 'PROVIDER_FAILED', 7, true]);
});

test('An error whose message belongs to its class, a circle of causes and what is no error are taken as they come', () => {
  const own = new DOMException('secret', 'AbortError');
  const circle: Error = new Error('secret');
  circle.cause = circle;
  for (const thrown of [own, circle, 'secret', null, undefined, { message: 'secret' }]) hideInError(thrown, hide);
  expect([own.message, circle.message]).toEqual(['***', '***']);
});
