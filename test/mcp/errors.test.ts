import { describe, expect, test } from 'vitest';
import { AppError, errorKinds } from '#domain/errors.ts';
import { errorForLog, errorText, explainError } from '#mcp/errors.ts';
import { withoutPaths } from '#mcp/hide-paths.ts';

describe('an error as a model is told it', () => {
  test.each(errorKinds)('of the kind %s is two lines, the second of which says what to do', (kind) => {
    const told = errorText(explainError(new AppError(kind, 'SOME_CODE', 'It went wrong.\nwith details of the machine'), '{}'));
    expect(told.split('\n')).toEqual([kind === 'Bug' ? 'Koubou failed in a way that it should not. [BUG]' : 'It went wrong. [SOME_CODE]', expect.stringMatching(/^[A-Z].*\.$/)]);
  });

  test('that nobody raised on purpose says nothing of itself', () => {
    expect(explainError(new TypeError("Cannot read 'secret' of undefined"), '{}')).toEqual({
      code: 'BUG', what: 'Koubou failed in a way that it should not.', next: 'Call again. If it stays so, ask the user to run `koubou doctor` and to report it.',
    });
    expect(explainError('thrown text', '{}').code).toBe('BUG');
  });

  test('names no place of the machine, but what the caller wrote', () => {
    const error = new AppError('Unavailable', 'SERVICE_BROKEN', 'See /home/ann/.local/state/koubou/service.log and C:\\Users\\ann\\x; "/etc/passwd" is outside.');
    expect(explainError(error, '{"path":"/etc/passwd"}').what).toBe('See (a path of the server) and (a path of the server); "/etc/passwd" is outside.');
  });

  test('keeps the words of the connection to itself', () => {
    const error = new AppError('Unavailable', 'SERVICE_UNREACHABLE', 'The Temporal service does not answer (No connection established. Last error: connect ECONNREFUSED 127.0.0.1:7234).');
    expect(explainError(error, '{}').what).toBe('The Temporal service does not answer at this moment.');
  });

  test('on a full disk says so', () => {
    expect(explainError(Object.assign(new Error('write'), { code: 'ENOSPC' }), '{}').code).toBe('DISK_FULL');
  });

  test.each([
    ['RUN_UNKNOWN', 'Call review_list; it shows the runs there are.'],
    ['SERVICE_NOT_RUNNING', 'Ask the user to run `koubou up --detach` in a terminal, then call again. Runs that were started are not lost.'],
    ['PROFILE_UNKNOWN', 'Correct the arguments and call again.'],
    ['PATH_SYMLINK', 'Give a path below a root of this server, written relative to it: src/app.ts.'],
  ])('%s has advice of its own', (code, next) => {
    expect(explainError(new AppError('InvalidInput', code, 'What.'), '{}').next).toBe(next);
  });

  test('goes into the log in full, unless it is the affair of the caller', () => {
    const [bug, foreign] = [new AppError('Bug', 'B', 'm'), new TypeError('x')];
    expect([errorForLog(new AppError('InvalidInput', 'I', 'm')), errorForLog(bug), errorForLog(foreign), errorForLog(3)]).toEqual([null, 'Bug B: m', foreign.stack, '3']);
  });
});

describe('hiding paths', () => {
  test.each([
    ['at /var/lib/x/y.db.', 'at (a path of the server)'],
    ['http://127.0.0.1:8233/namespaces/default stays', 'http://127.0.0.1:8233/namespaces/default stays'],
    ['src/a.ts and ./b/c.ts stay', 'src/a.ts and ./b/c.ts stay'],
    ['3/4 of it, and/or more', '3/4 of it, and/or more'],
    ["'/tmp/a b'", "'(a path of the server) b'"],
    ['/tmp stays: it tells nothing', '/tmp stays: it tells nothing'],
  ])('%s', (message, expected) => {
    expect(withoutPaths(message)).toBe(expected);
  });
});
