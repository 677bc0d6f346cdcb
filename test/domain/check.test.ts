import { describe, expect, test } from 'vitest';
import { checkAttemptMs, checkFinding, checkOfSeat, checkSeat, deservesAnotherRun, outcomeOf, plainOutput, type CheckFact, type CheckRun } from '#domain/check.ts';
import { isBlocker } from '#domain/finding.ts';

const ran = (exitCode: number | null, given: Partial<CheckRun> = {}): CheckRun => ({ exitCode, timedOut: false, output: '', ...given });
const late = ran(null, { timedOut: true });

describe('the runs of a check', () => {
  test.each([
    ['passed, at once', [ran(0)], 'passed'],
    ['failed, twice', [ran(1), ran(1)], 'failed'],
    ['failed, in another way the second time', [ran(1), ran(null)], 'failed'],
    ['flaky, when the second passes', [ran(1), ran(0)], 'flaky'],
    ['failed, when there was no second', [ran(1)], 'failed'],
    ['failed, when its time was over', [late], 'failed'],
    ['failed, when its time was over the second time', [ran(1), late], 'failed'],
    ['failed, when it was over although it says it passed', [ran(0, { timedOut: true })], 'failed'],
  ] as const)('mean it %s', (_name, runs, outcome) => {
    expect(outcomeOf(runs)).toBe(outcome);
  });

  test('are two where the first failed in its time', () => {
    expect([ran(0), ran(1), ran(null), late].map(deservesAnotherRun)).toEqual([false, true, true, false]);
  });

  test('must be one at least', () => {
    expect(() => outcomeOf([])).toThrow(RangeError);
  });

  test('get time for both and for copying the tree', () => {
    expect(checkAttemptMs(30_000)).toBe(120_000);
  });
});

describe('the finding of a check', () => {
  const fact = (given: Partial<CheckFact> = {}): CheckFact => ({
    name: 'tests', outcome: 'failed', timeoutMs: 90_000, run: ran(3, { output: 'first\n\n  second\nlast\n' }), path: 'src/a.ts', id: 'abc', requested: ['syntax', 'logic'], ...given,
  });

  test('that failed is a blocker with the exit code and the last lines', () => {
    const finding = checkFinding(fact())!;
    expect(finding).toEqual({
      id: 'abc', ruleId: 'check/tests', category: 'logic', severity: 'high', confidence: 1, source: 'check:tests', fixable: false,
      message: 'The check tests failed with exit code 3. Its last lines: first | second | last',
      place: { path: 'src/a.ts', line: 1, column: 1, endLine: 1, endColumn: 1 },
    });
    expect(isBlocker(finding)).toBe(true);
  });

  test('that passed is none', () => {
    expect(checkFinding(fact({ outcome: 'passed' }))).toBe(null);
  });

  test('that is flaky says so and blocks nothing', () => {
    const finding = checkFinding(fact({ outcome: 'flaky' }))!;
    expect([finding.severity, finding.message, isBlocker(finding)]).toEqual(['info', 'The check tests is flaky: it failed with exit code 3, and passed when it was run once more. It counts as passed.', false]);
  });

  test.each([
    ['a time limit', late, 'The check tests did not end within 90 s and was stopped. It printed nothing.'],
    ['a signal', ran(null), 'The check tests was ended by a signal. It printed nothing.'],
    ['silence', ran(1), 'The check tests failed with exit code 1. It printed nothing.'],
  ])('tells of %s', (_name, run, message) => {
    expect(checkFinding(fact({ run }))!.message).toBe(message);
  });

  test('falls to a category that was asked for, so that it counts', () => {
    expect([['security'], ['performance', 'logic'], []].map((requested) => checkFinding(fact({ requested: requested as never }))!.category)).toEqual(['security', 'logic', 'logic']);
  });

  test('quotes eight lines at most, and 600 characters', () => {
    const many = Array.from({ length: 30 }, (_, n) => `line ${n}`).join('\n');
    expect(checkFinding(fact({ run: ran(1, { output: many }) }))!.message).toBe(`The check tests failed with exit code 1. Its last lines: ${many.split('\n').slice(-8).join(' | ')}`);
    expect(checkFinding(fact({ run: ran(1, { output: '𝒳'.repeat(2_000) }) }))!.message).toMatch(/^.{57}…(?:𝒳|�)+$/u);
  });
});

describe('what a check printed', () => {
  test.each([
    ['colours', '\u001B[31mred\u001B[0m \u001B[1;4mbold\u001B[m', 'red bold'],
    ['a title and a link', '\u001B]0;title\u0007a\u001B]8;;http://x\u001B\\b', 'ab'],
    ['an unfinished sequence', 'a\u001B]8;;http://x', 'a'],
    ['progress', '10 %\r50 %\r100 %\ndone\r\n', '100 %\ndone'],
    ['bells, blanks and zeros', 'a\u0007\u0000b\u009Bc\tx  \n\n', 'abc\tx'],
    ['nothing', '', ''],
  ])('is plain text without %s', (_name, output, plain) => {
    expect(plainOutput(output)).toBe(plain);
  });

  test('is cut to its end, at a line', () => {
    const plain = plainOutput(Array.from({ length: 2_000 }, (_, n) => `line ${n}`).join('\n'));
    expect([plain.length <= 8_000, plain.length > 7_900, plain.startsWith('line '), plain.endsWith('line 1999')]).toEqual([true, true, true, true]);
  });

  test('is read in a time that grows with its length alone', () => {
    const started = performance.now();
    for (const output of ['\u001B['.repeat(30_000), '\u001B]'.repeat(30_000), '\r'.repeat(60_000), 'a\r'.repeat(30_000), `${'x'.repeat(60_000)}\r`]) plainOutput(output);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

test('A check sits under an id of its own', () => {
  expect([checkSeat('tests'), checkOfSeat('check:tests'), checkOfSeat('static'), checkOfSeat('check:')]).toEqual(['check:tests', 'tests', null, '']);
});
