import { describe, expect, test } from 'vitest';
import { groupByRule, groupBySeverity, leftOutWord, splitFindings } from '#reports/groups.ts';
import { manyFindingsReport } from '#test/fixtures/reports/edges.ts';
import { sampleReport } from '#test/fixtures/reports/sample.ts';

describe('groups of findings', () => {
  test('by rule come worst first, then by number', () => {
    expect(groupByRule(sampleReport.fixed).map(({ ruleId, findings }) => [ruleId, findings.map((finding) => finding.place.line)])).toEqual([
      ['secretlint/secret-key', [4]],
      ['typescript/TS2552', [26]],
      ['biome/security/noGlobalEval', [25]],
      ['biome/suspicious/noDoubleEquals', [22, 30, 42]],
      ['biome/performance/noAccumulatingSpread', [36]],
      ['biome/correctness/noUnusedImports', [1, 2]],
      ['typescript/TS7027', [32]],
      ['biome/style/useConst', [40, 41]],
      ['biome/style/useTemplate', [41]],
    ]);
  });

  test('by rule keep different messages of one rule apart', () => {
    const [first] = sampleReport.fixed;
    expect(groupByRule([first!, { ...first!, message: 'Another key.' }])).toHaveLength(2);
  });

  test('by severity leave out severities without a finding', () => {
    expect(groupBySeverity(sampleReport.findings).map(({ severity, findings }) => [severity, findings.length])).toEqual([['medium', 1], ['info', 2]]);
    expect(groupBySeverity(manyFindingsReport.findings).map(({ findings }) => findings.length)).toEqual([200, 200, 200, 200, 200]);
  });

  test('what counts and what does not are told apart, worst first', () => {
    const { open, suppressed } = splitFindings(sampleReport.findings.toReversed());
    expect([open.map((finding) => finding.id), suppressed.map((finding) => finding.id)]).toEqual([['loose-1', 'docs-1'], ['docs-2']]);
  });

  test('what is left out is counted with every reason, the most frequent first', () => {
    const [finding] = sampleReport.findings;
    const suppressed = (['baseline', 'below_min_severity', 'below_min_severity'] as const).map((reason) => ({ ...finding!, suppressed: reason }));
    expect([leftOutWord([finding!]), leftOutWord([...suppressed, finding!]), leftOutWord(suppressed.slice(0, 1))]).toEqual([
      '',
      '3 findings are left out (2 below the least severity asked for, 1 in the baseline)',
      '1 finding is left out (1 in the baseline)',
    ]);
  });
});
