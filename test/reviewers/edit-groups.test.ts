import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Category, Finding, Severity } from '#domain/finding.ts';
import { applyGroups, editGroups } from '#reviewers/edit-groups.ts';
import { describeChanges } from '#reviewers/describe-changes.ts';
import type { Edit } from '#reviewers/engines/engine.ts';
import type { EditableFinding } from '#reviewers/merge-findings.ts';

function editable(ruleId: string, edits: readonly Edit[], severity: Severity = 'low', category: Category = 'logic', suggestion?: string): EditableFinding {
  const finding = { id: ruleId, ruleId, category, severity, confidence: 0.9, message: `${ruleId} says.`, place: { path: 'a', line: 1, column: 1, endLine: 1, endColumn: 1 }, source: 'x', fixable: true };
  return { finding: { ...finding, ...(suggestion === undefined ? {} : { suggestion }) } satisfies Finding, edits };
}

const edit = (start: number, end: number, text = ''): Edit => ({ start, end, text });
const rulesOf = (findings: readonly EditableFinding[]): string[][] => editGroups(findings).map((group) => group.findings.map(({ ruleId }) => ruleId));

describe('groups of edits', () => {
  test('come most severe first, cosmetics last, then in the order of the text', () => {
    const findings = [editable('style', [edit(0, 1)], 'low', 'style'), editable('low', [edit(9, 9, 'x')]), editable('early', [edit(2, 3)]), editable('high', [edit(5, 6)], 'high'), editable('none', [])];
    expect(rulesOf(findings)).toEqual([['high'], ['early'], ['low'], ['style']]);
  });

  test('leave out what gets in the way of a more important one', () => {
    expect(rulesOf([editable('inner', [edit(4, 5)]), editable('outer', [edit(0, 9)], 'high')])).toEqual([['outer']]);
    expect(rulesOf([editable('a', [edit(3, 3, 'x')]), editable('b', [edit(3, 3, 'y')])])).toEqual([['a']]);
    expect(rulesOf([editable('a', [edit(0, 1), edit(8, 9)]), editable('b', [edit(4, 8)])])).toEqual([['a'], ['b']]);
  });

  test('are one where one edit settles several findings', () => {
    expect(rulesOf([editable('a', [edit(0, 5)]), editable('b', [edit(0, 5)])])).toEqual([['a', 'b']]);
  });

  test('are applied at once, whatever their order', () => {
    const groups = editGroups([editable('a', [edit(6, 11, 'there'), edit(0, 0, '> ')]), editable('b', [edit(5, 6, ', ')], 'high')]);
    expect(applyGroups('hello world', groups)).toBe('> hello, there');
  });

  test('never conflict: what no group touches stays in its order', () => {
    const anyEdit = fc.tuple(fc.nat(20), fc.nat(4)).map(([start, length]) => edit(start, Math.min(20, start + length), '#'));
    fc.assert(
      fc.property(fc.array(fc.array(anyEdit, { minLength: 1, maxLength: 1 }), { maxLength: 12 }), (lists) => {
        const text = 'abcdefghijklmnopqrst';
        const groups = editGroups(lists.map((edits, index) => editable(`r${index}`, edits)));
        const removed = groups.flatMap(({ edits }) => edits).reduce((sum, { start, end }) => sum + end - start, 0);
        const kept = applyGroups(text, groups).replaceAll('#', '');
        expect(kept.length).toBe(text.length - removed);
        expect(Array.from(kept).toSorted().join('')).toBe(kept);
      }),
    );
  });
});

describe('the description of changes', () => {
  test('has one line per rule, with what was done and how often', () => {
    const groups = editGroups([
      editable('ruff/F401', [edit(0, 1)], 'low', 'logic', 'Remove unused import: `os`'),
      editable('ruff/F401', [edit(2, 3)], 'low', 'logic', 'Remove unused import: `re`'),
      editable('biome/eq', [edit(4, 5)], 'high', 'logic', 'Use ===.'),
      editable('biome/eq', [edit(6, 7)], 'high', 'logic', 'Use ===.'),
      editable('md/1', [edit(8, 9)], 'info', 'style'),
    ]);
    expect(describeChanges(groups)).toEqual(['biome/eq: Use === (2×)', 'ruff/F401: Remove unused import: `os` (and 1 more)', 'md/1: md/1 says']);
  });
});
