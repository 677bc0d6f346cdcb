import { describe, expect, test } from 'vitest';
import { scoreLabel, scoreRole } from '#reviewers/answers/score-labels.ts';

describe('the label before a number', () => {
  test.each([
    'Overall score: ', 'Total score = ', 'overall_score: ', 'OverallScore: ', 'Final rating - ', 'Weighted total: ', 'Overall: ', 'Overall quality: ',
    'the overall score is ', 'a final score of ', '総合評価：', '総合スコア: ', '総合点は', '合計点：', '全体の評価：', '総合評価スコア：', 'この文書の総合評価は',
  ])('%j is the whole’s', (label) => {
    expect(scoreLabel(label)).toBe('overall');
  });

  test.each([
    'Score: ', 'score=', 'My rating: ', 'Quality score: ', 'Document score: ', 'Current score: ', 'Evaluation: ', 'I would give this document a ', "I'd rate it ",
    'スコア：', '評価：', '点数: ', '評価点：', '今回のスコア: ', '本ドキュメントの評価は', '採点結果：', '品質スコア：',
  ])('%j is a score', (label) => {
    expect(scoreLabel(label)).toBe('plain');
  });

  test.each([
    'Clarity: ', 'Completeness score: ', 'CVSS score of ', 'Performance score: ', 'Confidence: ', 'Effort: ', 'I would rate the clarity ', 'Chapter ', 'Line ',
    'Code quality: ', '明確性：', '完全性のスコア：', '指摘は', '信頼度：',
  ])('%j is something else’s', (label) => {
    expect(scoreLabel(label)).toBe('category');
  });

  test.each(['', ' ', '**', '今回は', 'この文書は', '(', '⭐⭐ '])('%j is nobody’s', (label) => {
    expect(scoreLabel(label)).toBe('none');
  });

  test('is what stands after the last comma, bracket or slash', () => {
    expect(scoreLabel('Clarity is fine, overall score: ')).toBe('overall');
    expect(scoreLabel('Gesamtbewertung / overall score: ')).toBe('overall');
    expect(scoreLabel('明確性は良い。総合評価：')).toBe('overall');
  });
});

describe('the role of a number', () => {
  test.each<[string, string, string | null]>([
    ['Score: ', '', null],
    ['Previous score: ', '', 'previous'],
    ['前回のスコア: ', '', 'previous'],
    ['Score: ', ' previously', 'previous'],
    ['Current score: ', '', 'current'],
    ['Final score: ', '', 'current'],
    ['今回のスコア: ', '', 'current'],
    ['up from the previous one, now ', '', 'current'],
    ['Target score: ', '', 'target'],
    ['目標スコア: ', '', 'target'],
    ['合格点：', '', 'target'],
    ['below the required ', '', 'target'],
    ['Maximum score: ', '', 'target'],
    ['this could be a ', '', 'hypothetical'],
    ['it would become a ', '', 'hypothetical'],
    ['I would give it a ', '', null],
    ['修正すれば', '', 'hypothetical'],
    ['見込みスコア：', '', 'hypothetical'],
    ['Score: ', ' if the limits were stated', 'hypothetical'],
    ['the document says Score: ', '', 'echo'],
    ['for example, Score: ', '', 'echo'],
    ['文書に「スコア」と記載、', '', 'echo'],
    ['Score: ', ', previously lower', null],
    ['Score: ', ' (previous: 4)', null],
  ])('between %j and %j is %j', (before, after, role) => {
    expect(scoreRole(before, after)).toBe(role);
  });
});
