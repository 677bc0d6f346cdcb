import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { categories, compareFindings, isBlocker, isConfirmed, isScored, severities, severityRank, uniteFindings } from '#domain/finding.ts';
import { aFinding } from '#test/support/builders.ts';

describe('findings of several reviewers', () => {
  test('are told once by id, with the names of the others', () => {
    const planted = aFinding({ id: 'planted', source: 'injection', alsoReportedBy: ['engine'] });
    const own = aFinding({ id: 'own' });
    const reported = [
      { reviewer: 'claude', finding: planted }, { reviewer: 'claude', finding: own }, { reviewer: 'codex', finding: planted }, { reviewer: 'gemini', finding: planted }, { reviewer: 'gemini', finding: aFinding({ id: 'other' }) },
    ];
    expect(uniteFindings(reported)).toEqual([{ ...planted, alsoReportedBy: ['engine', 'codex', 'gemini'] }, own, aFinding({ id: 'other' })]);
  });

  test('stay as they are where one reviewer says a thing twice', () => {
    const twice = aFinding({ id: 'twice' });
    expect(uniteFindings([{ reviewer: 'static', finding: twice }, { reviewer: 'static', finding: twice }])).toEqual([twice, twice]);
  });
});

describe('a finding', () => {
  test('is confirmed from a confidence of 0.6 on', () => {
    expect([0, 0.59, 0.6, 1, Number.NaN].map((confidence) => isConfirmed({ confidence }))).toEqual([false, false, true, true, false]);
  });

  test('is a blocker when it is confirmed, high or critical, scored and counted', () => {
    const blockers = severities.filter((severity) => isBlocker(aFinding({ severity })));
    expect(blockers).toEqual(['critical', 'high']);
  });

  test('that is suspected, suppressed, or about style or documentation is no blocker', () => {
    expect(isBlocker(aFinding({ severity: 'critical', confidence: 0.5 }))).toBe(false);
    expect(isBlocker(aFinding({ severity: 'critical', suppressed: 'baseline' }))).toBe(false);
    expect(categories.filter((category) => isBlocker(aFinding({ severity: 'critical', category })))).toEqual(['syntax', 'logic', 'performance', 'security']);
  });

  test('costs points in four categories only', () => {
    expect(categories.map((category) => [category, isScored(category)])).toEqual([
      ['syntax', true], ['logic', true], ['performance', true], ['security', true], ['style', false], ['documentation', false],
    ]);
  });

  test('ranks worst first', () => {
    expect(severities.map(severityRank)).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('a list of findings', () => {
  const place = (line: number, column = 1): ReturnType<typeof aFinding>['place'] => ({ path: 'a.ts', line, column, endLine: line, endColumn: column + 1 });

  test('goes from the worst to the least, the surest first, then by place, then by id', () => {
    const list = [
      aFinding({ id: 'low', severity: 'low' }),
      aFinding({ id: 'b', place: place(2, 5) }),
      aFinding({ id: 'a', place: place(2, 5) }),
      aFinding({ id: 'left', place: place(2, 1) }),
      aFinding({ id: 'above', place: place(1, 9) }),
      aFinding({ id: 'sure', confidence: 1, place: place(9) }),
      aFinding({ id: 'critical', severity: 'critical', confidence: 0.1 }),
    ];
    expect(list.toSorted(compareFindings).map(({ id }) => id)).toEqual(['critical', 'sure', 'above', 'left', 'a', 'b', 'low']);
  });

  test('has one order only: comparing is consistent both ways, and nothing comes before itself', () => {
    const some = fc.record({
      id: fc.constantFrom('a', 'b', 'c'),
      severity: fc.constantFrom(...severities),
      confidence: fc.constantFrom(0, 0.5, 1),
      place: fc.record({ line: fc.integer({ min: 1, max: 3 }), column: fc.integer({ min: 1, max: 3 }) }).map(({ line, column }) => place(line, column)),
    });
    fc.assert(
      fc.property(some, some, (left, right) => {
        const [a, b] = [aFinding(left), aFinding(right)];
        expect(compareFindings(a, b) + compareFindings(b, a)).toBe(0);
        expect(compareFindings(a, { ...a })).toBe(0);
      }),
      { seed: 42, numRuns: 500 },
    );
  });
});
