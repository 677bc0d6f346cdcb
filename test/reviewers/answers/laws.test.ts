import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJsonAt } from '#reviewers/answers/parse-json.ts';
import { readAnswer } from '#reviewers/answers/read-answer.ts';
import type { Reading } from '#reviewers/answers/read-answer.ts';

const runs = { seed: 20_261_120, numRuns: 1_000 };

const pieces = [
  '{', '}', '[', ']', '"', "'", ':', ',', '\\', '{"score": ', '"ready": true', 'Score: ', 'Overall score', '8', '8.5', '/10', '/100', '%', '点', '総合評価：', '合格',
  '実装に移れます', 'ません', 'ready', 'not ', '```json\n', '```', '~~~', '\n', '\n\n', ' ', '| a | 8 |\n', '> ', '<think>', '</think>', '<!--', '-->', '★', '☆',
  '\u001b[31m', '\u0000', '\ufeff', '８', '／', '。', '. ', 'VERDICT: PASS', '"text"', '「', '」', 'NaN', '1e999', '__proto__', '{"type":"turn.completed"}', '\ud800',
];
const soup = fc.array(fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...pieces) }, { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) }), { maxLength: 40 }).map((parts) => parts.join(''));
const anyText = fc.oneof(soup, fc.string({ unit: 'binary', maxLength: 200 }), fc.string({ maxLength: 200 }));
const anyMode = fc.constantFrom<'flexible' | 'strict'>('flexible', 'strict');
const score = fc.integer({ min: 0, max: 100 }).map((tenths) => tenths / 10);
const words = fc.array(fc.constantFrom('The', 'plan', 'is', 'short', 'and', 'clear', '概要', 'です', 'risks', '\n', '-', '**note**'), { maxLength: 20 }).map((parts) => parts.join(' '));
const answer = fc.record({ summary: words, score, ready: fc.boolean(), issues: fc.array(words, { maxLength: 3 }) });

function isSound({ outcome, score: told, scoreRaw, scaleMax }: Reading): boolean {
  if (outcome !== 'ok') return told === null;
  return told === null ? scoreRaw === null : told >= 0 && told <= 10 && scoreRaw !== null && scaleMax !== null && scaleMax > 0;
}

describe('any text', () => {
  test('is read without an error, and has a score from 0 to 10 only where the outcome is ok', () => {
    fc.assert(
      fc.property(anyText, anyMode, (text, mode) => {
        expect(readAnswer(text, { mode })).toSatisfy(isSound);
      }),
      runs,
    );
  });

  test('is read the same twice', () => {
    fc.assert(
      fc.property(anyText, anyMode, (text, mode) => {
        expect(readAnswer(text, { mode })).toEqual(readAnswer(text, { mode }));
      }),
      { ...runs, numRuns: 300 },
    );
  });
});

describe('an answer in JSON', () => {
  test('is read as it is, in prose, in a fence, pretty or not', () => {
    fc.assert(
      fc.property(answer, fc.constantFrom(undefined, 2), fc.constantFrom('', '```json\n', 'Here is my evaluation:\n\n'), (given, indent, lead) => {
        const text = `${lead}${JSON.stringify(given, null, indent)}${lead.startsWith('`') ? '\n```' : ''}`;
        const { outcome, score: told, ready } = readAnswer(text, { mode: 'flexible' });
        expect({ outcome, told, ready }).toEqual({ outcome: 'ok', told: given.score, ready: given.ready });
      }),
      runs,
    );
  });

  test('cut anywhere yields neither score nor readiness, whatever stands before it', () => {
    fc.assert(
      fc.property(answer, words, fc.nat(), (given, lead, at) => {
        const json = JSON.stringify(given);
        const cut = json.slice(0, 1 + (at % (json.length - 1)));
        const { outcome, score: told, ready } = readAnswer(`${lead}\n${cut}`, { mode: 'flexible' });
        expect({ outcome, told, ready }).toEqual({ outcome: 'truncated', told: null, ready: null });
      }),
      runs,
    );
  });

  test('in the output of a tool, cut anywhere, yields no score', () => {
    const event = (given: object): string => JSON.stringify({ type: 'result', subtype: 'success', is_error: false, result: JSON.stringify(given) });
    fc.assert(
      fc.property(answer, fc.nat(), (given, at) => {
        const whole = event(given);
        expect(readAnswer(whole.slice(0, 1 + (at % (whole.length - 1))), { mode: 'flexible', cli: 'claude' }).score).toBeNull();
      }),
      { ...runs, numRuns: 300 },
    );
  });

  test('beside another one that says something else is ambiguous', () => {
    fc.assert(
      fc.property(answer, answer, (first, second) => {
        fc.pre(first.score !== second.score);
        const text = `${JSON.stringify(first)}\n\n${JSON.stringify(second)}`;
        expect(readAnswer(text, { mode: 'flexible' })).toMatchObject({ outcome: 'ambiguous', score: null, ready: null });
      }),
      { ...runs, numRuns: 300 },
    );
  });
});

describe('a labelled score', () => {
  const label = fc.constantFrom('Score: ', 'Overall score: ', 'overall_score = ', '**Score:** ', '## Score\n\n', '総合評価：', 'スコア: ', '点数：', '| Overall | ', 'Final score — ');

  test('with its scale is the number that stands there', () => {
    fc.assert(
      fc.property(label, score, fc.constantFrom(10, 100), words, (lead, tenths, max, around) => {
        const number = max === 10 ? tenths : Math.round(tenths * 10);
        const table = lead.startsWith('|') ? '| Part | Score |\n|---|---|\n' : '';
        const text = `${around}\n\n${table}${lead}${number}/${max}${table && ' |'}\n\n${around}`;
        const { score: told, scaleMax } = readAnswer(text, { mode: 'flexible' });
        expect({ told, scaleMax }).toEqual({ told: tenths, scaleMax: max });
      }),
      runs,
    );
  });

  test('beyond its scale is never moved into it', () => {
    fc.assert(
      fc.property(label, fc.integer({ min: 11, max: 9999 }), (lead, number) => {
        fc.pre(!lead.startsWith('|'));
        expect(readAnswer(`${lead}${number}/10`, { mode: 'flexible' })).toMatchObject({ outcome: 'out_of_range', score: null });
      }),
      { ...runs, numRuns: 300 },
    );
  });

  test('in quotation marks is somebody else’s', () => {
    fc.assert(
      fc.property(label, score, fc.constantFrom(['"', '"'], ['“', '”'], ['「', '」'], ['`', '`']), (lead, number, [open, close]) => {
        fc.pre(!lead.includes('\n') && !lead.startsWith('|'));
        expect(readAnswer(`The file has ${open}${lead}${number}/10${close} in it.`, { mode: 'flexible' })).toMatchObject({ outcome: 'no_score', score: null });
      }),
      { ...runs, numRuns: 300 },
    );
  });
});

describe('the strict parser', () => {
  const json = fc.json({ maxDepth: 6 });

  test('takes what JSON.parse takes and reads the same', () => {
    fc.assert(
      fc.property(json, (text) => {
        fc.pre(!/"(?:__proto__|constructor|prototype)"/.test(text));
        const { node, end } = parseJsonAt(text, 0);
        expect({ value: plain(node), end }).toEqual({ value: JSON.parse(text) as unknown, end: text.trimEnd().length });
      }),
      runs,
    );
  });

  test('takes nothing else: a changed character makes both fail or both read', () => {
    const change = fc.record({ at: fc.nat(), to: fc.constantFrom('"', '{', '}', ',', ':', '0', '-', '.', 'e', 't', '\\', ' ', '\n', '[', ']') });
    fc.assert(
      fc.property(json, change, (text, { at, to }) => {
        const place = at % text.length;
        const changed = `${text.slice(0, place)}${to}${text.slice(place + 1)}`;
        const { node, end, refusal } = parseJsonAt(changed, 0);
        fc.pre(refusal === undefined);
        expect(node !== undefined && changed.slice(end).trim() === '').toBe(isJson(changed));
      }),
      runs,
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

type Node = ReturnType<typeof parseJsonAt>['node'];

function plain(node: Node): unknown {
  if (node === undefined) return undefined;
  if (node.kind === 'object') return Object.fromEntries([...node.fields].map(([key, value]) => [key, plain(value)]));
  if (node.kind === 'array') return node.items.map(plain);
  if (node.kind === 'string') return node.text;
  return node.kind === 'null' ? null : node.value;
}
