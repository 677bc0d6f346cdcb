import { describe, expect, test } from 'vitest';
import { toCamelKeys } from '#domain/json-keys.ts';
import { renderJson } from '#reports/json.ts';
import { edgeReports, failedReport, savedReport } from '#test/fixtures/reports/edges.ts';
import { hostileReport } from '#test/fixtures/reports/hostile.ts';

function read(report: (typeof edgeReports)[string]): Record<string, unknown> {
  return JSON.parse(renderJson(report)) as Record<string, unknown>;
}

const findingKeys = ['id', 'rule_id', 'category', 'severity', 'confidence', 'message', 'place', 'source', 'fixable'];
const optionalFindingKeys = ['suggestion', 'cwe', 'also_reported_by', 'suppressed'];

describe('report as JSON', () => {
  // The public contract: a key may be added here, never renamed or removed.
  test('has exactly these fields', () => {
    expect(Object.keys(read(savedReport)).toSorted()).toEqual([
      'artifact', 'best_revision', 'categories', 'closed_at', 'code_metrics', 'commit', 'diff', 'error', 'final_score', 'finding_count', 'findings', 'fixed',
      'initial_score', 'iterations', 'outcome', 'ready', 'reason', 'reports', 'reviewers', 'run_id', 'saved', 'schema', 'score_model', 'started_at', 'state',
      'target_score', 'usage', 'workflow_id',
    ]);
    expect(Object.keys(read(failedReport)).toSorted()).toEqual(Object.keys(read(savedReport)).toSorted());
  });

  test('has exactly these fields further down', () => {
    const report = JSON.parse(renderJson({ ...savedReport, error: { kind: 'Conflict', code: 'FILE_CHANGED', message: 'm', step: 'save' } })) as Record<string, Record<string, unknown> & unknown[]>;
    const keys = (value: unknown): string[] => Object.keys(value as object);
    const [, second, third] = report['iterations']!;
    expect({
      artifact: keys(report['artifact']), category: keys(report['categories']!['syntax']), metrics: keys(report['code_metrics']), iteration: keys(second), refused: keys(third),
      best: keys(report['best_revision']), saved: keys(report['saved']), commit: keys(report['commit']), reports: keys(report['reports']), reviewer: keys(report['reviewers']![0]),
      error: keys(report['error']), usage: keys(report['usage']), place: keys((report['findings']![0] as { place: object }).place),
    }).toEqual({
      artifact: ['name', 'path', 'kind', 'language', 'sha256', 'bytes'], category: ['score', 'assessed', 'by'],
      metrics: ['lines_of_code', 'complexity_score', 'maintainability_index', 'functions', 'comment_lines'],
      iteration: ['iteration', 'revision', 'score', 'categories', 'findings', 'accepted', 'changes', 'duration_ms'],
      refused: ['iteration', 'revision', 'score', 'categories', 'findings', 'accepted', 'refused_because', 'changes', 'duration_ms'],
      best: ['iteration', 'sha256', 'bytes'], saved: ['path', 'sha256'], commit: ['id', 'branch'], reports: ['markdown', 'json', 'html'],
      reviewer: ['id', 'version', 'assessed', 'duration_ms', 'engines'], error: ['kind', 'code', 'message', 'step'], usage: ['input_tokens', 'output_tokens', 'cost_usd'],
      place: ['path', 'line', 'column', 'end_line', 'end_column'],
    });
  });

  test('has findings with exactly these fields', () => {
    const { findings, fixed } = read(savedReport) as Record<'findings' | 'fixed', object[]>;
    for (const finding of [...findings, ...fixed]) {
      expect(Object.keys(finding)).toEqual(expect.arrayContaining(findingKeys));
      expect(Object.keys(finding).filter((key) => !findingKeys.includes(key) && !optionalFindingKeys.includes(key))).toEqual([]);
    }
  });

  test('read back is the report', () => {
    for (const report of Object.values(edgeReports)) expect(toCamelKeys(read(report))).toEqual(report);
  });

  test('can be printed: nothing in it is obeyed by a terminal, and it still says the same', () => {
    const { report } = hostileReport('\u001B[2J\u009B31m\u202Eabc\u2028\uFEFF\uD800');
    const shown = renderJson(report);
    expect(shown).not.toMatch(/(?!\n)\p{Cc}|[\u202a-\u202e\u2028\ufeff]|\p{Cs}/u);
    expect(toCamelKeys(JSON.parse(shown))).toEqual(report);
  });
});
