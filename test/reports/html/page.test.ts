import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { renderHtml } from '#reports/html/page.ts';
import { checkedReport, edgeReports, failedReport, manyFindingsReport } from '#test/fixtures/reports/edges.ts';
import { hostileReport, isShownInHtml, reportAttacks } from '#test/fixtures/reports/hostile.ts';
import { sampleReport } from '#test/fixtures/reports/sample.ts';

interface Tag {
  readonly name: string;
  readonly attributes: readonly string[];
}

/** Every tag of a page with the names of its attributes; throws at anything that no template of ours writes. */
function tagsOf(page: string): Tag[] {
  const style = /<style>[^<]*<\/style>/;
  const tags: Tag[] = [];
  const rest = page.replace(style, '<style></style>').replace(/<(\/?)([a-z][a-z0-9]*)((?: [A-Za-z0-9-]+(?:="[^"<>]*")?)*)(\/?)>/g, (_, close: string, name: string, attributes: string) => {
    if (close === '') tags.push({ name, attributes: [...attributes.matchAll(/ ([A-Za-z0-9-]+)="[^"]*"/g)].map(([, attribute]) => attribute!) });
    return '';
  });
  if (/[<>]/.test(rest.replace('<!doctype html>', ''))) throw new Error('a bracket outside of a tag');
  return tags;
}

const allowedTags = new Set([
  'html', 'head', 'meta', 'title', 'style', 'body', 'main', 'header', 'section', 'div', 'span', 'p', 'b', 'strong', 'code', 'mark', 'br', 'h1', 'h2', 'h3', 'ul', 'li', 'dl', 'dt', 'dd',
  'table', 'thead', 'tbody', 'tr', 'th', 'td', 'svg', 'desc', 'g', 'line', 'circle', 'rect', 'path', 'text',
]);
const allowedAttributes = new Set([
  'lang', 'charset', 'http-equiv', 'content', 'name', 'class', 'id', 'role', 'scope', 'data-label', 'width', 'height', 'viewBox', 'd', 'x', 'y', 'x1', 'x2', 'y1', 'y2', 'cx', 'cy', 'r', 'text-anchor',
  'aria-label', 'aria-labelledby', 'aria-hidden',
]);

describe('report as HTML', () => {
  test('of the sample is exactly this', async () => {
    const page = renderHtml(sampleReport).replace(/<style>[^<]*/, '<style>').replace(/sha256-[\w+/=]{44}/, 'sha256-…');
    await expect(page).toMatchFileSnapshot('../snapshots/report-sample.html');
  });

  test.each(Object.keys(edgeReports))('of %s is made of plain tags and attributes only: no script, no link, no style attribute, no address', (name) => {
    const page = renderHtml(edgeReports[name]!);
    const tags = tagsOf(page);
    expect(tags.filter((tag) => !allowedTags.has(tag.name))).toEqual([]);
    expect(tags.flatMap((tag) => tag.attributes).filter((attribute) => !allowedAttributes.has(attribute))).toEqual([]);
    expect(page).not.toMatch(/\b(?:src|href|srcset|action|url)\s*[=(]/);
  });

  test('says beside the score and in a line of its own what was left out', () => {
    const leftOut = { ...sampleReport, finalScore: 100, findingCount: 0, findings: sampleReport.findings.map((finding) => ({ ...finding, suppressed: 'below_min_severity' as const })) };
    const page = renderHtml(leftOut);
    expect([page.includes('<dt>Left out</dt><dd>3</dd>'), page.includes('<p class="quiet">3 findings are left out (3 below the least severity asked for).</p>')]).toEqual([true, true]);
  });

  test('has a policy that allows its own style sheet and nothing else', () => {
    const page = renderHtml(sampleReport);
    const [, policy] = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(page)!;
    const [, style] = /<style>([^]*?)<\/style>/.exec(page)!;
    const hash = createHash('sha256').update(style!).digest('base64');
    expect(policy).toBe(`default-src &#39;none&#39;; style-src &#39;sha256-${hash}&#39;; img-src data:; base-uri &#39;none&#39;; form-action &#39;none&#39;`);
    expect(page.indexOf('Content-Security-Policy')).toBeLessThan(page.indexOf('<style>'));
  });

  test.each(reportAttacks())('keeps $id text in every field: the page has the same tags as with a plain word', ({ input }) => {
    const { report, texts } = hostileReport(input);
    const page = renderHtml(report);
    expect(tagsOf(page).filter((tag) => !isDiffTag(tag))).toEqual(plainTags);
    const missing = [...texts].filter(([field, text]) => isShownInHtml(field) && !page.includes(escaped(text)));
    expect(missing).toEqual([]);
  });

  test('shows what went wrong once', () => {
    const page = renderHtml(failedReport);
    expect(page.split('The path leaves the root. Give a path inside it.')).toHaveLength(2);
    expect(page).toContain('<div class="error" role="alert"><p><strong>InvalidInput</strong> <code>PATH_TRAVERSAL</code> at step open</p>');
  });

  test('lists a thousand findings and says so where there are more', () => {
    const findings = [...manyFindingsReport.findings, { ...manyFindingsReport.findings[999]!, id: 'one-more' }];
    expect(renderHtml(manyFindingsReport)).not.toContain('the JSON report has all');
    expect(renderHtml({ ...manyFindingsReport, findings, findingCount: 1_001 })).toContain('And 1 more finding; the JSON report has all.');
  });

  test('is read by a test that can fail', () => {
    expect(() => tagsOf('<p>a < b</p>')).toThrow('a bracket');
    expect(tagsOf('<p onclick="x"><script></p>').map((tag) => [tag.name, ...tag.attributes])).toEqual([['p', 'onclick'], ['script']]);
  });
});

const isDiffTag = (tag: Tag): boolean => ['tr', 'td', 'mark'].includes(tag.name);
const plainTags = tagsOf(renderHtml(hostileReport('x').report)).filter((tag) => !isDiffTag(tag));

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}

test('The page tells what came of each check of the user’s own', () => {
  const page = renderHtml(checkedReport);
  expect(['passed', 'failed', 'flaky'].map((outcome) => page.includes(`<td>1</td><td>${outcome}</td>`))).toEqual([true, true, true]);
});
