import { describe, expect, test } from 'vitest';
import { AppError } from '#domain/errors.ts';
import { tellError, tellFailure } from '#client/cli/tell-error.ts';
import { testOutput } from './fake-output.ts';

const error = new AppError('InvalidInput', 'PATH_TRAVERSAL', 'The path leads out. Name another.', { cause: new Error('inner') });

describe('an error', () => {
  test('is one sentence on standard error and an exit code', () => {
    const { output, stdout, stderr } = testOutput({ quiet: true });
    expect([tellError(error, { output, json: false, debug: false }), stdout.text, stderr.text]).toEqual([2, '', 'koubou: The path leads out. Name another. [PATH_TRAVERSAL]\n']);
  });

  test('that the disk is full is no bug', () => {
    const { output, stderr } = testOutput();
    const code = tellError(Object.assign(new Error("ENOSPC: no space left on device, symlink 'x'"), { code: 'ENOSPC' }), { output, json: false, debug: false });
    expect([code, stderr.text]).toEqual([2, 'koubou: No space is left (or the quota is used up) on the disk of the state folder. Free some, or name another place by KOUBOU_HOME. [DISK_FULL]\n']);
  });

  test('shows what a terminal would obey', () => {
    const { output, stderr } = testOutput();
    tellError(new AppError('InvalidInput', 'X', 'a\u001b[2Jb'), { output, json: false, debug: false });
    expect(stderr.text).toBe('koubou: a\\u{1B}[2Jb [X]\n');
  });

  test('is an object on standard output under --json', () => {
    const { output, stdout } = testOutput();
    tellError(error, { output, json: true, debug: false });
    expect(JSON.parse(stdout.text)).toEqual({
      schema: 'koubou.error/1',
      error: { kind: 'InvalidInput', code: 'PATH_TRAVERSAL', message: 'The path leads out. Name another.' },
      initial_score: null,
      final_score: null,
    });
  });

  test('shows its stack and its causes only under --debug', () => {
    const { output, stderr } = testOutput();
    tellError(error, { output, json: false, debug: true });
    expect(stderr.text).toMatch(/InvalidInput PATH_TRAVERSAL\nAppError: The path leads out[^]*\n {4}at [^]*caused by Error: inner/);
  });

  test('that we did not raise is said to be a bug, with the way to see where', () => {
    const { output, stderr } = testOutput();
    expect([tellError(new TypeError('x is undefined\u001b[2J'), { output, json: false, debug: false }), stderr.text]).toEqual([
      2,
      'koubou: this is a bug in Koubou: x is undefined\\u{1B}[2J [UNEXPECTED]\nRun the command again with --debug to see where; please report it with what it prints.\n',
    ]);
  });

  test('of a run has its id and its step', () => {
    const { output, stdout, stderr } = testOutput();
    const failure = { kind: 'Conflict', code: 'FILE_CHANGED', message: 'Changed.', step: 'save' } as const;
    expect(tellFailure(failure, { output, json: true, runId: 'r1' })).toBe(1);
    expect([JSON.parse(stdout.text), stderr.text]).toEqual([
      { schema: 'koubou.error/1', error: failure, run_id: 'r1', initial_score: null, final_score: null },
      'koubou: Changed. [FILE_CHANGED] (run r1)\n',
    ]);
  });
});
