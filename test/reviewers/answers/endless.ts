import { readAnswer } from '#reviewers/answers/read-answer.ts';
import { cpuMs } from '#test/reports/cpu-time.ts';

/** What a text may consist of to be slow to read: whatever a scanner, a pattern or a stack could trip over. */
export const units = [
  '{', '[', '{"a":', '{"a":[', '{}', '{"a":1}', '{"score":1}\n', '{a:b} ', "{'a':'", '{"x": oops {', '{"score": 7.2 "ready"}\n', '{"a":"\\"', '{"a":"\\u0041',
  '"', "'", '`', '```\n', '```js\n', '~~~\n', ' ', '\n', '\t', '\r', 'a\n', '\\', '/*', '{/*', '{#a', '*', '# h\n', '## Score\n', '> Score: 1\n', '- [x] ready\n',
  '7', '1 ', '1.', '1,', '10/10 ', 'Score: 5\n', 'Score 1.1.1 ', 'The score of this. ', 'between 1 and ', '| a | 1 |\n', '| Overall | 7 |\n', '|', '10点満点中', '総合評価：7点\n', '８',
  'ready ', 'not ready. ', 'is it ready? ', '実装に移れます。', 'Verdict: PASS\n', '★', '☆ ', '<think>', '</think>', '<!--', '<score>', '</score>', '<a>b</a>',
  '\u001b[', '\u001b]', '\u001b]8;;a\u0007', '\u0000', 'a\u0000', '\u200b', '{"type":"item.completed"}\n', '{"type":"result","x":1}\n', 'The document is fine. ', 'a.b. ', '"Score: 1" ', '「あ」',
];

/** The ones that cost most when they were measured. */
export const costliest = ['{a:b} ', '{"a":1}', 'The score of this. ', '実装に移れます。', '| Overall | 7 |\n', '★'];

/** A text of this length that is nothing but `unit`. */
export function endless(unit: string, length: number): string {
  return unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
}

/** Processor time for a quarter of a megabyte and for a whole one, the smaller of two runs each. */
export function readingTimes(unit: string): { readonly quarterMs: number; readonly wholeMs: number } {
  const [whole, quarter] = [endless(unit, 1_000_000), endless(unit, 250_000)];
  const time = (text: string): number => cpuMs(() => readAnswer(text, { mode: 'flexible' }));
  const twice = (text: string): number => Math.min(time(text), time(text));
  return { quarterMs: twice(quarter), wholeMs: twice(whole) };
}
