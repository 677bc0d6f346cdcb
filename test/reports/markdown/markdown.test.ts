import { lint } from 'markdownlint/sync';
import type { Configuration, LintResults, MicromarkToken, Rule } from 'markdownlint';
import { describe, expect, test } from 'vitest';
import { renderMarkdown } from '#reports/markdown/markdown.ts';
import { checkedReport, edgeReports, manyFindingsReport } from '#test/fixtures/reports/edges.ts';
import { hostileReport, reportAttacks } from '#test/fixtures/reports/hostile.ts';
import { sampleReport } from '#test/fixtures/reports/sample.ts';

/** What must never come of untrusted text. */
const forbidden = new Set([
  'htmlFlow', 'htmlText', 'link', 'image', 'reference', 'definition', 'autolink', 'literalAutolink', 'footnoteCall', 'gfmFootnoteCall', 'gfmFootnoteDefinition',
  'emphasis', 'setextHeading', 'thematicBreak', 'codeIndented', 'mathText', 'mathFlow', 'directiveText', 'directiveLeaf',
]);

/** The kinds of the block tokens of a Markdown text, in order, as markdownlint's own parser (micromark with GFM) sees them, and forbidden ones. */
function parse(markdown: string): { readonly kinds: string[]; readonly found: string[] } {
  const kinds: string[] = [];
  const found: string[] = [];
  const walk = (tokens: readonly MicromarkToken[]): void => {
    for (const token of tokens) {
      if (['atxHeading', 'table', 'tableRow', 'tableData', 'listUnordered', 'listOrdered', 'codeFenced', 'blockQuote', 'listItemPrefix'].includes(token.type)) kinds.push(token.type);
      if (forbidden.has(token.type)) found.push(`${token.type}: ${token.text}`);
      walk(token.children);
    }
  };
  const rule: Rule = {
    names: ['collect'], description: 'collects tokens', tags: ['test'], parser: 'micromark',
    function: (params) => {
      if (params.parsers.micromark !== undefined) walk(params.parsers.micromark.tokens);
    },
  };
  lint({ strings: { report: markdown }, config: { default: false, collect: true }, customRules: [rule] });
  return { kinds, found };
}

function lintReport(markdown: string): LintResults[string] {
  const config: Configuration = { default: true, MD013: false, MD024: { siblings_only: true } };
  return lint({ strings: { report: markdown }, config })['report'] ?? [];
}

describe('report as Markdown', () => {
  test.each(['sample', 'japanese', 'panel', 'drafted', 'conflict', 'failed', 'notJudged', 'saved'])('of %s is exactly this', async (name) => {
    await expect(renderMarkdown(edgeReports[name]!)).toMatchFileSnapshot(`../snapshots/report-${name}.md`);
  });

  test.each(Object.keys(edgeReports))('of %s pleases markdownlint', (name) => {
    expect(lintReport(renderMarkdown(edgeReports[name]!))).toEqual([]);
  });

  test.each(reportAttacks())('keeps $id text: the page has the same parts as with a plain word', ({ input }) => {
    const { kinds, found } = parse(renderMarkdown(hostileReport(input).report));
    expect(found).toEqual([]);
    expect(withoutDiff(kinds)).toEqual(plain);
  });

  test('is read by a test that can fail', () => {
    expect(parse('<b>x</b> [a](b) ![c](d) http://x.invalid\n\n***\n\n*e*').found.map((token) => token.split(':')[0])).toEqual([
      'htmlText', 'htmlText', 'link', 'image', 'literalAutolink', 'thematicBreak', 'emphasis',
    ]);
    expect(lintReport('# a\n# b\n').length).toBeGreaterThan(0);
  });

  test('shows the diff in a fence longer than any inside', () => {
    const markdown = renderMarkdown({ ...sampleReport, diff: '--- a/x.md\n+++ b/x.md\n@@ -1 +1 @@\n-````\n+`````js\n' });
    expect(markdown).toContain('\n``````diff\n--- a/x.md\n+++ b/x.md\n@@ -1 +1 @@\n-````\n+`````js\n``````\n');
  });

  test('says beside the score and in a line of its own what was left out', () => {
    const leftOut = { ...sampleReport, finalScore: 100, findingCount: 0, findings: sampleReport.findings.map((finding) => ({ ...finding, suppressed: 'below_min_severity' as const })) };
    const lines = renderMarkdown(leftOut).split('\n');
    expect([lines.find((line) => line.startsWith('| Score'))!.endsWith(' | Remaining | Left out |'), lines.filter((line) => line.includes('below'))]).toEqual([
      true, ['3 findings are left out (3 below the least severity asked for).'],
    ]);
  });

  test('stays short enough for a comment with a thousand findings and a long diff, and says what it left out', () => {
    const diff = `--- a/x\n+++ b/x\n@@ -1,2000 +1,2000 @@\n${'-a\n+b\n'.repeat(2_000)}`;
    const markdown = renderMarkdown({ ...manyFindingsReport, diff });
    expect(markdown.length).toBeLessThan(65_536);
    expect(markdown).toContain('And 900 more findings; the JSON report has all.');
    expect(markdown).toContain('And 3,004 more lines: ask for the diff itself.');
  });
});

const plain = withoutDiff(parse(renderMarkdown(hostileReport('x').report)).kinds);

// The diff is one fenced block whatever it holds, but is it one?
function withoutDiff(kinds: readonly string[]): string[] {
  expect(kinds.filter((kind) => kind === 'codeFenced')).toHaveLength(1);
  return kinds.filter((kind) => kind !== 'codeFenced');
}

test('The report in Markdown tells what came of each check of the user’s own', () => {
  const rows = renderMarkdown(checkedReport).split('\n').filter((line) => line.startsWith('| Check '));
  expect(rows.map((row) => row.split('|')[2]!.trim())).toEqual(['tests: passed, 4.2 s', 'types: failed, 980 ms', 'e2e: flaky, 20.1 s']);
});
