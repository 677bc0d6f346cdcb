import { describe, expect, test } from 'vitest';
import { evaluationResult } from '#client/evaluate-result.ts';
import { evaluationResultSchema } from '#wire/evaluation.ts';
import { notJudgedReport, panelReport } from '#test/fixtures/reports/edges.ts';
import { sampleReport } from '#test/fixtures/reports/sample.ts';

describe('the result of evaluate_document', () => {
  test('is what the report computed, with the words of the model beside it', () => {
    const evaluation = { conclusion: '良い', rationale: 'Because.', analysis: { strengths: ['a'], weaknesses: ['b'] }, recommendations: ['c'], technicalNotes: 'd', modelScore: 9.5, modelReady: true, warnings: ['w'] };
    const result = evaluationResult({ ...sampleReport, ready: false, finalScore: 84.6, evaluation }, 8);
    expect(result).toMatchObject({
      ready_for_implementation: false, score: 8.5, target_score: 8, conclusion: '良い', rationale: 'Because.', analysis: { strengths: ['a'], weaknesses: ['b'] },
      recommendations: ['c'], technical_notes: 'd', model_score: 9.5, model_ready: true, warnings: ['w'], run_id: sampleReport.runId,
    });
    expect(evaluationResultSchema.parse(result)).toEqual(result);
  });

  test('says why nothing was judged, whatever a model concluded', () => {
    const reason = 'Nothing was judged: the artifact is empty.';
    const told = (evaluation: object | undefined) => evaluationResult({ ...notJudgedReport, reason, ...(evaluation === undefined ? {} : { evaluation }) }, 8);
    expect(told({ conclusion: 'Read.', warnings: ['w'] })).toMatchObject({ score: null, conclusion: 'Read.', warnings: ['w', reason] });
    expect(told(undefined)).toMatchObject({ score: null, conclusion: reason });
    expect('warnings' in told(undefined)).toBe(false);
  });

  test('has words of its own where no model was asked', () => {
    const result = evaluationResult(sampleReport, 8);
    expect(result).toMatchObject({ conclusion: expect.stringMatching(/^The score of \d+(\.\d)? (reaches|is below) the target of 8/) as string, rationale: expect.stringMatching(/of 100; \d+ findings?\.$/) as string, reviewer: sampleReport.reviewers.map(({ id }) => id).join(', ') });
    expect(result.analysis.weaknesses[0]).toMatch(/^(critical|high|medium|low|info), line \d+: /);
    expect('model_score' in result).toBe(false);
  });

  test('tells how several reviewers agree, and what they were shown of the project', () => {
    const result = evaluationResult(panelReport, 8);
    expect(result).toMatchObject({
      panel: { agreement: 0.6, reviewers: [{ id: 'claude', model_score: 7.5, model_ready: false }, { id: 'codex' }, { id: 'static' }], marks: [{ median: 70, outliers: ['gemini'] }, {}] },
      context: { project: '受注', files: [{ path: 'src/order.ts', bytes: 4_210 }, { path: '設計.md', cut: true }], listed: 12, total: 1_240, left_out: [{ path: 'notes.md' }] },
    });
    expect(evaluationResultSchema.parse(result)).toEqual(result);
  });

  test.each([
    [87.5, 8.8, 8.7, 'The score of 8.7 is below the target of 8.8.'],
    [87.5, 8.75, 8.8, 'The score of 8.8 reaches the target of 8.75.'],
    [87.4, 8.74, 8.8, 'The score of 8.8 reaches the target of 8.74.'],
    [87.4, 8, 8.7, 'The score of 8.7 reaches the target of 8.'],
    [83, 8.3, 8.3, 'The score of 8.3 reaches the target of 8.3.'],
    [82.9, 8.3, 8.2, 'The score of 8.2 is below the target of 8.3.'],
  ])('of %d and a target of %d has a score on the same side of it: %d', (finalScore, target, score, conclusion) => {
    expect(evaluationResult({ ...sampleReport, ready: score >= target, finalScore }, target)).toMatchObject({ score, target_score: target, conclusion, ready_for_implementation: score >= target });
  });

  test('has no score where nothing was judged', () => {
    const result = evaluationResult(notJudgedReport, 8);
    expect(result).toMatchObject({ score: null, ready_for_implementation: false, rationale: 'No category could be judged.' });
    expect(evaluationResultSchema.parse(result)).toEqual(result);
  });

  test('names blockers in one sentence each, and leaves out what was suppressed', () => {
    const [finding] = sampleReport.findings;
    const blocker = { ...finding!, severity: 'high' as const, category: 'logic' as const, confidence: 0.9, message: 'It loses money.', place: { ...finding!.place, line: 7 } };
    const result = evaluationResult({ ...sampleReport, findings: [blocker, { ...blocker, suppressed: 'baseline' }] }, 8);
    expect([result.blockers, result.findings.length]).toEqual([['high, line 7: It loses money.'], 1]);
  });
});
