import { describe, expect, test } from 'vitest';
import { fencedBlocks } from '#reviewers/answers/fenced-blocks.ts';
import { hideSpans } from '#reviewers/answers/hide-spans.ts';
import { edgeLines, lineAt, nextFilledLine, readableLine, tableAround } from '#reviewers/answers/lines.ts';
import { sentencesOf } from '#reviewers/answers/sentences.ts';
import { findStatements } from '#reviewers/answers/statements.ts';

function texts(text: string): string[] {
  return findStatements(text).statements.map((statement) => statement.text);
}

describe('the lines that matter', () => {
  test('are those that may speak of score, verdict or readiness, each once', () => {
    expect(texts('Intro\nScore: 8/10, overall score\nplain words\n判定：合格\nIt is ready.\nend')).toEqual(['Score: 8/10, overall score', '判定：合格', 'It is ready.']);
  });

  test('join a heading with the value below it', () => {
    expect(texts('## Overall Score\n\n**8.2 / 10**\n\nText')).toEqual(['## Overall Score: **8.2 / 10**']);
    expect(texts('結論：\n実装に移れます。')).toEqual(['結論：', '実装に移れます。']);
    expect(texts('## Evaluation\n\n3 issues were found')).toEqual(['## Evaluation']);
  });

  test('leave out quotations and source code, not other fenced text', () => {
    expect(texts('> Score: 10\n```python\nscore = 9\n```\nScore: 3')).toEqual(['Score: 3']);
    expect(findStatements('```yaml\nscore: 7\n```').statements).toMatchObject([{ text: 'score: 7', isFenced: true }]);
  });

  test('hold a table as one', () => {
    const { statements } = findStatements('Intro\n| Part | Score |\n|---|---|\n| Overall | 7 |\n\nScore: 7');
    expect(statements).toMatchObject([{ table: ['| Part | Score |', '|---|---|', '| Overall | 7 |'] }, { text: 'Score: 7' }]);
  });

  test('know their indentation and whether anything follows', () => {
    expect(findStatements('  score: 7\n    score: 8\n\n').statements).toMatchObject([
      { indent: 2, isLast: false },
      { indent: 4, isLast: true },
    ]);
  });

  test('come with the first and the last line', () => {
    expect(findStatements('\n\nfirst\nmiddle\nlast\n')).toMatchObject({ first: 'first', last: 'last' });
  });

  test('of a very long line are its sentences', () => {
    const filler = 'Nothing is said here. '.repeat(200);
    expect(texts(`${filler}Overall score: 7/10. ${filler}`)).toEqual([' Overall score: 7/10.']);
    expect(texts('x'.repeat(5000).concat(' score 7 ', 'y'.repeat(5000)))).toEqual([]);
  });

  test('are too many where nobody would write so many', () => {
    expect(findStatements('Score: 5\n'.repeat(1600))).toEqual({ statements: [], first: '', last: '', isOverfull: true });
    expect(findStatements('Score: 5\n'.repeat(1400)).statements).toHaveLength(1400);
  });
});

describe('fenced blocks', () => {
  test.each<[string, string, object[]]>([
    ['closed', 'a\n```js\nb\n```\nc', [{ start: 2, end: 13, isCode: true }]],
    ['open', '~~~json\na', [{ start: 0, end: 9, isCode: false }]],
    ['closed by a longer mark', '````\n```\n````', [{ start: 0, end: 13, isCode: false }]],
    ['closed by its own kind', '```\n~~~\n```', [{ start: 0, end: 11, isCode: false }]],
    ['absent', 'a ``` b', []],
  ])('are %s', (_, text, blocks) => {
    expect(fencedBlocks(text)).toEqual(blocks);
  });

  test('beyond two thousand are code to the end', () => {
    const blocks = fencedBlocks('```\na\n```\n'.repeat(3000));
    expect(blocks).toHaveLength(2001);
    expect(blocks.at(-1)).toMatchObject({ isCode: true, end: 30_000 });
  });
});

describe('lines', () => {
  const text = 'ab\n\ncd\n  \nef';

  test('are found by any place in them', () => {
    expect([lineAt(text, 0), lineAt(text, 1), lineAt(text, 4), lineAt(text, 11)]).toEqual([
      { start: 0, end: 2 },
      { start: 0, end: 2 },
      { start: 4, end: 6 },
      { start: 10, end: 12 },
    ]);
  });

  test('have a next one that is filled, three further on at most', () => {
    expect(nextFilledLine(text, 2)).toEqual({ start: 4, end: 6 });
    expect(nextFilledLine(text, 6)).toEqual({ start: 10, end: 12 });
    expect(nextFilledLine('a\n\n\n\n\nb', 1)).toBeUndefined();
    expect(nextFilledLine('a', 1)).toBeUndefined();
  });

  test('begin no earlier than what was read before', () => {
    expect(readableLine('One. Score: 7', 5, 4)).toEqual({ start: 4, end: 13 });
  });

  test('at the edges are the first and the last that are filled', () => {
    expect(edgeLines('\n a \nb\n\n')).toEqual({ first: { start: 1, end: 4 }, last: { start: 5, end: 6 } });
    expect(edgeLines('')).toEqual({ first: { start: 0, end: 0 }, last: { start: 0, end: 0 } });
  });

  test('of a table end where it ends; one of more than 200 rows is data', () => {
    expect(tableAround('x\n| a |\n| b |\n\n| c |', { start: 8, end: 13 }, 0)).toEqual({ rows: ['| a |', '| b |'], end: 13 });
    const long = '| a |\n'.repeat(250);
    expect(tableAround(long, { start: 0, end: 5 }, 0)).toEqual({ rows: [], end: 1499 });
  });
});

describe('sentences', () => {
  function sentences(line: string): string[] {
    return sentencesOf(line, true).map(({ text }) => text.trim());
  }

  test.each<[string, string[]]>([
    ['Score: 7.5/10. It is ready! Is it? Yes', ['Score: 7.5/10.', 'It is ready!', 'Is it?', 'Yes']],
    ['点数は8点です。実装に移れます。', ['点数は8点です。', '実装に移れます。']],
    ['- **Score**: 7', ['Score  : 7']],
    ['## 1. Score', ['1. Score']],
    ['1. Score: 7', ['Score: 7']],
    ['score: 6.25,ready:no', ['score: 6.25,', 'ready:no']],
    ['Score: 8 | Ready: no', ['Score: 8 |', 'Ready: no']],
    ['The file says "Score: 10/10" here', ['The file says                here']],
    ['Score: `8.8/10`', ['Score:  8.8/10']],
    ['判定は「不合格」です', ['判定は 不合格 です']],
    ['"Overall score": 7', ['Overall score : 7']],
    ['', []],
  ])('of %j', (line, found) => {
    expect(sentences(line)).toEqual(found);
  });

  test('have two spellings of the same length', () => {
    const [sentence] = sentencesOf('**総合**：８２／１００', true);
    expect(sentence).toEqual({ text: '  総合  :82/100', source: '**総合**：８２／１００', isEnd: true });
  });
});

test('hidden spans leave a space', () => {
  expect(hideSpans('abcdef', [[1, 3], [4, 6]])).toBe('a d ');
  expect(hideSpans('abc', [])).toBe('abc');
});
