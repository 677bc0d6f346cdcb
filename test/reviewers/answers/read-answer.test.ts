import { describe, expect, test } from 'vitest';
import { readAnswer } from '#reviewers/answers/read-answer.ts';
import type { Reading } from '#reviewers/answers/read-answer.ts';

const nothing = { score: null, scoreRaw: null, scaleMax: null, ready: null };
const flexible = { mode: 'flexible' } as const;
const strict = { mode: 'strict' } as const;

describe('a reading', () => {
  test('holds all that the answer says, and nothing else', () => {
    const text = '```json\n{\n  "score": 8.5, // of 10\n  "ready_for_implementation": true,\n  "verdict": "approve",\n  "conclusion": "Fine",\n}\n```';
    expect(readAnswer(text, flexible)).toEqual({
      outcome: 'ok',
      score: 8.5,
      scoreRaw: '8.5',
      scaleMax: 10,
      ready: true,
      verdict: 'approve',
      conclusion: 'Fine',
      repaired: true,
    });
  });

  test('of structured text holds its sections', () => {
    expect(readAnswer('## Score: 6/10\n\nReady: no\n\n## Recommendations\n- Add limits', flexible)).toEqual({
      outcome: 'ok',
      score: 6,
      scoreRaw: '6',
      scaleMax: 10,
      ready: false,
      recommendations: ['Add limits'],
    });
  });

  test.each<[string, Partial<Reading>]>([
    ['', { outcome: 'empty' }],
    ['\u0000\u200b \n', { outcome: 'empty' }],
    ['{}', { outcome: 'no_score' }],
    ['{"score": NaN}', { outcome: 'no_score', cause: 'score_not_a_number', repaired: true }],
    ['{"score": 7 "ready": 1}', { outcome: 'no_score', cause: 'malformed_json' }],
    ['{"score": 1, "score": 2}', { outcome: 'ambiguous', cause: 'duplicate_key' }],
    ['{"score": 1}\n{"score": 2}', { outcome: 'ambiguous', cause: 'conflicting_scores' }],
    ['{"score": 1, "overall": 2}', { outcome: 'ambiguous', cause: 'conflicting_scores' }],
    ['{"score": 7', { outcome: 'truncated', cause: 'cut_json' }],
    ['Score: 8/', { outcome: 'truncated', cause: 'cut_number' }],
    ['Score: 7-8/10', { outcome: 'ambiguous', cause: 'several_numbers' }],
    ['3/5 tests pass', { outcome: 'ambiguous', cause: 'count_not_a_score' }],
    ['Score: 1/10\nScore: 2/10', { outcome: 'ambiguous', cause: 'conflicting_scores' }],
    ['Score: 5\n'.repeat(2000), { outcome: 'ambiguous', cause: 'too_many_statements' }],
    ['{"score":1}'.repeat(2001), { outcome: 'no_score', cause: 'too_many_objects' }],
    ['{"score":1}'.repeat(100), { outcome: 'ambiguous', cause: 'conflicting_scores' }],
    ['I cannot evaluate this.', { outcome: 'refusal', cause: 'refused' }],
    ['API Error: 500\nScore: 8/10', { outcome: 'provider_error', cause: 'error_reported' }],
    ['<think>8/10', { outcome: 'truncated', cause: 'no_end_of_turn' }],
  ])('names why there is no score (case %#)', (text, reading) => {
    expect(readAnswer(text, flexible)).toEqual({ ...nothing, ...reading });
  });
});

describe('JSON beside prose', () => {
  const json = '{"score": 8.0, "ready": true}';

  test.each<[string, string, Partial<Reading>]>([
    ['that agrees', `Overall score: 8/10\n${json}`, { outcome: 'ok', score: 8, ready: true }],
    ['that rounds', `Overall score: 8/10\n{"score": 8.3, "ready": true}`, { outcome: 'ok', score: 8.3, ready: true }],
    ['that differs', `Overall score: 4/10\n${json}`, { outcome: 'ambiguous', score: null, ready: null }],
    ['that says "not ready"', `${json}\n\nIt is not ready for implementation.`, { outcome: 'ok', score: 8, ready: null }],
    ['that says "ready" of a no', 'Ready for implementation.\n{"score": 8, "ready": false}', { outcome: 'ok', score: 8, ready: false }],
    ['that tells earlier and target scores', `Previous score: 5/10, target score: 9/10\n${json}`, { outcome: 'ok', score: 8, ready: true }],
    ['with the score that it lacks', 'Score: 7/10\n{"verdict": "reject"}', { outcome: 'ok', score: 7, ready: false, verdict: 'reject' }],
    ['for a score that is not a number', 'Score: 7/10\n{"score": null}', { outcome: 'no_score', score: null }],
    ['in pieces that complete each other', '{"score": 7}\n{"ready": false}', { outcome: 'ok', score: 7, ready: false }],
  ])('%s', (_, text, reading) => {
    expect(readAnswer(text, flexible)).toMatchObject(reading);
  });
});

describe('the nonce', () => {
  const asked = { mode: 'flexible', nonce: 'k-1' } as const;

  test.each<[string, string, Partial<Reading>]>([
    ['that was asked for', '{"nonce": "k-1", "score": 6}', { outcome: 'ok', score: 6, nonceMatches: true }],
    ['of another request', '{"nonce": "k-0", "score": 6}', { outcome: 'ambiguous', score: null, cause: 'nonce_mismatch', nonceMatches: false }],
    ['that is missing', '{"score": 6}', { outcome: 'ambiguous', score: null, cause: 'nonce_missing', nonceMatches: false }],
    ['of one of two answers', '{"nonce": "k-0", "score": 10}\n{"nonce": "k-1", "score": 6}', { outcome: 'ok', score: 6, nonceMatches: true }],
    ['in text', 'Nonce: k-1\nScore: 6/10', { outcome: 'ok', score: 6, nonceMatches: true }],
    ['missing in text', 'Score: 6/10', { outcome: 'ambiguous', score: null, cause: 'nonce_missing', nonceMatches: false }],
    ['missing in a failure', 'API Error: 500', { outcome: 'provider_error' }],
  ])('%s', (_, text, reading) => {
    expect(readAnswer(text, asked)).toMatchObject(reading);
  });

  test('that nobody asked for makes an answer suspect', () => {
    expect(readAnswer('{"nonce": "k-0", "score": 6}', flexible)).toEqual({ ...nothing, outcome: 'ambiguous', cause: 'nonce_not_asked_for', nonceMatches: false });
  });
});

describe('strict mode', () => {
  test.each<[string, string, Partial<Reading>]>([
    ['JSON', '{"score": 8, "ready": true}', { outcome: 'ok', score: 8, ready: true }],
    ['JSON in a fence', '```json\n{"score": 8, "ready": true}\n```', { outcome: 'ok', score: 8 }],
    ['JSON after log lines', 'INFO took 9s\n{"score": 8, "ready": true}', { outcome: 'ok', score: 8 }],
    ['no prose', 'Score: 8/10\nReady: true', { outcome: 'no_score', score: null, ready: null }],
    ['no repairs', '{"score": 8,}', { outcome: 'no_score', score: null }],
    ['no text for a number', '{"score": "8", "ready": "true"}', { outcome: 'no_score', score: null, ready: null }],
    ['no score from prose beside it', 'Score: 4/10\n{"score": 8}', { outcome: 'ok', score: 8 }],
    ['refusals', 'I cannot evaluate this.', { outcome: 'refusal' }],
    ['failures', 'Error: Request timed out.', { outcome: 'provider_error' }],
  ])('takes %s', (_, text, reading) => {
    expect(readAnswer(text, strict)).toMatchObject(reading);
  });
});

test('a text that is one JSON string is read as what it holds', () => {
  expect(readAnswer(JSON.stringify('{"score": 8}'), strict)).toMatchObject({ outcome: 'ok', score: 8 });
  expect(readAnswer('"{x}"', flexible)).toMatchObject({ outcome: 'no_score' });
});

test('a score out of its own scale keeps what was written', () => {
  expect(readAnswer('{"score": 85, "ready": true}', flexible)).toEqual({ outcome: 'out_of_range', score: null, scoreRaw: '85', scaleMax: 10, ready: true });
  expect(readAnswer('{"score": 85, "ready": true}', { ...flexible, scaleMax: 100 })).toEqual({ outcome: 'ok', score: 8.5, scoreRaw: '85', scaleMax: 100, ready: true });
});
