import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { severities } from '#domain/finding.ts';
import { renderSarif } from '#reports/sarif.ts';
import { edgeReports, failedReport } from '#test/fixtures/reports/edges.ts';
import { hostileReport } from '#test/fixtures/reports/hostile.ts';
import { sampleReport } from '#test/fixtures/reports/sample.ts';

// zod takes every uri-reference for an absolute URL; that ours are references is asserted below.
const source = readFileSync(new URL('../fixtures/formats/sarif-schema-2.1.0.json', import.meta.url), 'utf8');
const schema = z.fromJSONSchema(JSON.parse(source, (key, value: unknown) => (key === 'format' && value === 'uri-reference' ? undefined : value)) as Parameters<typeof z.fromJSONSchema>[0]);

interface Sarif {
  readonly runs: readonly [{ readonly results: readonly Record<string, unknown>[]; readonly [key: string]: unknown }];
}

function read(report: typeof sampleReport): Sarif {
  return JSON.parse(renderSarif(report)) as Sarif;
}

describe('report as SARIF', () => {
  test.each(Object.keys(edgeReports))('of %s is valid against the 2.1.0 schema', (name) => {
    expect(schema.safeParse(read(edgeReports[name]!)).error?.issues ?? []).toEqual([]);
  });

  test('is held against a schema that can fail', () => {
    const { runs } = read(sampleReport);
    expect(schema.safeParse({ version: '2.1.0', runs: [{ ...runs[0], columnKind: 'bytes' }] }).success).toBe(false);
  });

  test('has every finding with its place, level and fingerprint', () => {
    const [result, ...rest] = read(sampleReport).runs[0].results;
    expect(rest).toHaveLength(2);
    expect(result).toEqual({
      ruleId: 'biome/suspicious/noExplicitAny',
      ruleIndex: 0,
      level: 'warning',
      message: { text: 'any switches the type check off for whatever it touches. Name the type, or unknown.' },
      locations: [{ physicalLocation: { artifactLocation: { uri: 'examples/checkout.ts' }, region: { startLine: 11, startColumn: 48, endLine: 11, endColumn: 51 } } }],
      partialFingerprints: { 'koubou/v1': 'loose-1' },
      properties: { severity: 'medium', category: 'logic', confidence: 0.8, source: 'biome' },
    });
    expect(rest.at(-1)!['suppressions']).toEqual([{ kind: 'external', justification: 'in the baseline' }]);
    expect(read(edgeReports['manyFindings']!).runs[0].results).toHaveLength(1_000);
  });

  test('has a level for every severity', () => {
    const findings = severities.map((severity) => ({ ...sampleReport.findings[0]!, severity }));
    expect(read({ ...sampleReport, findings }).runs[0].results.map((result) => result['level'])).toEqual(['error', 'error', 'warning', 'note', 'note']);
  });

  test('says what the run was', () => {
    const { results: _results, ...run } = read(sampleReport).runs[0];
    expect(run).toEqual({
      tool: { driver: { name: 'Koubou', rules: [{ id: 'biome/suspicious/noExplicitAny' }, { id: 'koubou/missing-doc' }] } },
      automationDetails: { id: `koubou/${sampleReport.runId}` },
      columnKind: 'utf16CodeUnits',
      invocations: [{ executionSuccessful: true }],
      properties: { ready: true, outcome: 'target_reached', initialScore: 59, finalScore: 98.2, targetScore: 85 },
    });
    expect(read(failedReport).runs[0]['invocations']).toEqual([{ executionSuccessful: false }]);
  });

  test('names files by URIs, whatever characters their paths have', () => {
    const uriOf = (path: string): unknown => {
      const finding = { ...sampleReport.findings[0]!, place: { ...sampleReport.findings[0]!.place, path } };
      const { locations } = read({ ...sampleReport, findings: [finding] }).runs[0].results[0] as { locations: { physicalLocation: { artifactLocation: unknown } }[] };
      return locations[0]!.physicalLocation.artifactLocation;
    };
    expect(['文書/a b.md', '100%#1?.ts', '\uD800.ts'].map(uriOf)).toEqual([
      { uri: '%E6%96%87%E6%9B%B8/a%20b.md' }, { uri: '100%25%231%3F.ts' }, { uri: '%EF%BF%BD.ts' },
    ]);
  });

  test('has no region that ends before it begins', () => {
    const place = { path: 'a', line: 0, column: 0, endLine: 0, endColumn: 0 };
    const { runs } = read({ ...sampleReport, findings: [{ ...sampleReport.findings[0]!, place }] });
    expect(runs[0].results[0]!['locations']).toEqual([{ physicalLocation: { artifactLocation: { uri: 'a' }, region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 } } }]);
  });

  test('is valid with hostile text in every field', () => {
    const { report } = hostileReport('"]}\u001B\uD800</script>');
    const { error } = schema.safeParse(read(report));
    expect(error?.issues ?? []).toEqual([]);
  });
});
