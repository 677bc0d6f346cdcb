import { describe, expect, test } from 'vitest';
import { formatIds, isFormatId, renderReport, reportFormat, reportFormats } from '#reports/registry.ts';
import { edgeReports } from '#test/fixtures/reports/edges.ts';
import { hostileReport, reportAttacks } from '#test/fixtures/reports/hostile.ts';
import { cpuMs } from './cpu-time.ts';

describe('report formats', () => {
  test('are these', () => {
    expect(formatIds.map((id) => [id, reportFormats[id].id, reportFormats[id].mediaType, reportFormats[id].extension])).toEqual([
      ['human', 'human', 'text/plain', 'txt'],
      ['json', 'json', 'application/json', 'json'],
      ['markdown', 'markdown', 'text/markdown', 'md'],
      ['html', 'html', 'text/html', 'html'],
      ['sarif', 'sarif', 'application/sarif+json', 'sarif'],
      ['junit', 'junit', 'application/xml', 'xml'],
      ['rdjson', 'rdjson', 'application/json', 'rdjson'],
    ]);
  });

  test('have files that do not overwrite each other', () => {
    expect(new Set(formatIds.map((id) => reportFormats[id].extension)).size).toBe(formatIds.length);
  });

  test('are refused by name when unknown, object keys included', () => {
    expect(['json', 'pdf', 'constructor', '__proto__', ''].map(isFormatId)).toEqual([true, false, false, false, false]);
    const refusal = expect.objectContaining({ kind: 'InvalidInput', code: 'INPUT_UNKNOWN_FORMAT' }) as Error;
    expect(() => reportFormat('constructor')).toThrow(refusal);
    expect(() => renderReport('pdf', edgeReports['sample']!)).toThrow(refusal);
  });

  test.each(formatIds)('%s writes every kind of report, ends with one line feed, and writes the same twice', (id) => {
    for (const report of [...Object.values(edgeReports), ...reportAttacks().map((row) => hostileReport(row.input).report)]) {
      const text = renderReport(id, report);
      expect(text).toMatch(/[^\n]\n$/);
      expect(renderReport(id, report)).toBe(text);
    }
  });

  test.each(formatIds)('%s leaves the report as it was, also without a diff', (id) => {
    const { diff: _diff, ...report } = edgeReports['sample']!;
    const before = structuredClone(report);
    renderReport(id, report);
    expect(report).toEqual(before);
  });

  test.each(formatIds)('%s takes a thousand findings in half a second', (id) => {
    renderReport(id, edgeReports['manyFindings']!);
    expect(cpuMs(() => renderReport(id, edgeReports['manyFindings']!))).toBeLessThan(500);
  });
});
