import { describe, expect, test } from 'vitest';
import { readSections } from '#reviewers/answers/sections.ts';

describe('the parts of a review in prose', () => {
  test('are found under headings', () => {
    const review = '# Review\n\nIntro\n\n## Conclusion\nNot yet.\nSoon.\n\n## Strengths\n- clear\n- short\n\n### Weaknesses\n1. no limits\n\n## Recommendations\n* add limits\n\n## Appendix\n- nothing';
    expect(readSections(review)).toEqual({
      conclusion: 'Not yet.\nSoon.',
      analysis: { strengths: ['clear', 'short'], weaknesses: ['no limits'] },
      recommendations: ['add limits'],
    });
  });

  test('are found after labels, in Japanese too', () => {
    expect(readSections('結論：実装に移れます。\n根拠: 要件が明確\n改善点：\n・監視\n・例外処理\n備考：なし')).toEqual({
      conclusion: '実装に移れます。',
      rationale: '要件が明確',
      recommendations: ['監視', '例外処理'],
      technicalNotes: 'なし',
    });
  });

  test('are found after bold words', () => {
    expect(readSections('**Blockers:**\n- No auth\n\n**Rationale**: thin')).toEqual({ blockers: ['No auth'], rationale: 'thin' });
  });

  test('end with the next label, known or not', () => {
    expect(readSections('Conclusion: fine\nScore: 8/10\nmore words')).toEqual({ conclusion: 'fine' });
  });

  test('go on over items that look like labels', () => {
    expect(readSections('## Recommendations\n- Limits: add them\n- Errors: list them')).toEqual({ recommendations: ['Limits: add them', 'Errors: list them'] });
  });

  test('are absent in other text', () => {
    expect(readSections('The plan is short.\n\nIt ends.')).toEqual({});
  });
});
