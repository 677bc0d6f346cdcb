import { expect, test } from 'vitest';
import { readAnswer } from '#reviewers/answers/read-answer.ts';
import type { ReadOptions, Reading } from '#reviewers/answers/read-answer.ts';
import { jsonLines } from './evaluations.ts';

interface Attack {
  readonly id: string;
  readonly input: string;
  readonly expected: string;
}

const attacks = new Map(jsonLines<Attack>('attacks.jsonl').map((attack) => [attack.id, attack]));
const nothing = { score: null, scoreRaw: null, scaleMax: null, ready: null };
const turn = (events: readonly object[]): string => events.map((event) => JSON.stringify(event)).join('\n');

// The rows whose input is a description, spelled out.
const spelledOut: Readonly<Record<string, string>> = {
  'output-13': `${'['.repeat(200_000)}${']'.repeat(200_000)}`,
  'output-17': turn([
    { type: 'thread.started', thread_id: 't' },
    { type: 'error', message: 'Reconnecting... 1/4' },
    { type: 'item.completed', item: { type: 'agent_message', text: '{"score": 91}' } },
    { type: 'turn.completed', usage: {} },
  ]),
  'output-19': JSON.stringify({ type: 'result', subtype: 'error_during_execution', is_error: true, result: '{"score": 91}' }),
  'output-21': JSON.stringify({ session_id: 's', response: '{"score": 91, "summ', stats: {} }),
};

test.each<[string, Partial<Reading>]>([
  ['output-01', { ...nothing, outcome: 'out_of_range', scoreRaw: '1e999', scaleMax: 100, ready: true }],
  ['output-03', { ...nothing, outcome: 'out_of_range', scoreRaw: '101', scaleMax: 100, ready: true }],
  ['output-05', { ...nothing, outcome: 'no_score', cause: 'forbidden_key' }],
  ['output-07', { ...nothing, outcome: 'truncated', cause: 'cut_json' }],
  ['output-09', { ...nothing, outcome: 'ambiguous', cause: 'duplicate_key' }],
  ['output-11', { ...nothing, outcome: 'ok', score: 9.1, scoreRaw: '91', scaleMax: 100 }],
  ['output-13', { ...nothing, outcome: 'no_score' }],
  ['output-15', { ...nothing, outcome: 'no_score' }],
  ['output-17', { ...nothing, outcome: 'ok', score: 9.1, scoreRaw: '91', scaleMax: 100 }],
  ['output-19', { ...nothing, outcome: 'provider_error', cause: 'error_reported' }],
  ['output-21', { ...nothing, outcome: 'truncated', cause: 'cut_json' }],
])('%s holds', (id, reading) => {
  const input = spelledOut[id] ?? attacks.get(id)?.input ?? '';
  const options: ReadOptions = { mode: 'flexible', scaleMax: 100 };
  expect(input).not.toBe('');
  expect(readAnswer(input, options)).toEqual(reading);
  expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
});

test('every recorded attack on the reading of answers has a row', () => {
  expect([...attacks.keys()]).toEqual(['01', '03', '05', '07', '09', '11', '13', '15', '17', '19', '21'].map((number) => `output-${number}`));
});

test('depth inside an answer is refused before anything of it is read', () => {
  const deep = `{"score": 9, "x": ${'['.repeat(100_000)}`;
  expect(readAnswer(deep, { mode: 'flexible' })).toEqual({ ...nothing, outcome: 'no_score', cause: 'too_deep' });
});

test('no control sequence of an answer survives in what it says', () => {
  const answer = JSON.stringify({ score: 5, conclusion: '\u001b[2Jgone\u0007\u202etxt', recommendations: ['\u001b]8;;http://evil\u0007x'] });
  const { conclusion, recommendations } = readAnswer(answer, { mode: 'strict' });
  expect({ conclusion, recommendations }).toEqual({ conclusion: 'gonetxt', recommendations: ['x'] });
});
