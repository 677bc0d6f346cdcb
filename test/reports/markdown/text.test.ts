import { describe, expect, test } from 'vitest';
import { code, fenced, paragraphs, table, text } from '#reports/markdown/text.ts';
import { cpuMs } from '#test/reports/cpu-time.ts';

describe('untrusted text in Markdown', () => {
  test('is shown as it is: no markup comes of it', () => {
    expect(text('<b>*bold*</b> & [x](y) `code` ~~s~~ a_b | c \\ # $x$')).toBe('&lt;b&gt;\\*bold\\*&lt;/b&gt; &amp; \\[x\\](y) \\`code\\` \\~\\~s\\~\\~ a\\_b &#124; c \\\\ \\# \\$x\\$');
  });

  test('begins no list, heading or rule', () => {
    expect(['- a', '+ a', '1. a', '23) a', '1.', '---', '# a', '> a', '1.5 is fine'].map(text)).toEqual([
      '\\- a', '\\+ a', '1\\. a', '23\\) a', '1\\.', '\\---', '\\# a', '&gt; a', '1.5 is fine',
    ]);
  });

  test('mentions nobody and links nowhere', () => {
    const joined = text('@octocat fixes #12, GH-34, https://x.invalid, www.x.invalid, a@b.example, mailto:a, :tada:');
    expect(joined).toBe('@\u2060octocat fixes \\#\u206012, GH-\u206034, https:\u2060//x.invalid, www\u2060.x.invalid, a@\u2060b.example, mailto:\u2060a, :\u2060tada:');
    expect(text('at 09:14:03 C: and a:b')).toBe('at 09:14:03 C: and a:b');
  });

  test('stays on one line', () => {
    expect(text('a\n\n# b\r\nc')).toBe('a \\# b c');
    expect(paragraphs('one\ntwo\n \n\n# three\n')).toEqual(['one two', '\\# three']);
  });

  test('as code is fenced so that nothing in it ends the code', () => {
    expect(['a', 'a`b', '``', '`a`', 'a\nb', ''].map(code)).toEqual(['`a`', '``a`b``', '``` `` ```', '`` `a` ``', '`a b`', '']);
    expect(code('a|`b')).toBe('a&#124;\\`b');
  });

  test('as a block is fenced so that nothing in it ends the block', () => {
    expect(fenced('diff', 'a\n```\nb\n')).toBe('````diff\na\n```\nb\n````');
    expect(fenced('diff', 'plain')).toBe('```diff\nplain\n```');
  });

  test('shows controls instead of obeying them', () => {
    expect([text('\u001B[2Ja\u202Eb'), code('\u0000'), fenced('', 'x\r\ny\u2066')]).toEqual(['\\\\u{1B}\\[2Ja\\\\u{202E}b', '`\\u{0}`', '```\nx\\r\ny\\u{2066}\n```']);
  });

  test('costs time in line with its length', () => {
    for (const unit of ['`', ':a', '@', '\n \n', '#1', '[', '\\', 'www.']) {
      const long = unit.repeat(100_000);
      expect(cpuMs(() => [text(long), code(long), fenced('', long), paragraphs(long)])).toBeLessThan(1_500);
    }
  });
});

describe('table', () => {
  test('has a row of dashes under its header', () => {
    expect(table(['A', 'B'], [['1', '2']])).toBe('| A | B |\n| --- | --- |\n| 1 | 2 |');
  });
});
