import { describe, expect, test } from 'vitest';
import { renderJunit } from '#reports/junit.ts';
import { cancelledReport, edgeReports, failedReport, manyFindingsReport, notJudgedReport, reviewOnlyReport } from '#test/fixtures/reports/edges.ts';
import { hostileReport, reportAttacks } from '#test/fixtures/reports/hostile.ts';
import { sampleReport } from '#test/fixtures/reports/sample.ts';

const totals = (report: typeof sampleReport): string => /<testsuites name="koubou" (.*) time/.exec(renderJunit(report))![1]!;

/** Tag names of well-formed XML in order; throws where tags do not match or anything else is out of place. */
function tagsOf(xml: string): string[] {
  const open: string[] = [];
  const tags: string[] = [];
  const body = xml.replace('<?xml version="1.0" encoding="UTF-8"?>\n', '');
  const rest = body.replace(/<(\/?)([a-z-]+)((?: [a-z]+="[^"<]*")*)(\/?)>/g, (_, close: string, name: string, _attributes, empty: string) => {
    if (close === '/' && open.pop() !== name) throw new Error(`</${name}> closes nothing`);
    if (close === '') tags.push(name);
    if (close === '' && empty === '') open.push(name);
    return '';
  });
  if (open.length > 0 || /[<>]|&(?!(?:amp|lt|gt|quot|#10|#9);)/.test(rest)) throw new Error('not well-formed');
  return tags;
}

describe('report as JUnit XML', () => {
  test.each(['sample', 'reviewOnly', 'failed'])('of %s is exactly this', async (name) => {
    await expect(renderJunit(edgeReports[name]!)).toMatchFileSnapshot(`./snapshots/junit-${name}.xml`);
  });

  test('fails exactly where the run misses its target', () => {
    expect([sampleReport, reviewOnlyReport, cancelledReport, notJudgedReport, failedReport, manyFindingsReport].map(totals)).toEqual([
      'tests="4" failures="0" errors="0" skipped="1"',
      'tests="17" failures="12" errors="0" skipped="1"',
      'tests="4" failures="2" errors="0" skipped="1"',
      'tests="1" failures="0" errors="1" skipped="0"',
      'tests="1" failures="0" errors="1" skipped="0"',
      'tests="1001" failures="801" errors="0" skipped="0"',
    ]);
  });

  test('counts what it holds', () => {
    for (const report of Object.values(edgeReports)) {
      const tags = tagsOf(renderJunit(report));
      const count = (name: string): number => tags.filter((tag) => tag === name).length;
      expect(totals(report)).toBe(`tests="${count('testcase')}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`);
    }
  });

  test('stays well-formed with hostile text in every field, and that text stays text', () => {
    const plain = tagsOf(renderJunit(hostileReport('x').report));
    for (const { input } of [...reportAttacks(), { input: '\u0000\u001B\uFFFF\uD800]]>&<' }]) {
      const xml = renderJunit(hostileReport(input).report);
      expect(tagsOf(xml)).toEqual(plain);
      expect(xml).not.toMatch(/(?![\t\n])\p{Cc}|[\ufffe\uffff]|\p{Cs}/u);
    }
  });

  test('is read by a test that can fail', () => {
    for (const wrong of ['<a><b></a></b>', '<a>&x;</a>', '<a>', '<a b="<"/>']) expect(() => tagsOf(wrong)).toThrow(/well-formed|closes/);
  });
});
