import { describe, expect, test } from 'vitest';
import { toSnakeKeys } from '#domain/json-keys.ts';
import { progressOf } from '#domain/loop/progress.ts';
import { initialState } from '#domain/loop/state.ts';
import { batchJson } from '#client/cli/show-batch.ts';
import { errorObject } from '#client/cli/tell-error.ts';
import { batchWireSchema, errorWireSchema, progressWireSchema, reportWireSchema } from '#wire/report.ts';
import { edgeReports } from '#test/fixtures/reports/edges.ts';
import { sampleReport } from '#test/fixtures/reports/sample.ts';

const wire = (value: unknown): unknown => JSON.parse(JSON.stringify(toSnakeKeys(value)));
const error = { kind: 'Conflict', code: 'FILE_CHANGED', message: 'Somebody changed it.', step: 'save' } as const;

// Parsing drops what a schema does not name: equality shows that it names everything, and names it right.
describe('the schemas of what leaves the program', () => {
  test.each([['a report with everything', sampleReport], ...Object.entries(edgeReports)])('name every field of %s', (_name, report) => {
    expect(reportWireSchema.parse(wire(report))).toEqual(wire(report));
  });

  test('name every field of a batch, reviews without a report included', () => {
    const entry = { path: 'a.md', runId: 'r', state: 'failed', outcome: null, ready: false, initialScore: null, finalScore: null, error } as const;
    const summary = { total: 3, ready: 1, belowTarget: 0, notJudged: 0, failed: 2, skipped: [{ path: 'b.png', because: 'binary' }], startedAt: '2026-01-02T00:00:00.000Z', closedAt: '2026-01-02T00:00:01.000Z' };
    const reviews = [{ entry, report: sampleReport }, { entry, report: null }, { entry: { ...entry, error: null }, report: null }];
    const printed: unknown = JSON.parse(JSON.stringify(batchJson({ runId: 'b', workflowId: 'batch-1', summary, reviews })));
    expect(batchWireSchema.parse(printed)).toEqual(printed);
    const unlisted: unknown = JSON.parse(JSON.stringify(batchJson({ runId: 'b', workflowId: 'batch-1', summary: { ...summary, error }, reviews: [] })));
    expect([unlisted, batchWireSchema.parse(unlisted)]).toEqual([expect.objectContaining({ state: 'failed' }), unlisted]);
  });

  test('name every field of an error and of the progress', () => {
    expect(errorWireSchema.parse(errorObject(error, 'r'))).toEqual(errorObject(error, 'r'));
    const progress = wire(progressOf({ ...initialState, command: { do: 'wait', for: 'approval' } }, { startedAt: '2026-01-02T00:00:00.000Z', runId: 'r', artifact: 'a.md', root: '/r' }));
    expect(progressWireSchema.parse(progress)).toEqual(progress);
  });

  test('refuse what is no report', () => {
    expect(reportWireSchema.safeParse({ ...(wire(sampleReport) as object), final_score: 101 }).success).toBe(false);
  });
});
