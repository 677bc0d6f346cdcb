import { describe, expect, test } from 'vitest';
import { maxAnswerLength } from '#reviewers/answers/clean-text.ts';
import { readAnswer } from '#reviewers/answers/read-answer.ts';
import { costliest, readingTimes } from './endless.ts';

describe('a text of one megabyte', () => {
  test.each(costliest)('of %j is read in time linear in its length', (unit) => {
    const { quarterMs, wholeMs } = readingTimes(unit);
    // Four times the text: sixteen times the time would be quadratic. Below 250 ms a busy machine decides.
    expect(wholeMs).toBeLessThan(Math.max(250, quarterMs * 10));
    expect(wholeMs).toBeLessThan(2_000);
  });
});

test('a longer text than the limit is not read at all', () => {
  const answer = '{"score": 9, "ready": true}';
  const padded = `${answer}${' '.repeat(maxAnswerLength - answer.length)}`;
  expect(readAnswer(padded, { mode: 'strict' })).toMatchObject({ outcome: 'ok', score: 9 });
  expect(readAnswer(`${padded} `, { mode: 'strict' })).toMatchObject({ outcome: 'truncated', score: null, ready: null, cause: 'too_large' });
});
