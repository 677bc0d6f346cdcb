import { describe, expect, test } from 'vitest';
import { readHunks } from '#io/git/hunks.ts';

const patch = (...lines: string[]) => `${lines.join('\n')}\n`;

describe('changed lines of a patch', () => {
  test('are those of the new side, 1-based and inclusive, per file', () => {
    const text = patch(
      'diff --git a/a.ts b/a.ts', 'index 1..2 100644', '--- a/a.ts', '+++ b/a.ts',
      '@@ -3 +3 @@ function x() {', '-old', '+new',
      '@@ -10,0 +11,3 @@', '+1', '+2', '+3',
      'diff --git a/b c.ts b/b c.ts', 'new file mode 100644', '--- /dev/null', '+++ b/b c.ts\t',
      '@@ -0,0 +1,2 @@', '+x', '+y',
    );
    expect(readHunks(text)).toEqual([
      { path: 'a.ts', lines: [[3, 3], [11, 13]] },
      { path: 'b c.ts', lines: [[1, 2]] },
    ]);
  });

  test('where lines only went away is the line before', () => {
    const text = patch('diff --git a/a b/a', '--- a/a', '+++ b/a', '@@ -5,2 +4,0 @@', '-x', '-y', '@@ -1 +0,0 @@', '-z');
    expect(readHunks(text)).toEqual([{ path: 'a', lines: [[4, 4], [1, 1]] }]);
  });

  test('deleted and binary files and changes of mode are left out', () => {
    const text = patch(
      'diff --git a/gone b/gone', 'deleted file mode 100644', '--- a/gone', '+++ /dev/null', '@@ -1 +0,0 @@', '-x',
      'diff --git a/p.png b/p.png', 'Binary files a/p.png and b/p.png differ',
      'diff --git a/run b/run', 'old mode 100644', 'new mode 100755',
    );
    expect([readHunks(text), readHunks('')]).toEqual([[], []]);
  });

  test('nothing inside a file is taken for a header', () => {
    const text = patch(
      'diff --git a/a b/a', '--- a/a', '+++ b/a', '@@ -1,2 +1,3 @@', '--- a/old', '-@@ -1 +1 @@', '+++ b/evil', '+diff --git a/e b/e', '+@@ -1 +99 @@', '\\ No newline at end of file',
      'diff --git a/b b/b', '--- a/b', '+++ b/b', '@@ -1 +1 @@', '-x', '\\ No newline at end of file', '+y', '\\ No newline at end of file',
    );
    expect(readHunks(text)).toEqual([{ path: 'a', lines: [[1, 3]] }, { path: 'b', lines: [[1, 1]] }]);
  });

  test('a quoted name is what it stands for', () => {
    const text = patch('diff --git "a/x" "b/x"', '--- /dev/null', '+++ "b/\\345\\267\\245 \\"q\\"\\t\\\\.md"', '@@ -0,0 +1 @@', '+x');
    expect(readHunks(text)).toEqual([{ path: '工 "q"\t\\.md', lines: [[1, 1]] }]);
  });
});
