import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyPatch } from 'diff';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unifiedDiff } from '#reports/diff.ts';
import { cpuMs } from './cpu-time.ts';

const noNewline = '\\ No newline at end of file';

/** Texts made of a few lines, so that many are alike; with and without a final newline. */
const anyText = fc.array(fc.constantFrom('a', 'b', '', '-x', '+y', '\\ z', '@@ -1 +1 @@', '日本', 'r\r'), { maxLength: 12 }).chain((lines) =>
  fc.boolean().map((closed) => lines.join('\n') + (closed && lines.length > 0 ? '\n' : '')),
);

describe('unified diff', () => {
  test('of equal texts is empty', () => {
    expect(unifiedDiff({ name: 'a.ts', before: 'same\n', after: 'same\n' })).toBe('');
  });

  test('shows three lines around a change', () => {
    const before = '1\n2\n3\n4\n5\n6\n7\n8\n9\n';
    expect(unifiedDiff({ name: 'src/a.ts', before, after: before.replace('5', 'five') })).toBe(
      '--- a/src/a.ts\n+++ b/src/a.ts\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n',
    );
  });

  test('says where a final newline is missing, and only there', () => {
    expect(unifiedDiff({ name: 'a', before: 'x\ny', after: 'x\ny\n' }).split('\n').slice(2)).toEqual(['@@ -1,2 +1,2 @@', ' x', '-y', noNewline, '+y', '']);
    expect(unifiedDiff({ name: 'a', before: 'x\ny\n', after: 'x\ny' }).split('\n').slice(2)).toEqual(['@@ -1,2 +1,2 @@', ' x', '-y', '+y', noNewline, '']);
    expect(unifiedDiff({ name: 'a', before: 'x\ny\n', after: 'z\ny\n' })).not.toContain('\\');
  });

  test('begins from nothing and ends in nothing', () => {
    expect(unifiedDiff({ name: 'a', before: '', after: 'x\n' })).toBe('--- a/a\n+++ b/a\n@@ -0,0 +1,1 @@\n+x\n');
    expect(unifiedDiff({ name: 'a', before: 'x\n', after: '' })).toBe('--- a/a\n+++ b/a\n@@ -1,1 +0,0 @@\n-x\n');
  });

  test('keeps a carriage return as part of the line', () => {
    expect(unifiedDiff({ name: 'a', before: 'x\r\n', after: 'x\n' })).toContain('-x\r\n+x\n');
  });

  test('names files as they are, quoted only where a header could not hold them', () => {
    const names = ['src/a b.ts', '受注.md', 'a"b\\c\td.ts', 'e\u0007\u0085.ts'];
    expect(names.map((name) => unifiedDiff({ name, before: 'a', after: 'b' }).split('\n')[0])).toEqual([
      '--- a/src/a b.ts', '--- a/受注.md', '--- "a/a\\"b\\\\c\\td.ts"', '--- "a/e\\007\\302\\205.ts"',
    ]);
  });

  test('of a hostile name keeps to its own header line', () => {
    const [first, second, third] = unifiedDiff({ name: 'x\n@@ -1 +1 @@\n', before: 'a\n', after: 'b\n' }).split('\n');
    expect([first, second, third]).toEqual(['--- "a/x\\n@@ -1 +1 @@\\n"', '+++ "b/x\\n@@ -1 +1 @@\\n"', '@@ -1,1 +1,1 @@']);
  });

  test('turns any text into any other when it is applied', () => {
    fc.assert(fc.property(anyText, anyText, (before, after) => {
      const diff = unifiedDiff({ name: 'a', before, after });
      expect(diff === '' ? before : applyPatch(before, diff, { autoConvertLineEndings: false })).toBe(after);
    }), { seed: 4, numRuns: 1_000 });
  });

  test('is taken by git, with a name in Japanese', () => {
    const folder = mkdtempSync(join(tmpdir(), 'koubou-diff-'));
    try {
      const diff = unifiedDiff({ name: '受注 一覧.md', before: 'a\nb\nc', after: 'a\nB\nc' });
      writeFileSync(join(folder, '受注 一覧.md'), 'a\nb\nc');
      writeFileSync(join(folder, 'a.diff'), diff);
      execFileSync('git', ['apply', 'a.diff'], { cwd: folder, stdio: 'pipe' });
      expect(readFileSync(join(folder, '受注 一覧.md'), 'utf8')).toBe('a\nB\nc');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('unified diff of texts too different to compare', () => {
  const head = 'common 1\ncommon 2\ncommon 3\ncommon 4\n';
  const lines = (word: string, count: number): string => Array.from({ length: count }, (_, n) => `${word} ${n}\n`).join('');
  const before = `${head}${lines('old', 40_000)}tail`;
  const after = `${head}${lines('new', 50_000)}tail`;

  test('replaces everything between their common ends; it costs about a second at most', () => {
    let diff = '';
    expect(cpuMs(() => (diff = unifiedDiff({ name: 'big.txt', before, after })))).toBeLessThan(1_500);
    const shown = diff.split('\n');
    expect(shown.slice(0, 7)).toEqual(['--- a/big.txt', '+++ b/big.txt', '@@ -2,40004 +2,50004 @@', ' common 2', ' common 3', ' common 4', '-old 0']);
    expect(shown.slice(-4)).toEqual(['+new 49999', ' tail', noNewline, '']);
    expect(applyPatch(before, diff)).toBe(after);
  });

  test('turns any text into any other all the same', () => {
    fc.assert(fc.property(anyText, anyText, (old, fresh) => {
      const diff = unifiedDiff({ name: 'a', before: old, after: fresh, maxEditLength: 1 });
      expect(diff === '' ? old : applyPatch(old, diff, { autoConvertLineEndings: false })).toBe(fresh);
    }), { seed: 4, numRuns: 1_000 });
  });
});
