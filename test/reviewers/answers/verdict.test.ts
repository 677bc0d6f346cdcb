import { describe, expect, test } from 'vitest';
import { isLabelOnly, isReadyLabel, isValueOnly, labelledValue, verdictLabel } from '#reviewers/answers/labelled-values.ts';
import { protocolVerdict } from '#reviewers/answers/protocol-verdict.ts';
import { readYesNo, verdictMeaning } from '#reviewers/answers/verdict.ts';

describe('a verdict means', () => {
  test.each(['APPROVED', 'approve', 'Pass', 'PASSED', 'accept', 'LGTM', 'ALLOW', 'Ship it', 'ready', 'patch is correct', 'good to go', '✅ Approved', '合格', '承認', '承認する', '問題なし'])('ready: %j', (text) => {
    expect(verdictMeaning(text)).toBe('ready');
  });

  test.each([
    'REJECTED', 'reject', 'FAIL', 'failed', 'BLOCK', 'request_changes', 'REQUEST_CHANGES', 'ChangesRequested', 'needs_work', 'NEEDS_IMPROVEMENT', 'not approved',
    'SOFT_RETRY', 'no-go', 'patch is incorrect', 'denied', 'revise', 'Do not merge', '❌ Rejected', '不合格', '差し戻し', '却下', '要修正', '不可', '承認できません', '合格とは言えない',
  ])('not ready: %j', (text) => {
    expect(verdictMeaning(text)).toBe('not_ready');
  });

  test.each(['comment', 'conditional pass', 'approved once tests exist', 'pass with conditions', 'approved, pending QA', 'neutral', '条件付き合格', '合格（修正後）'])('neither: %j', (text) => {
    expect(verdictMeaning(text)).toBe('unclear');
  });

  test.each(['success', 'A fine document', 'passengers', 'goal', 'The reader', '', '良い文書です'])('nothing: %j', (text) => {
    expect(verdictMeaning(text)).toBeUndefined();
  });
});

describe('yes and no', () => {
  test.each<[string, boolean | null]>([
    ['true', true],
    ['Yes', true],
    ['yes.', true],
    ['✅', true],
    ['はい', true],
    ['完了', true],
    ['"yes"', true],
    ['false', false],
    ['No', false],
    ['not yet', false],
    ['❌ No', false],
    ['いいえ', false],
    ['未完了', false],
    ['yes/no', null],
    ['<yes|no>', null],
    ['true or false', null],
    ['yes, but', null],
    ['可能とは言えません', null],
    ['partially', null],
    ['none', null],
    ['', null],
  ])('%j is %s', (text, ready) => {
    expect(readYesNo(text)).toBe(ready);
  });
});

describe('the protocol verdict', () => {
  test.each<[string, string, string | undefined]>([
    ['REJECTED: the table', '', 'REJECTED'],
    ['Pass. Handles all.', '', 'PASS'],
    ['❌ FAIL — loops', '', 'FAIL'],
    ['APPROVED', 'APPROVED', 'APPROVED'],
    ['不合格', '', '不合格'],
    ['Some words', 'APPROVE', 'APPROVE'],
    ['Some words', '**LGTM!**', 'LGTM'],
    ['Some words', 'READY', 'READY'],
    ['Fail-safe defaults are missing', '', undefined],
    ['Pass the salt', '', undefined],
    ['Passing thought', '', undefined],
    ['Block diagrams: none', '', undefined],
    ['OK. I read it.', 'Bye', undefined],
    ['Ready! Send it.', 'Bye', undefined],
    ['Some words', 'I would approve', undefined],
    ['', '', undefined],
  ])('of %j … %j is %j', (first, last, verdict) => {
    expect(protocolVerdict(first, last)).toBe(verdict);
  });
});

describe('labels', () => {
  test.each<[string, object | undefined]>([
    ['Verdict: PASS', { label: 'verdict', value: 'PASS' }],
    ['  overall_grade = B+', { label: 'overall grade', value: 'B+' }],
    ['判定：「合格」', { label: '判定', value: '合格」' }],
    ['Status — failed', { label: 'status', value: 'failed' }],
    ['総合評価はAです', { label: '総合評価', value: 'Aです' }],
    ['no label here', undefined],
    [': x', undefined],
    ['x:', undefined],
    [`${'long '.repeat(20)}: x`, undefined],
  ])('%j has the sides %j', (sentence, sides) => {
    expect(labelledValue(sentence)).toEqual(sides);
  });

  test.each<[string, string | undefined]>([
    ['verdict', 'strong'],
    ['final decision', 'strong'],
    ['総合判定', 'strong'],
    ['status', 'weak'],
    ['結論', 'weak'],
    ['decision log', undefined],
    ['author', undefined],
  ])('%j introduces a verdict: %s', (label, strength) => {
    expect(verdictLabel(label)).toBe(strength);
  });

  test.each(['ready', 'is ready', 'ready for implementation', 'implementation ready', 'implementation readiness', 'ready to merge', '実装準備', '実装準備完了', '実装可否', '準備状況'])(
    '%j asks for readiness',
    (label) => {
      expect(isReadyLabel(label)).toBe(true);
    },
  );

  test.each(['already', 'ready for review', 'readiness of the team', '実装済み', '準備中の画面'])('%j does not', (label) => {
    expect(isReadyLabel(label)).toBe(false);
  });

  test.each(['## Overall Score', '**Score:**', '### Verdict', '結論：', '## 総合スコア', 'Ready for implementation'])('%j stands over its value', (line) => {
    expect(isLabelOnly(line)).toBe(true);
  });

  test.each(['## Strengths', 'Score: 8', '## 1. Score', '', 'A whole sentence about the score'])('%j does not', (line) => {
    expect(isLabelOnly(line)).toBe(false);
  });

  test.each(['8', '**8.2 / 10**', '8.5点', 'B+', 'No', '**Changes requested**', '7/10 (good)', '✅'])('%j is nothing but a value', (line) => {
    expect(isValueOnly(line)).toBe(true);
  });

  test.each(['3 issues were found', '3章が不足', 'The score follows', '', '- item'])('%j is more', (line) => {
    expect(isValueOnly(line)).toBe(false);
  });
});
