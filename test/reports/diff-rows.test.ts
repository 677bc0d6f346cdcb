import { describe, expect, test } from 'vitest';
import { unifiedDiff } from '#reports/diff.ts';
import { diffRows, diffSize } from '#reports/diff-rows.ts';

const diff = unifiedDiff({
  name: 'a.sql',
  before: '-- first\nselect 1\nfrom a\nwhere b',
  after: '-- First\nselect 1\nfrom a\nand c\nwhere b\n',
});

describe('diff rows', () => {
  test('carry the line numbers of both revisions; a removed SQL comment is no file header', () => {
    expect(diffRows(diff, 100)).toEqual({
      left: 0,
      rows: [
        { kind: 'hunk', text: '@@ -1,4 +1,5 @@' },
        { kind: 'removed', before: 1, text: '-- first' },
        { kind: 'added', after: 1, text: '-- First' },
        { kind: 'context', before: 2, after: 2, text: 'select 1' },
        { kind: 'context', before: 3, after: 3, text: 'from a' },
        { kind: 'removed', before: 4, text: 'where b' },
        { kind: 'note', text: 'No newline at end of file' },
        { kind: 'added', after: 4, text: 'and c' },
        { kind: 'added', after: 5, text: 'where b' },
      ],
    });
  });

  test('start anew at every hunk', () => {
    const before = Array.from({ length: 40 }, (_, n) => `line ${n + 1}`);
    const after = before.with(4, 'five').with(34, 'thirty-five');
    const { rows } = diffRows(unifiedDiff({ name: 'a', before: before.join('\n'), after: after.join('\n') }), 100);
    expect(rows.filter((row) => row.kind === 'added')).toEqual([
      { kind: 'added', after: 5, text: 'five' },
      { kind: 'added', after: 35, text: 'thirty-five' },
    ]);
  });

  test('stop at the limit and say how many are left', () => {
    const { rows, left } = diffRows(diff, 2);
    expect([rows.length, left]).toEqual([2, 7]);
  });

  test('of no diff, or of something that is none, are none', () => {
    expect(diffRows('', 10)).toEqual({ rows: [], left: 0 });
    expect(diffRows('<script>alert(1)</script>', 10)).toEqual({ rows: [], left: 0 });
    expect(diffRows('@@ nonsense\n+a', 10).rows[1]).toEqual({ kind: 'added', after: 1, text: 'a' });
  });

  test('are counted by what they add and remove', () => {
    expect(diffSize(diff)).toEqual({ added: 3, removed: 2 });
    expect(diffSize('')).toEqual({ added: 0, removed: 0 });
  });
});
