import { describe, expect, test } from 'vitest';
import { scoreChart } from '#reports/html/chart.ts';
import { htmlText } from '#reports/html/template.ts';
import { failedReport, notJudgedReport, reviewOnlyReport } from '#test/fixtures/reports/edges.ts';
import { sampleReport } from '#test/fixtures/reports/sample.ts';

const chart = (report: typeof sampleReport): string => {
  const made = scoreChart(report);
  return made === null ? '' : htmlText(made);
};

const all = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, group]) => group!);

describe('score chart', () => {
  test('marks every iteration with its score and verdict', () => {
    expect(all(chart(sampleReport), /<g><title>(.*?)<\/title>/g)).toEqual([
      'Iteration 1: 59, accepted', 'Iteration 2: 84, accepted', 'Iteration 3: 84, refused', 'Iteration 4: 98.2, accepted',
    ]);
  });

  test('tells the same in words to those who do not see it', () => {
    expect(chart(sampleReport)).toContain('role="img" aria-labelledby="chart-title chart-desc"');
    expect(all(chart(sampleReport), /<(?:title|desc) id="chart-\w+">(.*?)</g)).toEqual([
      'Score per iteration of examples/checkout.ts', '4 iterations, target 85. 1: 59, 2: 84, 3: 84 (refused), 4: 98.2.',
    ]);
  });

  test('joins accepted revisions; a refused one hangs on the best before it', () => {
    const lines = [...chart(sampleReport).matchAll(/<line class="(path[^"]*)" x1="([^"]*)" y1="(\d+)" x2="([^"]*)" y2="(\d+)"/g)].map(([, ...rest]) => rest);
    expect(lines).toEqual([
      ['path', '9%', '148', '35.33%', '75'],
      ['path refused', '35.33%', '75', '61.67%', '75'],
      ['path', '35.33%', '75', '88%', '33'],
    ]);
  });

  test('rings the best revision and no other', () => {
    expect(all(chart(sampleReport), /<circle class="ring" cx="([^"]*)"/g)).toEqual(['88%']);
  });

  test('has an axis that ends at 100 and begins below the lowest score', () => {
    const axis = (scores: number[], targetScore = 85): string[] => {
      const iterations = scores.map((score, index) => ({ ...sampleReport.iterations[0]!, iteration: index + 1, score }));
      return all(chart({ ...sampleReport, iterations, targetScore }), /<text class="axis" x="0"[^>]*>(\d+)</g);
    };
    expect([axis([59, 98]), axis([3, 98]), axis([91, 98], 90), axis([100, 100], 100), axis([50], 20)]).toEqual([
      ['40', '60', '80', '100'], ['0', '20', '40', '60', '80', '100'], ['80', '90', '100'], ['80', '90', '100'], ['0', '20', '40', '60', '80', '100'],
    ]);
  });

  test('stays in its frame whatever the scores are', () => {
    const iterations = [-5, 0, 100, 130].map((score, index) => ({ ...sampleReport.iterations[0]!, iteration: index + 1, score }));
    const heights = all(chart({ ...sampleReport, iterations }), /cy="(-?\d+)"/g).map(Number);
    expect([Math.min(...heights), Math.max(...heights)]).toEqual([28, 204]);
  });

  test('shows one review as one point and a missing score as missing', () => {
    expect(all(chart(reviewOnlyReport), /<circle class="dot" cx="([^"]*)"/g)).toEqual(['48.5%']);
    const iterations = [sampleReport.iterations[0]!, { ...sampleReport.iterations[1]!, score: null }];
    expect(chart({ ...sampleReport, iterations })).toContain('>no score</text>');
  });

  test('carries few figures for many iterations: first, last and best always', () => {
    const iterations = Array.from({ length: 100 }, (_, index) => ({ ...sampleReport.iterations[0]!, iteration: index + 1, score: 50 + (index === 41 ? 10 : 0) }));
    const labels = all(chart({ ...sampleReport, iterations, bestRevision: { ...sampleReport.bestRevision!, iteration: 42 } }), /y="230" text-anchor="middle">(\d+)</g);
    expect(labels.length).toBeLessThanOrEqual(14);
    expect(labels).toEqual(expect.arrayContaining(['1', '42', '100']));
  });

  test('is not there where no iteration has a score', () => {
    expect([scoreChart(failedReport), scoreChart(notJudgedReport)]).toEqual([null, null]);
  });
});
