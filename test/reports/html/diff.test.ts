import { describe, expect, test } from 'vitest';
import { unifiedDiff } from '#reports/diff.ts';
import { diffTable } from '#reports/html/diff.ts';
import { htmlText } from '#reports/html/template.ts';
import { cpuMs } from '#test/reports/cpu-time.ts';

function rows(before: string, after: string): string[][] {
  const table = htmlText(diffTable(unifiedDiff({ name: 'a', before, after })));
  return [...table.matchAll(/<tr class="(\w+)">(.*?)<\/tr>/gs)].map(([, kind, cells]) => [kind!, ...[...cells!.matchAll(/<td class="\w+">(.*?)<\/td>/gs)].map(([, cell]) => cell!)]);
}

describe('diff in HTML', () => {
  test('has both line numbers, a sign and the line', () => {
    expect(rows('a\nb\n', 'a\nc\nd\n')).toEqual([
      ['hunk', '', '', '', '@@ -1,2 +1,3 @@'],
      ['context', '1', '1', ' ', 'a'],
      ['removed', '2', '', '−', 'b'],
      ['added', '', '2', '+', 'c'],
      ['added', '', '3', '+', 'd'],
    ]);
  });

  test('lets the changed word stand out in a line that replaces another', () => {
    const code = (before: string, after: string): (string | undefined)[] => rows(before, after).slice(1).map((row) => row[4]);
    expect(code('let title = 1;\n', 'const title = 1;\n')).toEqual(['<mark>let</mark> title = 1;', '<mark>const</mark> title = 1;']);
    expect(code('return shiping(sum);\n', 'return shipping(sum);\n')).toEqual(['return <mark>shiping</mark>(sum);', 'return <mark>shipping</mark>(sum);']);
    expect(code('if (a == 1) b();\n', 'if (a === 1) b();\n')).toEqual(['if (a == 1) b();', 'if (a ==<mark>=</mark> 1) b();']);
    expect(code('one\n', 'entirely different\n')).toEqual(['one', 'entirely different']);
  });

  test('pairs the nth removed line with the nth added one, and only in blocks of one length', () => {
    const marked = (before: string, after: string): number => rows(before, after).filter((row) => row[4]!.includes('<mark>')).length;
    expect(marked('let a = 1;\nlet b = 2;\n', 'var a = 1;\nvar b = 2;\n')).toBe(4);
    expect(marked('let a = 1;\nlet b = 2;\n', 'var a = 1;\n')).toBe(0);
  });

  test('keeps markup in the text text, also where a part stands out', () => {
    expect(rows('x <b>1</b>\n', 'x <b>2</b>\n').at(-1)![4]).toBe('x &lt;b&gt;<mark>2</mark>&lt;/b&gt;');
  });

  test('shows changed line ends and a missing newline', () => {
    expect(rows('a\r\n', 'a\n').slice(1).map((row) => row[4])).toEqual(['a<mark>\\r</mark>', 'a']);
    expect(rows('a', 'a\n').map((row) => row[0])).toEqual(['hunk', 'removed', 'note', 'added']);
  });

  test('of 200,000 lines is cut, quickly, and says so', () => {
    const diff = `--- a/a\n+++ b/a\n@@ -1,100000 +1,100000 @@\n${'-old\n'.repeat(100_000)}${'+new\n'.repeat(100_000)}`;
    expect(htmlText(diffTable(diff))).toContain('And 197,001 more lines.');
    expect(cpuMs(() => diffTable(diff))).toBeLessThan(1_500);
  });
});
