import { describe, expect, test } from 'vitest';
import { readScale } from '#reviewers/answers/score-scale.ts';
import { readGrade, readScoreText, scaleScore } from '#reviewers/answers/score-value.ts';

describe('a number on its scale', () => {
  test.each<[number, number | null, number, number]>([
    [8, null, 10, 8],
    [82, null, 100, 8.2],
    [82, 100, 10, 8.2],
    [0, null, 10, 0],
    [10, null, 10, 10],
    [17, 20, 10, 8.5],
    [2, 3, 10, 6.666667],
    [0.1, null, 10, 0.1],
  ])('%s of %s (else of %s) is %s of 10', (value, max, defaultMax, score) => {
    expect(scaleScore({ raw: 'x', value, max }, defaultMax)).toEqual({ outcome: 'ok', score, scoreRaw: 'x', scaleMax: max ?? defaultMax });
  });

  test.each([11, -1, Number.POSITIVE_INFINITY, Number.NaN, 10.01])('%s of 10 is out of range', (value) => {
    expect(scaleScore({ raw: 'x', value, max: null }, 10)).toEqual({ outcome: 'out_of_range', score: null, scoreRaw: 'x', scaleMax: 10 });
  });

  test('no score is on a scale of nothing', () => {
    expect(scaleScore({ raw: '0', value: 0, max: 0 }, 10).outcome).toBe('out_of_range');
  });
});

describe('a text that is a score', () => {
  test.each<[string, number, number | null]>([
    ['8', 8, null],
    [' 8.5 ', 8.5, null],
    ['8,5', 8.5, null],
    ['8/10', 8, 10],
    ['8 / 10', 8, 10],
    ['8 out of 10', 8, 10],
    ['85%', 85, 100],
    ['85点', 85, null],
    ['85点/100点', 85, 100],
    ['８．５', 8.5, null],
    ['~7.5/10', 7.5, 10],
    ['-2', -2, null],
  ])('%j is %s of %s', (text, value, max) => {
    expect(readScoreText(text)).toEqual({ raw: text.trim(), value, max });
  });

  test.each(['', 'N/A', '7-8', '8 or 9', 'eight', '8 issues', '8/10/12', '1,000', '8.5.1', '12345', 'v8', `8${' '.repeat(50)}/10`])('%j is none', (text) => {
    expect(readScoreText(text)).toBeUndefined();
  });
});

test.each<[string, string | undefined]>([
  ['A', 'A'],
  ['B+', 'B+'],
  ['Ｂ', 'B'],
  ['A-', 'A-'],
  ['S', 'S'],
  ['C評価', 'C'],
  ['Aランク', 'A'],
  ['G', undefined],
  ['AB', undefined],
  ['a', undefined],
  ['A solid piece', undefined],
])('the grade of %j is %j', (text, grade) => {
  expect(readGrade(text)).toBe(grade);
});

test.each<[string, number | null, number]>([
  ['/10', 10, 3],
  [' / 100 points', 100, 13],
  [' out of 10.', 10, 10],
  [' out of ten', 10, 11],
  ['点/100点', 100, 6],
  ['点(100点満点)です', 100, 9],
  [' (out of 10)', 10, 12],
  ['%', 100, 1],
  ['点です', null, 1],
  [' stars', 5, 6],
  ['', null, 0],
  [' issues', null, 0],
  ['/10/8', null, 0],
])('after a number, %j is a scale of %s that takes %s characters', (after, max, length) => {
  expect(readScale(after)).toEqual({ max, length });
});
