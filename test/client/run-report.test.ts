import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BatchEntry } from '#domain/batch.ts';
import { AppError } from '#domain/errors.ts';
import type { Report } from '#domain/report.ts';
import { cancelledReport, loadBatchReport, loadReport, missingReport } from '#client/run-report.ts';
import { findRunPlace } from '#client/run-place.ts';
import { renderReport } from '#reports/registry.ts';
import { anArtifact, aRequest } from '../support/builders.ts';
import { temporaryStore, type TemporaryStore } from '../support/temporary-store.ts';
import { sampleReport } from '../fixtures/reports/sample.ts';

let kept: TemporaryStore;
beforeAll(() => (kept = temporaryStore()));
afterAll(() => kept.dispose());

async function keep(runId: string, report: Partial<Report> = {}): Promise<Report> {
  const { store } = kept;
  const whole = { ...sampleReport, runId, workflowId: `review-of-${runId}`, ...report };
  const artifact = anArtifact();
  await store.startRun({ runId, workflowId: whole.workflowId, tenant: 'default', artifactName: 'a.ts', kind: 'code', language: 'typescript', targetScore: 85, request: aRequest(), artifact, startedAt: '2026-01-01T00:00:00.000Z' });
  await store.putReport({ runId, format: 'json', content: renderReport('json', whole) });
  await store.updateRun(runId, { state: whole.state, closedAt: '2026-01-01T00:01:00.000Z' });
  return whole;
}

describe('the report of a run', () => {
  test('is what was stored, all of it', async () => {
    const report = await keep('run-1');
    expect(await loadReport(kept.store, 'run-1')).toEqual(report);
  });

  test('tells what was saved and committed later', async () => {
    const report = await keep('run-2');
    const [saved, commit] = [{ path: 'a.ts', sha256: 'ab' }, { id: 'cd', branch: 'main' }];
    await kept.store.putEffect({ runId: 'run-2', kind: 'saved', value: saved });
    expect(await loadReport(kept.store, 'run-2')).toEqual({ ...report, saved });
    await kept.store.putEffect({ runId: 'run-2', kind: 'committed', value: commit });
    expect(await loadReport(kept.store, 'run-2')).toEqual({ ...report, saved, commit });
  });

  test('tells how the reviews of other drafted files have ended since', async () => {
    const entry: BatchEntry = { path: 'b.ts', runId: 'run-2b', state: 'waiting_for_decision', outcome: null, ready: false, initialScore: null, finalScore: null, error: null };
    const drafted = { by: 'claude', chosen: { name: 'a.ts', language: 'typescript', why: 'The task names it.' }, files: [{ ...entry, path: 'a.ts', runId: 'run-2a', state: 'completed' }, entry, { ...entry, path: 'c.ts', runId: 'run-none' }] } as const;
    await keep('run-2a', { drafted });
    const { state, outcome, ready, initialScore, finalScore, error } = await keep('run-2b');
    const [first, second, third] = (await loadReport(kept.store, 'run-2a'))?.drafted?.files ?? [];
    expect([first, second, third]).toEqual([drafted.files[0], { path: 'b.ts', runId: 'run-2b', state, outcome, ready, initialScore, finalScore, error }, drafted.files[2]]);
  });

  test('is null where none was written; then the run says why', async () => {
    const error = { kind: 'InvalidInput', code: 'NOT_FOUND', message: 'There is no such file.', step: 'open' } as const;
    await kept.store.recordRefusal({ runId: 'run-3', workflowId: 'w', artifactName: 'x', startedAt: '2026-01-01T00:00:00.000Z', error });
    expect([await loadReport(kept.store, 'run-3'), await missingReport(kept.store, 'run-3')]).toEqual([null, error]);
    expect(await missingReport(kept.store, 'run-unknown')).toMatchObject({ kind: 'InvalidInput', code: 'RUN_NOT_FINISHED', message: expect.stringContaining('koubou wait run-unknown') });
  });
});

describe('a cancelled run', () => {
  test('has the partial report that it wrote', async () => {
    const report = await keep('run-4', { state: 'cancelled', outcome: null });
    expect(await cancelledReport(kept.store, report)).toEqual(report);
  });

  test('that wrote none has a bare one, with what is known of it', async () => {
    await keep('run-5');
    await kept.store.startRun({ runId: 'run-6', workflowId: 'w6', tenant: 'default', artifactName: 'a.ts', kind: 'code', language: 'typescript', targetScore: 77, request: aRequest(), artifact: anArtifact(), startedAt: '2026-01-01T00:00:00.000Z' });
    expect(await cancelledReport(kept.store, { runId: 'run-6', workflowId: 'w6' })).toMatchObject({
      runId: 'run-6', state: 'cancelled', outcome: null, targetScore: 77, finalScore: null, artifact: { path: 'src/a.ts' }, startedAt: '2026-01-01T00:00:00.000Z',
    });
    expect(await cancelledReport(kept.store, { runId: 'nobody', workflowId: 'w' })).toMatchObject({ runId: 'nobody', state: 'cancelled', artifact: { name: 'unknown' }, targetScore: 85 });
  });
});

describe('the report of a batch', () => {
  const entry = (path: string, given: Partial<BatchEntry> = {}): BatchEntry => ({ path, state: 'completed', outcome: 'target_reached', ready: true, initialScore: 50, finalScore: 90, error: null, ...given });
  const summary = { total: 3, ready: 1, belowTarget: 0, notJudged: 0, failed: 2, skipped: [], startedAt: '2026-01-01T00:00:00.000Z', closedAt: '2026-01-01T00:01:00.000Z' };

  test('has the report of each review, and what has become of one that waited', async () => {
    const report = await keep('child-1');
    const waited = await keep('child-2', { outcome: 'aborted', finalScore: 61 });
    const failed = entry('c.ts', { state: 'failed', outcome: null, ready: false, initialScore: null, finalScore: null, error: { kind: 'InvalidInput', code: 'NOT_FOUND', message: 'None.' } });
    await kept.store.putBatch({ runId: 'batch-1', workflowId: 'w', request: {}, startedAt: summary.startedAt });
    await kept.store.closeBatch({ runId: 'batch-1', summary, closedAt: summary.closedAt, entries: [entry('a.ts', { runId: 'child-1' }), entry('b.ts', { runId: 'child-2', state: 'parked', outcome: null }), failed] });
    const batch = await loadBatchReport(kept.store, (await kept.store.getBatch('batch-1'))!);
    expect(batch.reviews.map((review) => review.report)).toEqual([report, waited, null]);
    expect(batch.reviews.map((review) => [review.entry.state, review.entry.outcome, review.entry.finalScore])).toEqual([['completed', 'target_reached', report.finalScore], ['completed', 'aborted', 61], ['failed', null, null]]);
  });

  test('that goes on is not there yet', async () => {
    await kept.store.putBatch({ runId: 'batch-2', workflowId: 'w2', request: {}, startedAt: summary.startedAt });
    await expect(loadBatchReport(kept.store, (await kept.store.getBatch('batch-2'))!)).rejects.toMatchObject({ code: 'RUN_NOT_FINISHED' });
  });
});

describe('a run is found without a service', () => {
  test('by its id, by its workflow id, by a beginning that is its own', async () => {
    await keep('found-1');
    const place = { kind: 'review', runId: 'found-1', workflowId: 'review-of-found-1', closed: true };
    expect(await Promise.all(['found-1', 'review-of-found-1', 'found'].map((id) => findRunPlace(id, kept.store, null)))).toEqual([place, place, place]);
    await kept.store.putBatch({ runId: 'other-1', workflowId: 'batch-of-1', request: {}, startedAt: '2026-01-01T00:00:00.000Z' });
    expect(await findRunPlace('other', kept.store, null)).toEqual({ kind: 'batch', runId: 'other-1', workflowId: 'batch-of-1', closed: false });
  });

  test('or it is said why not', async () => {
    await keep('twin-a');
    await kept.store.putBatch({ runId: 'twin-b', workflowId: 'w', request: {}, startedAt: '2026-01-01T00:00:00.000Z' });
    const codes = await Promise.all(['twin', 'nobody', ''].map((id) => findRunPlace(id, kept.store, null).then(() => 'found', (error: unknown) => (error as AppError).code)));
    expect(codes).toEqual(['RUN_AMBIGUOUS', 'RUN_UNKNOWN', 'RUN_UNKNOWN']);
  });
});
