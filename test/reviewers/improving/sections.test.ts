import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Finding, Severity } from '#domain/finding.ts';
import { maxSections, questionLength, sectionsOf } from '#reviewers/improving/sections.ts';

const finding = (line: number, severity: Severity = 'medium'): Finding => ({
  id: `${severity}-${line}`,
  ruleId: 'scripted/rule',
  category: 'logic',
  severity,
  confidence: 1,
  message: 'wrong',
  place: { path: 'a.txt', line, column: 1, endLine: line, endColumn: 2 },
  source: 'scripted',
  fixable: false,
});

// 100 units a line with its end.
const lines = (count: number): string => `${'x'.repeat(99)}\n`.repeat(count);

describe('the sections of a text', () => {
  test('a text that fits into one question is one section with the findings worst first', () => {
    expect(sectionsOf('a\nb\n', [finding(2, 'low'), finding(1, 'high')])).toEqual([{ firstLine: 1, endLine: 3, findings: [finding(1, 'high'), finding(2, 'low')] }]);
    expect(sectionsOf('a\nb', [])).toEqual([{ firstLine: 1, endLine: 3, findings: [] }]);
    expect(sectionsOf(lines(600), [])).toEqual([{ firstLine: 1, endLine: 601, findings: [] }]);
  });

  test('a longer text is shown where its findings are, with 20 lines around', () => {
    expect(sectionsOf(lines(1_200), [finding(450)])).toEqual([{ firstLine: 381, endLine: 821, findings: [finding(450)] }]);
  });

  test('pieces come worst first, and at most four', () => {
    const sections = sectionsOf(lines(4_000), [finding(1), finding(401), finding(801, 'critical'), finding(1_201), finding(1_601, 'high'), finding(2_001)]);
    expect(sections.map(({ firstLine, endLine }) => [firstLine, endLine])).toEqual([[781, 1_221], [1_581, 2_021], [1, 421], [381, 821]]);
    expect(sections).toHaveLength(maxSections);
  });

  test('a piece ends at a blank line of its second half', () => {
    const text = `${lines(300)}\n${lines(400)}`;
    expect(sectionsOf(text, [finding(1), finding(700)]).map(({ firstLine, endLine }) => [firstLine, endLine])).toEqual([[1, 322], [282, 702]]);
  });

  test('a piece that is one endless line is left out', () => {
    const text = `${lines(300)}${'y'.repeat(100_000)}\n${lines(300)}`;
    expect(sectionsOf(text, [finding(301)])).toEqual([]);
    expect(sectionsOf(text, [finding(301), finding(302)])).toEqual([{ firstLine: 302, endLine: 602, findings: [finding(302)] }]);
  });

  test('a finding beyond the text counts for its last line', () => {
    expect(sectionsOf(lines(700), [finding(9_999)])).toEqual([{ firstLine: 381, endLine: 701, findings: [finding(9_999)] }]);
  });

  test('a long text without findings has none', () => {
    expect(sectionsOf(lines(700), [])).toEqual([]);
  });

  test('no section is longer than a question, and each holds the lines of its findings', () => {
    const line = fc.oneof({ weight: 30, arbitrary: fc.nat(200) }, { weight: 1, arbitrary: fc.nat(50_000) }).map((length) => 'z'.repeat(length));
    fc.assert(
      fc.property(fc.array(line, { minLength: 100, maxLength: 2_000 }), fc.array(fc.integer({ min: 1, max: 2_000 }), { maxLength: 8 }), (some, at) => {
        const text = some.join('\n');
        fc.pre(text.length > questionLength);
        for (const section of sectionsOf(text, at.map((number) => finding(number)))) {
          const shown = some.slice(section.firstLine - 1, section.endLine - 1);
          expect(shown.join('\n').length).toBeLessThanOrEqual(questionLength);
          for (const { place } of section.findings) {
            const number = Math.min(place.line, some.at(-1) === '' ? some.length - 1 : some.length);
            expect(number >= section.firstLine && number < section.endLine).toBe(true);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
