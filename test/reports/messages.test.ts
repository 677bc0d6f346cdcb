import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { scoredCategories, severities } from '#domain/finding.ts';
import { tallyFindings } from '#domain/review.ts';
import { buildMessages, renderMessages, type MessageDetails } from '#reports/messages.ts';
import { cancelledReport, failedReport, japaneseReport, manyFindingsReport, notJudgedReport } from '#test/fixtures/reports/edges.ts';
import { findingsByIteration } from '#test/fixtures/reports/sample-findings.ts';
import { sampleReport, sampleReviews } from '#test/fixtures/reports/sample.ts';
import { revisionTexts } from '#test/fixtures/reports/sample-texts.ts';
import { cpuMs } from './cpu-time.ts';

const details: MessageDetails = {
  text: revisionTexts[0]!,
  requested: scoredCategories,
  iterations: revisionTexts.map((text, index) => ({ text, findings: findingsByIteration[index]!, reviews: [sampleReviews[index]!] })),
};

const messages = buildMessages(sampleReport, details);

function seed(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../fixtures/seed-004/${name}.json`, import.meta.url), 'utf8'));
}

/** Names and types, all the way down; of a list the shape of its first entry. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shapeOf(value[0])];
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, shapeOf(field)]));
}

/** Whatever the seed shows with entries may be empty here, and the other way round; else the shapes are the same. */
function expectShape(value: unknown, expected: unknown): void {
  const [mine, theirs] = [shapeOf(value), shapeOf(expected)];
  const compare = (a: unknown, b: unknown): void => {
    if (Array.isArray(a) && Array.isArray(b)) return a.length === 0 || b.length === 0 ? undefined : compare(a[0], b[0]);
    if (typeof a !== 'object' || typeof b !== 'object') return expect(a).toBe(b);
    expect(Object.keys(a!)).toEqual(Object.keys(b!));
    for (const key of Object.keys(a!)) compare((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]);
  };
  compare(mine, theirs);
}

describe('messages of a run', () => {
  test.each(['code_review_request', 'code_analysis_result', 'improvement_request', 'review_completion', 'review_result'])('%s has the fields of the seed, by name, order and type', (name) => {
    const own = messages.filter((message) => message.message_type === name);
    expect(own.length).toBeGreaterThan(0);
    const { payload } = seed(name) as { payload: unknown };
    for (const message of own) expectShape(message.payload, payload);
  });

  test('every message has the envelope of the seed', () => {
    for (const message of messages) expect(shapeOf({ ...message, payload: {} })).toEqual(shapeOf(seed('envelope')));
  });

  test('come in the order in which they would have been sent, from worker to worker', () => {
    expect(messages.map(({ message_type, worker_source, worker_target, iteration }) => [message_type, worker_source, worker_target, iteration])).toEqual([
      ['code_review_request', 'user', 'task_worker', 1],
      ['code_analysis_result', 'task_worker', 'pm_worker', 1],
      ['improvement_request', 'pm_worker', 'task_worker', 1],
      ['code_analysis_result', 'task_worker', 'pm_worker', 2],
      ['improvement_request', 'pm_worker', 'task_worker', 2],
      ['code_analysis_result', 'task_worker', 'pm_worker', 3],
      ['improvement_request', 'pm_worker', 'task_worker', 3],
      ['code_analysis_result', 'task_worker', 'pm_worker', 4],
      ['review_completion', 'pm_worker', 'result_worker', 4],
      ['review_result', 'result_worker', 'user', 4],
    ]);
  });

  test('have ids that are the same every time and differ from each other and from other runs', () => {
    const ids = messages.map((message) => message.message_id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^msg_[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(buildMessages(sampleReport, details).map((message) => message.message_id)).toEqual(ids);
    expect(buildMessages({ ...sampleReport, runId: 'other' }, details).map((message) => message.message_id)).not.toContain(ids[0]);
  });

  test('carry times that never go back, within the run', () => {
    const times = messages.map((message) => message.timestamp);
    expect(times.toSorted()).toEqual(times);
    expect([times[0], times[1], times.at(-1)]).toEqual([sampleReport.startedAt, '2026-11-20T09:14:04.460Z', sampleReport.closedAt]);
    const known = { ...details, iterations: details.iterations.map((each) => ({ ...each, reviewedAt: '2026-11-20T09:14:05.000Z' })) };
    expect(buildMessages(sampleReport, known)[1]!.timestamp).toBe('2026-11-20T09:14:05.000Z');
    expect(buildMessages({ ...sampleReport, startedAt: 'x' }, details)[1]!.timestamp).toBe(sampleReport.closedAt);
  });

  test('the request is what was asked', () => {
    expect(messages[0]!.payload).toEqual({
      file_path: 'examples/checkout.ts', code_content: revisionTexts[0], language: 'typescript',
      review_options: { check_syntax: true, check_logic: true, check_performance: true, check_security: true },
    });
    expect(buildMessages(sampleReport, { ...details, requested: ['security'] })[0]!.payload).toMatchObject({ review_options: { check_syntax: false, check_security: true } });
  });

  test('the analysis sorts findings by category; style and documentation go with syntax, as in the seed', () => {
    const payload = messages[1]!.payload as { analysis_results: Record<string, { type: string; severity: string; line: number }[]>; code_metrics: unknown };
    const brief = Object.entries(payload.analysis_results).map(([name, issues]) => [name, ...issues.map((issue) => `${issue.type} ${issue.severity} ${issue.line}`)]);
    expect(brief).toEqual([
      ['syntax_issues', 'style info 40', 'style info 41', 'style info 41', 'documentation info 12', 'documentation info 16'],
      ['logic_issues', 'logic error 26', 'logic warning 22', 'logic warning 30', 'logic warning 42', 'logic warning 12', 'logic warning 1', 'logic warning 2', 'logic warning 32'],
      ['performance_issues', 'performance warning 36'],
      ['security_issues', 'security error 4', 'security error 25'],
    ]);
    expect(payload.code_metrics).toEqual({ lines_of_code: 38, complexity_score: 3, maintainability_index: 71 });
  });

  test('severities and priorities are words of the seed', () => {
    const findings = severities.map((severity) => ({ ...findingsByIteration[0]![0]!, category: 'logic' as const, severity }));
    const each = { ...details.iterations[0]!, findings };
    const [, analysis, improvement] = buildMessages(sampleReport, { ...details, iterations: [each, each] }).map((message) => message.payload) as Record<string, unknown>[];
    expect(((analysis!['analysis_results'] as Record<string, unknown>)['logic_issues'] as { severity: string }[]).map(({ severity }) => severity)).toEqual(['error', 'error', 'warning', 'warning', 'info']);
    expect((improvement!['improvement_suggestions'] as { priority: string }[]).map(({ priority }) => priority)).toEqual(['high', 'high', 'medium', 'low', 'low']);
  });

  test('findings that do not count are in no analysis', () => {
    const last = messages[7]!.payload as { analysis_results: Record<string, unknown[]> };
    expect(Object.values(last.analysis_results).flat()).toHaveLength(2);
  });

  test('an improvement request says what each fix would bring, by the score model', () => {
    const payload = messages[4]!.payload as { improvement_suggestions: object[] };
    expect(payload).toEqual({
      current_quality_score: 84,
      target_quality_score: 85,
      improvement_suggestions: [
        { priority: 'high', category: 'security', suggestion: 'Write the expression itself.', expected_improvement: 13.3 },
        { priority: 'medium', category: 'performance', suggestion: 'Build the object once with Object.fromEntries.', expected_improvement: 0 },
        { priority: 'medium', category: 'logic', suggestion: 'Name the type, or unknown.', expected_improvement: 0 },
        { priority: 'low', category: 'style', suggestion: 'Template literals read better than concatenation.', expected_improvement: 0 },
        { priority: 'low', category: 'documentation', suggestion: 'Say in one sentence what it returns.', expected_improvement: 0 },
        { priority: 'low', category: 'documentation', suggestion: 'Say in one sentence what it returns.', expected_improvement: 0 },
      ],
      revised_code: revisionTexts[2],
      iteration_reason: 'Logic, performance, security, style and documentation improvements needed',
    });
  });

  test('after a refused candidate the next request starts from the best revision again and says why', () => {
    expect(messages[6]!.payload).toMatchObject({
      current_quality_score: 84,
      revised_code: revisionTexts[3],
      iteration_reason: 'Iteration 3 was refused: It brings a new serious finding (typescript/TS2304). Logic, performance, security, style and documentation improvements needed',
    });
  });

  test('the completion has the best revision and what accepted iterations changed', () => {
    const { improvement_summary: improvements, ...rest } = messages[8]!.payload as { improvement_summary: { improvements_made: string[] } };
    expect(rest).toEqual({
      final_quality_score: 98.2, total_iterations: 4, final_code: revisionTexts[3],
      review_report: { syntax_score: 100, logic_score: 94, performance_score: 100, security_score: 100 },
    });
    expect(improvements).toEqual({ initial_score: 59, final_score: 98.2, improvements_made: [...sampleReport.iterations[1]!.changes, ...sampleReport.iterations[3]!.changes] });
  });

  test('the result says what became of it', () => {
    expect(messages[9]!.payload).toEqual({
      status: 'completed',
      quality_improvement: { before: 59, after: 98.2, improvement_percentage: 66 },
      detailed_report: {
        summary: 'Quality improved from 59 to 98.2 through 4 iterations: target reached',
        improvements: ['Logic', 'Performance', 'Security', 'Style'],
        final_recommendations: ['Name the type, or unknown.', 'Say in one sentence what it returns.'],
      },
      output_formats: { markdown: '.koubou/report.md', json: '.koubou/report.json', html: '.koubou/report.html' },
    });
  });
});

describe('messages of other runs', () => {
  const last = (report: typeof sampleReport, given: MessageDetails): Record<string, never> => buildMessages(report, given).at(-1)!.payload as Record<string, never>;

  test('that never began have a request, a completion and a result', () => {
    const own = buildMessages(failedReport, { requested: scoredCategories, iterations: [] });
    expect(own.map(({ message_type, iteration }) => [message_type, iteration])).toEqual([['code_review_request', 0], ['review_completion', 0], ['review_result', 0]]);
    expect(own.at(-1)!.payload).toEqual({
      status: 'failed',
      quality_improvement: { before: null, after: null, improvement_percentage: 0 },
      detailed_report: { summary: failedReport.reason, improvements: [], final_recommendations: [] },
      output_formats: { markdown: null, json: null, html: null },
    });
    expect(own[1]!.payload).toMatchObject({ final_code: '', final_quality_score: null });
  });

  test('that were not judged invent no number', () => {
    const given: MessageDetails = { requested: scoredCategories, iterations: [{ text: 'hello\n', findings: [], reviews: [] }] };
    const own = buildMessages(notJudgedReport, given);
    expect(own[1]!.payload).toMatchObject({ code_metrics: { lines_of_code: 1, complexity_score: null, maintainability_index: null } });
    expect(own[2]!.payload).toMatchObject({ final_code: 'hello\n', review_report: { syntax_score: null, logic_score: null, performance_score: null, security_score: null } });
  });

  test('that were cancelled end with the best so far', () => {
    const own = buildMessages(cancelledReport, { ...details, iterations: details.iterations.slice(0, 2) });
    expect(own.map((message) => message.message_type)).toEqual(['code_review_request', 'code_analysis_result', 'improvement_request', 'code_analysis_result', 'review_completion', 'review_result']);
    expect(own.at(-2)!.payload).toMatchObject({ final_code: revisionTexts[1], final_quality_score: 84 });
  });

  test('count improvement in percent of the first score, 0 where that is 0', () => {
    const percentage = (initialScore: number | null, finalScore: number | null): unknown => last({ ...sampleReport, initialScore, finalScore }, details)['quality_improvement']!['improvement_percentage'];
    expect([percentage(75, 87), percentage(0, 50), percentage(80, 60), percentage(null, 50), percentage(59, 59)]).toEqual([16, 0, -25, 0, 0]);
  });

  test('of a model recommend what the model said, then what is open', () => {
    const given: MessageDetails = { requested: scoredCategories, iterations: [] };
    expect(last(japaneseReport, given)['detailed_report']!['final_recommendations']).toEqual(['取り消しの節を加える', '「できます」と書きます。']);
  });

  test('with a thousand findings take half a second', () => {
    const { findings } = manyFindingsReport;
    const reviews = [{ ...sampleReviews[0]!, tallies: tallyFindings(findings) }];
    const many: MessageDetails = { requested: scoredCategories, iterations: [{ text: 'a', findings, reviews }, { text: 'b', findings, reviews }] };
    let own = buildMessages(manyFindingsReport, many);
    expect(cpuMs(() => (own = buildMessages(manyFindingsReport, many)))).toBeLessThan(500);
    expect((own[2]!.payload as { improvement_suggestions: object[] }).improvement_suggestions).toHaveLength(100);
  });

  test('are lines of JSON, whatever stands in the texts', () => {
    const text = 'line one\nline two\u2028\u001B[2J"\n';
    const given: MessageDetails = { text, requested: scoredCategories, iterations: [] };
    const lines = renderMessages(failedReport, given).split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[3]).toBe('');
    expect(lines[0]).not.toMatch(/\p{Cc}|\u2028/u);
    expect(JSON.parse(lines[0]!)).toMatchObject({ payload: { code_content: text } });
  });
});
