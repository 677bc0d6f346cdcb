import { describe, expect, test } from 'vitest';
import { cleanText, foldWidth } from '#reviewers/answers/clean-text.ts';
import { withoutComments, withoutThinking } from '#reviewers/answers/unspoken.ts';

describe('cleaning', () => {
  test.each<[string, string, string]>([
    ['colours', '\u001b[1m\u001b[36mScore\u001b[0m', 'Score'],
    ['links', '\u001b]8;;http://x\u0007Score\u001b]8;;\u001b\\', 'Score'],
    ['cursor movements', 'a\u001b[2Jb\u001b[?25lc', 'abc'],
    ['a lone escape', 'a\u001bb', 'ab'],
    ['NUL and other controls', 'a\u0000b\u0007c\u009bd', 'abcd'],
    ['marks and zero-width characters', '\ufeffS\u200bcore\u2060', 'Score'],
    ['direction changes', 'a\u202etxt\u202c', 'atxt'],
    ['tag characters', 'a\u{e0041}\u{e007f}b', 'ab'],
  ])('takes away %s', (_, text, clean) => {
    expect(cleanText(text)).toBe(clean);
  });

  test('makes every line break a plain one', () => {
    expect(cleanText('a\r\nb\rc\u2028d\n')).toBe('a\nb\nc\nd\n');
  });

  test('leaves tabs, joiners and every script', () => {
    const text = 'a\tb 総合評価：８ 👩\u200d💻 می\u200cخواهم';
    expect(cleanText(text)).toBe(text);
  });
});

test('folding to ASCII keeps every position', () => {
  expect(foldWidth('総合：８２／１００　点ＡＢ\u00a0c')).toBe('総合:82/100 点AB c');
});

describe('thinking aloud', () => {
  test.each<[string, string, string, boolean]>([
    ['is left out', '<think>9/10?</think>\n4/10', ' \n4/10', false],
    ['is left out where it begins a line', 'a\n  <thinking>x</thinking>b', 'a\n   b', false],
    ['is left out in several places', '<think>a</think>b\n<reasoning>c</reasoning>d', ' b\n d', false],
    ['leaves nothing after it if it does not end', 'a\n<think>b\nc', 'a\n ', true],
    ['leaves nothing before its end if its beginning is missing', '9/10\n</think>\n4/10', ' \n4/10', false],
    ['is kept in the middle of a line', 'strip <think> tags', 'strip <think> tags', false],
    ['is kept in JSON', '{"a": "x</think>y"}', '{"a": "x</think>y"}', false],
  ])('%s', (_, text, spoken, isCut) => {
    expect(withoutThinking(text)).toEqual({ text: spoken, isCut });
  });
});

test('comments are left out, an open one with all that follows', () => {
  expect(withoutComments('a<!-- b -->c<!-- d')).toBe('a c ');
});
