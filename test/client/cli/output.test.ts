import { describe, expect, test } from 'vitest';
import { table } from '#client/cli/table.ts';
import { testOutput } from './fake-output.ts';

const surroundings = { noColor: false, forceColor: false, isCi: false };

describe('output', () => {
  test('keeps the result apart from everything else', () => {
    const { output, stdout, stderr } = testOutput();
    output.print('result\n');
    output.say('progress');
    output.warn('trouble');
    expect([stdout.text, stderr.text]).toEqual(['result\n', 'progress\ntrouble\n']);
  });

  test('says only what must be said under --quiet', () => {
    const { output, stdout, stderr } = testOutput({ quiet: true, tty: true });
    output.print('result\n');
    output.say('progress');
    output.redraw('live');
    output.warn('trouble');
    expect([stdout.text, stderr.text, output.progress.live]).toEqual(['result\n', 'trouble\n', false]);
  });

  test('takes the live line away before anything else is written', () => {
    const { output, stdout, stderr } = testOutput({ tty: true });
    output.redraw('one');
    output.redraw('two');
    output.say('line');
    output.redraw('three');
    output.print('result\n');
    const clear = '\r\u001b[2K';
    expect([stderr.text, stdout.text]).toEqual([`${clear}one${clear}two${clear}line\n${clear}three${clear}`, 'result\n']);
  });

  test('redraws nothing in a pipe or in CI', () => {
    const piped = testOutput();
    const ci = testOutput({ tty: true, surroundings: { ...surroundings, isCi: true } });
    for (const { output } of [piped, ci]) output.redraw('live');
    expect([piped.stderr.text, ci.stderr.text]).toEqual(['', '']);
  });

  test.each([
    ['a terminal', { tty: true, columns: 120 }, { color: true, unicode: true, width: 120 }],
    ['a pipe', {}, { color: false, unicode: true }],
    ['NO_COLOR', { tty: true, columns: 80, surroundings: { ...surroundings, noColor: true } }, { color: false, unicode: true, width: 80 }],
    ['--no-color', { tty: true, columns: 80, plain: true }, { color: false, unicode: true, width: 80 }],
    ['FORCE_COLOR in a pipe', { surroundings: { ...surroundings, forceColor: true } }, { color: true, unicode: true }],
    ['COLUMNS', { tty: true, columns: 80, surroundings: { ...surroundings, columns: 60 } }, { color: true, unicode: true, width: 60 }],
    ['COLUMNS in a pipe', { surroundings: { ...surroundings, columns: 60 } }, { color: false, unicode: true }],
  ])('looks after %s', (_what, given, expected) => {
    expect(testOutput(given).output.result).toEqual(expected);
  });
});

describe('a table', () => {
  test('aligns its columns, wide characters too', () => {
    expect(table(['ID', 'ARTIFACT', 'SCORE'], [['1', '工房.ts', '90'], ['22', 'a.ts', '']])).toBe('ID  ARTIFACT  SCORE\n1   工房.ts   90\n22  a.ts\n');
  });

  test('shows what a terminal would obey', () => {
    expect(table(['A'], [['\u001b[31mred\nx']])).toBe('A\n\\u{1B}[31mred x\n');
  });

  test('of no rows is empty', () => {
    expect(table(['A'], [])).toBe('');
  });
});
