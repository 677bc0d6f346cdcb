import { describe, expect, test } from 'vitest';
import { answerToQuestion, checkedReady, readySaid } from '#reviewers/answers/readiness.ts';

describe('a yes', () => {
  test.each([
    'The document is ready for implementation.', 'It is ready to implement.', 'This is ready.', '✅ Ready for implementation', 'Ready for implementation', 'I think it is ready to ship.',
    'It is ready to be implemented.', 'The plan can be implemented now.', 'Ship it!', 'LGTM', 'You can proceed to implementation.',
    '実装に移れます。', '実装に進んで問題ありません。', '実装可能です。', '実装の準備が整っています。', 'この仕様で実装可能です', '着手できます。', '不明点はなく、実装に移れます。', '実装を開始して差し支えありません。', '実装に進んでも特に支障はありません。',
  ])('is %j', (sentence) => {
    expect(readySaid(sentence)).toBe(true);
  });
});

describe('a no', () => {
  test.each([
    'Not ready yet.', "The spec isn't ready for implementation.", 'It is far from ready.', 'This is not yet ready to implement.', 'Neither the API nor the schema is ready for implementation.',
    "I don't think this is ready.", 'It is no longer ready.', 'No part of this is ready.', '❌ Ready for implementation', 'I doubt it is ready.', 'It is unlikely to be ready soon.',
    'Ready once the schema is fixed.', 'If the tests pass it is ready.', 'Almost ready.', 'Ready, except for the auth part.', 'It cannot proceed to implementation.', 'Do not ship it.',
    '実装に移れません。', '実装に移れる状態ではありません。', '実装の準備はまだ整っていません。', '実装可能とは言えません。', '認証を直せば実装に移れます。', '実装に移るには、まだ不明点があります。',
    '実装に着手するのは時期尚早です。', '実装可能だとは思えません。', 'まだ目標に達していません。', '確認してから実装に移れます。', '実装はまだ始められません。', '実装には着手できない。', '認証を決めれば実装を開始して差し支えありません。', '実装を開始して差し支えないとは言えません。',
  ])('is %j', (sentence) => {
    expect(readySaid(sentence)).toBe(false);
  });
});

describe('neither yes nor no', () => {
  test.each([
    'The draft is ready for another review.', 'The authors are ready to answer questions.', 'They already read it readily.', 'Readiness is discussed in 4.', 'Ready!', 'Only section 2 is ready.',
    'The document claims it is ready for implementation.', 'The team thinks it is ready.', 'The goal is to make it ready.', 'It should be ready.', 'There is a merge conflict.', 'All tests pass.',
    '「実装に移れます」と書かれています。', '認証は実装済みです。', '一部の章のみ実装可能です。', '承認フローの図があります。', '準備中の画面を描いてください。',
  ])('is %j', (sentence) => {
    expect(readySaid(sentence)).toBeUndefined();
  });
});

describe('a question', () => {
  test.each(['Is it ready for implementation?', 'Ready? ', 'Can we ship it?', '実装に移れますか？', '実装可能でしょうか。'])('asks: %j', (sentence) => {
    expect(readySaid(sentence)).toBe('asks');
  });

  test.each<[string, boolean | undefined]>([
    ['Yes.', true],
    [' Yes, it is.', true],
    ['No.', false],
    ['Not until the rollback story is written.', false],
    ['Only after the tests pass.', false],
    ['Yes, if the tests pass.', undefined],
    ['Hard to say.', undefined],
    ['はい。', true],
    ['いいえ。', false],
    ['まだです。', false],
    ['はい、修正後であれば。', undefined],
    ['', undefined],
  ])('is answered by %j: %s', (next, ready) => {
    expect(answerToQuestion(next)).toBe(ready);
  });
});

test.each<[string, boolean | undefined]>([
  ['- [x] Ready for implementation', true],
  ['- [X] Ready for implementation', true],
  ['- [ ] Ready for implementation', false],
  ['* [ ] 実装可能です', false],
  ['- [x] Tests are listed', undefined],
  ['- [x] Not ready for implementation', undefined],
  ['Ready for implementation', undefined],
])('the box of %j says %s', (line, ready) => {
  expect(checkedReady(line)).toBe(ready);
});
