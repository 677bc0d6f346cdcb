import { describe, expect, test } from 'vitest';
import { chooseScore } from '#reviewers/answers/choose-score.ts';
import type { PlacedClaim } from '#reviewers/answers/choose-score.ts';
import { scoreClaims } from '#reviewers/answers/score-claims.ts';
import type { ClaimRank } from '#reviewers/answers/score-claims.ts';
import { sentencesOf } from '#reviewers/answers/sentences.ts';
import { starClaim } from '#reviewers/answers/stars.ts';

/** '8/10@4' for 8 of 10 of rank 4; '?' for what is unclear, '#' for a count, '!' for what is cut. */
function claims(line: string): string[] {
  return sentencesOf(line, true)
    .flatMap((sentence) => [...scoreClaims(sentence), ...starClaim(sentence)])
    .map((claim) => {
      if (claim.kind === 'score') return `${claim.claim.raw}/${claim.claim.max ?? '-'}@${claim.rank}`;
      return { unclear: '?', count: '#', cut: '!' }[claim.kind];
    });
}

describe('a labelled number', () => {
  test.each<[string, string[]]>([
    ['Score: 7.5/10', ['7.5/10@3']],
    ['**Score**: **7.5**/10', ['7.5/10@3']],
    ['Score 6.5 out of 10', ['6.5/10@3']],
    ['Score: ~7.5/10', ['7.5/10@3']],
    ['Rating: [[7]]', ['7/-@3']],
    ['Score (0-10): 7.5', ['7.5/10@3']],
    ['Score [out of 100]: 75', ['75/100@3']],
    ['Overall score: `8.8/10`', ['8.8/10@4']],
    ['総合スコア：８２／１００点', ['８２/100@4']],
    ['スコアは8.8点です。', ['8.8/-@3']],
    ['評価は78点（100点満点）です。', ['78/100@3']],
    ['【総合評価】7.5/10', ['7.5/10@4']],
    ['Score: -3', ['-3/-@3']],
    ['Score: 8,5/10', ['8,5/10@3']],
    ['Previous score: 6.1/10. Current score: 7.3/10 (target 8.0).', ['7.3/10@5']],
    ['前回は62点でしたが、今回は71点です。', ['71/-@5']],
    ['評価：★★★★☆', ['★★★★☆/5@3']],
    ['Rating: ⭐⭐⭐', ['⭐⭐⭐/5@3']],
    ['Rating: ★★★☆', ['★★★☆/4@3']],
    ['総合評価：★★★☆☆（3/5）', ['3/5@4']],
  ])('%j', (line, found) => {
    expect(claims(line)).toEqual(found);
  });

  test.each(['Clarity: 8/10', 'Score: 8/10 for clarity', 'Evaluation: 3 issues', '評価は3段階です', 'Total: 7', 'Score: N/A', 'Score: 1,000', 'Score: v2.1', 'Scores: 8, 7', 'Confidence: 80%'])(
    'is not the score in %j',
    (line) => {
      expect(claims(line)).toEqual([]);
    },
  );

  test.each(['Score: 7-8/10', 'スコア：6〜7点', 'Score: 6/10 → 8/10', 'Score: 6 to 7'])('of a range is unclear: %j', (line) => {
    expect(claims(line)).toContain('?');
  });

  test.each(['Overall score: 8/', 'score: 7.', '総合評価: 8/'])('at the end of the text may be cut: %j', (line) => {
    expect(claims(line)).toEqual(['!']);
  });

  test('before an end of its own is not cut', () => {
    expect(sentencesOf('score: 7.', false).flatMap((sentence) => scoreClaims(sentence))).toMatchObject([{ kind: 'score' }]);
  });
});

describe('a number without a label', () => {
  test.each<[string, string[]]>([
    ['7.5/10', ['7.5/10@2']],
    ['7 out of 10.', ['7/10@2']],
    ['85点です。', ['85/-@2']],
    ['100点満点で85点です。', ['85/100@2']],
    ['10点満点中7.5点です。', ['7.5/10@2']],
    ['⭐⭐⭐⭐ 4/5 — ship it', ['4/5@2']],
    ['2/4 checks passed', ['#']],
    ['12/15 tests pass', ['#']],
  ])('may be one by its scale: %j', (line, found) => {
    expect(claims(line)).toEqual(found);
  });

  test.each(['4/5 Error handling', '(2/5) Limits', '8/10 dentists agree', 'Page 4/10', 'Updated on 9/10', 'Clarity (9/10)', 'Scope: good (9/10)', '2026/10/8', '7 files', '12/10', 'The word "Score: 10/10" is theirs'])('is none: %j', (line) => {
    expect(claims(line)).toEqual([]);
  });
});

describe('of several claims', () => {
  const claim = (raw: number, rank: ClaimRank, max: number | null = 10, indent = 0): PlacedClaim => ({ kind: 'score', claim: { raw: String(raw), value: raw, max }, rank, indent });

  test.each<[string, PlacedClaim[], object]>([
    ['none', [], { kind: 'none' }],
    ['only a count', [{ kind: 'count', rank: 0, indent: 0 }], { kind: 'count' }],
    ['the plainest label', [claim(5, 3), claim(7, 4), claim(9, 2)], { kind: 'one', claim: { raw: '7', value: 7, max: 10 }, rank: 4 }],
    ['two that differ', [claim(5, 4), claim(7, 4)], { kind: 'conflict' }],
    ['two that agree', [claim(8, 3, null), claim(8, 3)], { kind: 'one', claim: { raw: '8', value: 8, max: 10 }, rank: 3 }],
    ['two scales that agree', [claim(8, 3), claim(80, 3, 100)], { kind: 'one', claim: { raw: '8', value: 8, max: 10 }, rank: 3 }],
    ['two scales that do not', [claim(8, 3), claim(8, 3, 100)], { kind: 'conflict' }],
    ['the least indented', [claim(9, 3, 10, 4), claim(7, 3)], { kind: 'one', claim: { raw: '7', value: 7, max: 10 }, rank: 3 }],
    ['one beside an unclear one', [claim(8, 3), { kind: 'unclear', rank: 3, indent: 0 }], { kind: 'unclear' }],
    ['one above an unclear one', [claim(8, 4), { kind: 'unclear', rank: 3, indent: 0 }], { kind: 'one', claim: { raw: '8', value: 8, max: 10 }, rank: 4 }],
    ['a cut one', [claim(8, 5), { kind: 'cut', rank: 3, indent: 0 }], { kind: 'cut' }],
  ])('the choice is %s', (_, given, chosen) => {
    expect(chooseScore(given)).toEqual(chosen);
  });
});
