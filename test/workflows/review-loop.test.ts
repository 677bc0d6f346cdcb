import { describe, expect, test } from 'vitest';
import { initialState, type LoopEvent, type LoopState } from '#domain/loop/state.ts';
import type { ReviewRequest } from '#domain/request.ts';
import type { Review } from '#domain/review.ts';
import { runLoop, type LoopSteps } from '#workflows/review-loop.ts';

const revision = (n: number) => ({ sha256: String(n).padStart(64, '0'), bytes: 1000 });

const request: ReviewRequest = {
  artifact: { path: 'a.ts' }, root: '/r', limits: { targetScore: 85, maxIterations: 5, iterationTimeoutMs: 60_000, timeoutMs: 600_000 },
  reviewers: ['static'], improver: 'static', profile: 'code', criteria: [], weights: {}, requested: ['syntax', 'logic', 'performance', 'security'],
  checks: [], save: 'write', approval: 'none', minSeverity: 'info', baseline: [], formats: [], tenant: 'default',
};

const artifact = {
  name: 'a.ts', path: 'a.ts', root: '/r', kind: 'code' as const, language: 'typescript' as const, bytes: 1000, sha256: 'f', revision: revision(0),
  shape: { bom: false, eol: 'lf' as const, finalNewline: true },
};

function reviewWith(mediums: number): Review {
  return {
    reviewer: 'static', version: '1', engines: [{ id: 'biome', version: '1', categories: ['syntax', 'logic'], durationMs: 1 }], parses: true, sizeFactor: 1,
    metrics: null, lost: [], damage: null, tallies: [{ ruleId: 'r', category: 'logic', severity: 'medium', confidence: 1, count: mediums }],
    blockers: [], findingCount: mediums, fixableCount: mediums, durationMs: 10,
  };
}

function scripted(mediums: number[], log: string[]): LoopSteps {
  let improvements = 0;
  return {
    open: () => Promise.resolve({ type: 'opened', request, artifact }),
    review: (_command, state) => Promise.resolve({ type: 'reviewed', reviews: [reviewWith(mediums[state.iteration - 1] ?? 0)], failures: [], workedMs: 10 }),
    improve: () => Promise.resolve({ type: 'improved', revision: revision((improvements += 1)), changes: ['edit'], workedMs: 5 }),
    wait: () => Promise.resolve({ type: 'decided', decision: { decision: 'abort' } }),
    save: () => Promise.resolve({ type: 'saved', path: 'a.ts', sha256: 'g' }),
    commit: () => Promise.resolve({ type: 'committed', id: 'c', branch: 'main' }),
    report: () => Promise.resolve({ type: 'reported' }),
    explain: (error): LoopEvent => ({ type: 'failed', error: { kind: 'Unavailable', code: 'DOWN', message: String(error) }, workedMs: 1 }),
    changed: (state: LoopState) => void log.push(state.command.do),
  };
}

describe('the loop', () => {
  test('reviews, improves and reviews again until the target is reached, then saves and reports', async () => {
    const log: string[] = [];
    const end = await runLoop(initialState, scripted([30, 15, 1], log));
    expect(log).toEqual(['open', 'review', 'improve', 'review', 'improve', 'review', 'save', 'report', 'finish']);
    expect([end.outcome, end.iteration, end.saved]).toEqual(['target_reached', 3, { path: 'a.ts', sha256: 'g' }]);
  });

  test('a step that throws is explained and decided upon like any event', async () => {
    const log: string[] = [];
    const steps = { ...scripted([30, 1], log), improve: () => Promise.reject(new Error('no model')) };
    const end = await runLoop(initialState, steps);
    expect(log).toEqual(['open', 'review', 'improve', 'wait', 'report', 'finish']);
    expect([end.outcome, end.error]).toEqual(['aborted', { kind: 'Unavailable', code: 'DOWN', message: 'Error: no model', step: 'improve' }]);
  });

  test('what cannot be explained ends the loop by throwing', async () => {
    const steps: LoopSteps = { ...scripted([30], []), review: () => Promise.reject(new Error('cancelled')), explain: (error) => { throw error; } };
    await expect(runLoop(initialState, steps)).rejects.toThrow('cancelled');
  });
});
