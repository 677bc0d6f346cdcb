import { describe, expect, test } from 'vitest';
import { elementSentences } from '#reviewers/answers/elements.ts';
import { tableSentences } from '#reviewers/answers/tables.ts';

function said(...rows: string[]): string[] {
  return tableSentences(rows);
}

describe('a table', () => {
  test('tells the score of its overall row', () => {
    expect(said('| Criterion | Score |', '|---|---|', '| Depth | 6/10 |', '| **Overall** | **7.5/10** |')).toEqual(['Overall score: 7.5/10']);
    expect(said('| 項目 | 点 |', '|---|---|', '| 導入 | 18 |', '| 合計 | 81 |')).toEqual(['総合スコア: 81']);
  });

  test('takes the scale from its own column', () => {
    expect(said('| Area | Points | Max |', '|:--|--:|--:|', '| Depth | 50 | 80 |', '| Overall | 68 | 100 |')).toEqual(['Overall score: 68/100']);
    expect(said('| Area | Score | Max |', '|--|--|--|', '| Overall | 7/10 | 10 |')).toEqual(['Overall score: 7/10']);
  });

  test('takes neither weights nor earlier scores for the score', () => {
    expect(said('| Part | Weight | Score |', '|--|--|--|', '| Total | 100 | 6.8 |')).toEqual(['Overall score: 6.8']);
    expect(said('| Part | Previous score | Score |', '|--|--|--|', '| Total | 5 | 6.8 |')).toEqual(['Overall score: 6.8']);
  });

  test('with two scores in its overall row says none', () => {
    expect(said('| Part | Score A | Score B |', '|--|--|--|', '| Total | 5 | 6.8 |')).toEqual([]);
  });

  test('of names and values is read row by row', () => {
    expect(said('| Field | Value |', '|---|---|', '| Score | 7.3 |', '| Ready | no |', '| Author | 5 |')).toEqual(['Score: 7.3', 'Ready: no']);
  });

  test('of one row is read across', () => {
    expect(said('| Score | Ready | Author |', '|---|---|---|', '| 7.3 | no | me |')).toEqual(['Score: 7.3', 'Ready: no']);
  });

  test.each<[string, string[]]>([
    ['of criteria only', ['| Area | Score |', '|---|---|', '| Clarity | 9/10 |', '| Depth | 6/10 |']],
    ['of counts', ['| Files | Count |', '|---|---|', '| Total | 7 |']],
    ['without rows', ['| Score | Ready |', '|---|---|']],
    ['without cells', ['|', '||', '| |']],
  ])('%s says nothing of the whole', (_, rows) => {
    expect(said(...rows)).toEqual([]);
  });
});

test.each<[string, string[] | undefined]>([
  ['<score max="10">7.4</score>', ['score: 7.4/10']],
  ['<score>7.4</score><ready>false</ready>', ['score: 7.4', 'ready: false']],
  ['<score max="10">7/10</score>', ['score: 7/10']],
  ['<a><score>7</score></a>', ['score: 7']],
  ['<score>7', undefined],
  ['</score>', undefined],
  ['Score: 7', undefined],
])('the elements of %j', (line, sentences) => {
  expect(elementSentences(line)).toEqual(sentences);
});
