import { describe, expect, test } from 'vitest';
import type { RawFinding } from '#reviewers/engines/engine.ts';
import { mergeFindings } from '#reviewers/merge-findings.ts';

const text = 'first line\nsecond line\nthird line\n';

function raw(ruleId: string, start: number, more: Partial<RawFinding> = {}): RawFinding {
  return { ruleId, category: 'logic', severity: 'medium', confidence: 0.8, message: `${ruleId} says.`, start, end: start + 6, ...more };
}

function merged(...findings: RawFinding[]) {
  return mergeFindings({ path: 'src/a.ts', text, findings });
}

describe('the findings of all engines', () => {
  test('become one list in the order of the text, with places, ids and sources', () => {
    const edit = { start: 11, end: 17, text: '2nd' };
    expect(merged(raw('biome/b', 11, { suggestion: 'Do.', cwe: 'CWE-1', edits: [edit] }), raw('typescript/a', 0))).toEqual([
      {
        finding: {
          id: expect.stringMatching(/^[0-9a-f]{16}$/),
          ruleId: 'typescript/a',
          category: 'logic',
          severity: 'medium',
          confidence: 0.8,
          message: 'typescript/a says.',
          place: { path: 'src/a.ts', line: 1, column: 1, endLine: 1, endColumn: 7 },
          source: 'typescript',
          fixable: false,
        },
        edits: [],
      },
      {
        finding: {
          id: expect.stringMatching(/^[0-9a-f]{16}$/),
          ruleId: 'biome/b',
          category: 'logic',
          severity: 'medium',
          confidence: 0.8,
          message: 'biome/b says.',
          suggestion: 'Do.',
          place: { path: 'src/a.ts', line: 2, column: 1, endLine: 2, endColumn: 7 },
          source: 'biome',
          cwe: 'CWE-1',
          fixable: true,
        },
        edits: [edit],
      },
    ]);
  });

  test('of one meaning on one line are one: the surest speaks, with the edits of whoever has some', () => {
    const edits = [{ start: 0, end: 5, text: '1st' }];
    const found = merged(raw('biome/useIsNan', 2, { meaning: 'nan', edits }), raw('typescript/TS2845', 0, { meaning: 'nan', confidence: 0.9 }));
    expect(found.map(({ finding, edits: kept }) => [finding.ruleId, finding.alsoReportedBy, finding.fixable, kept])).toEqual([
      ['typescript/TS2845', ['biome/useIsNan'], true, edits],
    ]);
  });

  test('of one weakness (CWE) on one line are one', () => {
    const found = merged(raw('ruff/S105', 0, { cwe: 'CWE-259', confidence: 0.5 }), raw('other/key', 0, { cwe: 'CWE-259', confidence: 0.9 }));
    expect(found.map(({ finding }) => finding.ruleId)).toEqual(['other/key']);
  });

  test('stay two on two lines, without a common meaning, or from one engine', () => {
    expect(merged(raw('a/x', 0, { meaning: 'm' }), raw('b/x', 11, { meaning: 'm' }))).toHaveLength(2);
    expect(merged(raw('a/x', 0), raw('b/x', 0))).toHaveLength(2);
    expect(merged(raw('a/x', 0, { meaning: 'm' }), raw('a/x', 6, { meaning: 'm' }))).toHaveLength(2);
  });

  test('are matched one by one where both engines saw several on a line', () => {
    const found = merged(
      raw('biome/eq', 0, { meaning: 'm' }),
      raw('biome/eq', 6, { meaning: 'm' }),
      raw('biome/eq', 8, { meaning: 'm' }),
      raw('typescript/eq', 0, { meaning: 'm', confidence: 0.9 }),
    );
    expect(found.map(({ finding }) => [finding.ruleId, finding.place.column])).toEqual([
      ['typescript/eq', 1],
      ['biome/eq', 7],
      ['biome/eq', 9],
    ]);
  });

  test('keep their ids when lines are put before them', () => {
    const before = merged(raw('a/x', 11))[0]!.finding.id;
    const [after] = mergeFindings({ path: 'a', text: `new\n${text}`, findings: [raw('a/x', 15)] });
    expect(after!.finding.id).toBe(before);
  });
});
