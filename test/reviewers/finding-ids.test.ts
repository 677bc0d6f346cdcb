import { describe, expect, test } from 'vitest';
import { findingIds } from '#reviewers/finding-ids.ts';

function idsOf(pairs: readonly (readonly [string, string])[]): string[] {
  const ids = findingIds();
  return pairs.map(([rule, line]) => ids.next(rule, line));
}

describe('the id of a finding', () => {
  test('is 16 hex digits that stay the same across versions of this program', () => {
    expect(idsOf([['ruff/F401', 'import os']])).toEqual(['29be133278e5f0f9']);
  });

  test('does not depend on indentation or on what stands before', () => {
    const [first] = idsOf([['a/b', '  x = 1']]);
    const [, second] = idsOf([['a/c', 'y'], ['a/b', 'x = 1']]);
    expect(second).toBe(first);
  });

  test('tells equal lines and different rules apart', () => {
    expect(new Set(idsOf([['a/b', 'x'], ['a/b', 'x'], ['a/c', 'x'], ['a/b', 'y']])).size).toBe(4);
  });
});
