import { describe, expect, test } from 'vitest';
import { outcomes, runStates } from '#domain/report.ts';
import {
  artifactName, bytesWord, categoryChanges, counted, durationWord, elapsedMs, gainWord, headline, placeWord, scoreWord, timeWord, toneOf,
} from '#reports/wording.ts';
import { cancelledReport, conflictReport, failedReport, notJudgedReport, reviewOnlyReport } from '#test/fixtures/reports/edges.ts';
import { sampleReport } from '#test/fixtures/reports/sample.ts';

describe('words of a report', () => {
  test('name every outcome', () => {
    expect(outcomes.map((outcome) => headline({ ...sampleReport, outcome }))).toEqual([
      'Target reached', 'Iterations used up', 'Out of time', 'No further progress', 'Going in circles', 'Budget spent', 'Nothing left to improve', 'Rejected', 'Aborted', 'Not judged',
    ]);
  });

  test('name the state of a run that has no outcome', () => {
    expect(runStates.map((state) => headline({ ...sampleReport, state, outcome: null }))).toEqual([
      'Queued', 'Still reviewing', 'Still improving', 'Saving', 'Waiting for a decision', 'Paused', 'Parked', 'Completed', 'Cancelled', 'Failed',
    ]);
  });

  test('say when a save or a commit did not happen, and when only a review was asked for', () => {
    const commit = { ...conflictReport, error: { ...conflictReport.error!, step: 'commit' } };
    expect([conflictReport, commit, reviewOnlyReport].map(headline)).toEqual(['Target reached, not saved', 'Target reached, not committed', 'Reviewed']);
  });

  test('have a tone', () => {
    const reports = [sampleReport, cancelledReport, reviewOnlyReport, conflictReport, failedReport, notJudgedReport];
    expect(reports.map(toneOf)).toEqual(['good', 'fair', 'fair', 'bad', 'bad', 'bad']);
  });

  test('show a score with at most one decimal, and never a number where there is none', () => {
    expect([100, 96.14, 59, 0, null].map(scoreWord)).toEqual(['100', '96.1', '59', '0', '–']);
    expect([gainWord(59, 96.1), gainWord(96.1, 59), gainWord(85, 85), gainWord(null, 85), gainWord(85, null)]).toEqual(['+37.1', '−37.1', '±0', '', '']);
  });

  test('show durations, sizes, counts and times', () => {
    expect([0, 999, 1_000, 8_722, 59_940, 59_960, 60_000, 125_000, 3_600_000].map(durationWord)).toEqual(['0 ms', '999 ms', '1 s', '8.7 s', '59.9 s', '1 min', '1 min', '2 min 5 s', '60 min']);
    expect([1, 48, 1_300, 20_000_000].map(bytesWord)).toEqual(['1 byte', '48 bytes', '1.3 kB', '20 MB']);
    expect([counted(0, 'finding'), counted(1, 'finding'), counted(1_000, 'finding')]).toEqual(['0 findings', '1 finding', '1,000 findings']);
    expect([timeWord('2026-11-20T09:14:03.120Z'), timeWord('2026-11-20T09:14:03Z'), timeWord('<b>')]).toEqual(['2026-11-20 09:14:03 UTC', '2026-11-20 09:14:03 UTC', '<b>']);
  });

  test('name artifact and place as an editor opens them', () => {
    expect([artifactName(sampleReport), artifactName({ artifact: { ...sampleReport.artifact, path: undefined } as never })]).toEqual(['examples/checkout.ts', 'checkout.ts']);
    expect(placeWord(sampleReport.fixed[0]!)).toBe('examples/checkout.ts:4:23');
  });

  test('have no elapsed time where the clock made none', () => {
    expect([elapsedMs(sampleReport), elapsedMs({ startedAt: 'x', closedAt: 'y' }), elapsedMs({ startedAt: sampleReport.closedAt, closedAt: sampleReport.startedAt })]).toEqual([8_722, null, null]);
  });

  test('put each category of revision 0 beside the best revision', () => {
    expect(categoryChanges(sampleReport)).toEqual([
      { category: 'syntax', before: 100, after: 100, by: ['biome', 'typescript'] },
      { category: 'logic', before: 72.3, after: 94, by: ['biome', 'typescript'] },
      { category: 'performance', before: 94, after: 100, by: ['biome'] },
      { category: 'security', before: 59, after: 100, by: ['biome', 'secretlint'] },
    ]);
    expect(categoryChanges(failedReport)[0]).toEqual({ category: 'syntax', before: null, after: null, by: [] });
  });
});
