import { describe, expect, test } from 'vitest';
import { AppError, errorKinds, errorPolicies, isErrorKind, summarizeError } from '#domain/errors.ts';

describe('errors', () => {
  test('every kind has one row that says retried or not, what becomes of the run, and the exit code', () => {
    const rows = errorKinds.map((kind) => [kind, errorPolicies[kind].retried, errorPolicies[kind].run, errorPolicies[kind].exitCode]);
    expect(rows).toEqual([
      ['InvalidInput', false, 'fails', 2],
      ['Misconfigured', false, 'fails', 2],
      ['Unavailable', true, 'parks', 2],
      ['TimedOut', true, 'parks', 2],
      ['UnreadableOutput', true, 'parks', 2],
      ['Conflict', false, 'completes', 1],
      ['Refused', false, 'parks', 1],
      ['Bug', true, 'parks', 2],
    ]);
  });

  test('a summary keeps kind, code and message and drops stack and cause', () => {
    const error = new AppError('Conflict', 'FILE_CHANGED', 'a.ts was changed meanwhile.', { cause: new Error('secret') });
    expect(summarizeError(error)).toEqual({ kind: 'Conflict', code: 'FILE_CHANGED', message: 'a.ts was changed meanwhile.' });
  });

  test('what we did not raise ourselves is a Bug', () => {
    expect(summarizeError(new TypeError('x is not a function'))).toEqual({ kind: 'Bug', code: 'UNEXPECTED', message: 'x is not a function' });
    expect(summarizeError('odd')).toEqual({ kind: 'Bug', code: 'UNEXPECTED', message: 'odd' });
  });

  test('only the eight kinds are kinds', () => {
    expect(errorKinds.map(isErrorKind)).toEqual(errorKinds.map(() => true));
    expect([isErrorKind('bug'), isErrorKind(undefined)]).toEqual([false, false]);
  });
});
