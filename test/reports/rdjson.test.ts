import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { severities } from '#domain/finding.ts';
import { renderRdjson } from '#reports/rdjson.ts';
import { edgeReports } from '#test/fixtures/reports/edges.ts';
import { sampleReport } from '#test/fixtures/reports/sample.ts';

const schema = z.fromJSONSchema(JSON.parse(readFileSync(new URL('../fixtures/formats/reviewdog-diagnostic-result.json', import.meta.url), 'utf8')) as Parameters<typeof z.fromJSONSchema>[0]);

function read(report: typeof sampleReport): { readonly diagnostics: readonly Record<string, unknown>[] } {
  return JSON.parse(renderRdjson(report)) as { diagnostics: Record<string, unknown>[] };
}

describe('report as rdjson', () => {
  test.each(Object.keys(edgeReports))('of %s is valid against the schema of reviewdog', (name) => {
    expect(schema.safeParse(read(edgeReports[name]!)).error?.issues ?? []).toEqual([]);
  });

  test('is held against a schema that can fail', () => {
    expect(schema.safeParse({ diagnostics: [{ message: 1 }] }).success).toBe(false);
  });

  test('has every finding that counts, by lines', () => {
    expect(read(sampleReport)).toEqual({
      source: { name: 'koubou' },
      diagnostics: [
        {
          message: 'any switches the type check off for whatever it touches. Name the type, or unknown.',
          location: { path: 'examples/checkout.ts', range: { start: { line: 11 }, end: { line: 11 } } },
          severity: 'WARNING', source: { name: 'biome' }, code: { value: 'biome/suspicious/noExplicitAny' },
        },
        {
          message: 'Exported function without a doc comment. Say in one sentence what it returns.',
          location: { path: 'examples/checkout.ts', range: { start: { line: 11 }, end: { line: 11 } } },
          severity: 'INFO', source: { name: 'koubou' }, code: { value: 'koubou/missing-doc' },
        },
      ],
    });
  });

  test('has a severity for every severity', () => {
    const findings = severities.map((severity) => ({ ...sampleReport.findings[0]!, severity }));
    expect(read({ ...sampleReport, findings }).diagnostics.map((each) => each['severity'])).toEqual(['ERROR', 'ERROR', 'WARNING', 'INFO', 'INFO']);
  });

  test('leaves out a last line of which nothing is meant', () => {
    const range = (endLine: number, endColumn: number): unknown => {
      const [finding] = sampleReport.findings;
      const place = { path: 'a', line: 3, column: 1, endLine, endColumn };
      return (read({ ...sampleReport, findings: [{ ...finding!, place }] }).diagnostics[0] as { location: { range: unknown } }).location.range;
    };
    expect([range(5, 1), range(5, 2), range(3, 1)]).toEqual([
      { start: { line: 3 }, end: { line: 4 } }, { start: { line: 3 }, end: { line: 5 } }, { start: { line: 3 }, end: { line: 3 } },
    ]);
  });
});
