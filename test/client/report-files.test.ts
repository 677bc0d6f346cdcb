import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askedReportStem, usualReportStem, writeReportFiles } from '#client/report-files.ts';
import { renderReport } from '#reports/registry.ts';
import { sampleReport } from '../fixtures/reports/sample.ts';
import { makeScratch, type Scratch } from '../support/scratch.ts';

let scratch: Scratch;
beforeAll(() => (scratch = makeScratch('reports')));
afterAll(() => scratch.remove());

test('report files stand where the report says, each in its format, and know of each other', () => {
  const stem = join(scratch.root, 'deep', 'report');
  const complete = writeReportFiles(sampleReport, ['markdown', 'json', 'markdown'], stem);
  expect(complete).toEqual({ ...sampleReport, reports: { markdown: `${stem}.md`, json: `${stem}.json` } });
  expect(readdirSync(join(scratch.root, 'deep')).toSorted()).toEqual(['report.json', 'report.md']);
  expect(readFileSync(`${stem}.json`, 'utf8')).toBe(renderReport('json', complete));
});

test('no format writes no file', () => {
  expect(writeReportFiles(sampleReport, [], join(scratch.root, 'none', 'report'))).toEqual({ ...sampleReport, reports: {} });
});

test('reports lie below their run, or where they were asked for', () => {
  expect(usualReportStem('/reports', 'run-1')).toBe('/reports/run-1/report');
  expect(askedReportStem('/out', sampleReport, true)).toBe('/out/report');
  expect(askedReportStem('/out', { ...sampleReport, artifact: { ...sampleReport.artifact, path: 'src/deep/a.ts' } }, false)).toBe('/out/src/deep/a.ts');
});

test('an artifact whose path leads out never does so in a folder of reports', () => {
  const { path: _path, ...artifact } = sampleReport.artifact;
  expect(askedReportStem('/out', { ...sampleReport, artifact: { ...artifact, name: '../../etc/./passwd' } }, false)).toBe('/out/etc/passwd');
});
