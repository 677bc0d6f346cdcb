import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { summarizeBatch, type BatchEntry, type BatchSummary } from '#domain/batch.ts';
import type { Report } from '#domain/report.ts';
import { readResource } from '#mcp/resources.ts';
import { runPart } from '#mcp/run-part.ts';
import { runStanding } from '#mcp/run-standing.ts';
import { answerOf } from '#mcp/tools/answer.ts';
import type { ToolCall } from '#mcp/tools/tool.ts';
import { renderReport } from '#reports/registry.ts';
import { sampleReport } from '../fixtures/reports/sample.ts';
import { anArtifact, aRequest } from '../support/builders.ts';
import { makeScratch, type Scratch } from '../support/scratch.ts';
import { callOf, serviceOf } from './fake-call.ts';

const [batch, one, two] = ['01a1fef3-0000-7000-8000-00000000000a', '01a1fef3-0000-7000-8000-000000000001', '01a1fef3-0000-7000-8000-000000000002'];
const [startedAt, closedAt] = ['2026-01-01T00:00:00.000Z', '2026-01-01T00:01:00.000Z'];
const entry = (path: string, runId: string, given: Partial<BatchEntry> = {}): BatchEntry => ({ path, runId, state: 'completed', outcome: 'target_reached', ready: true, initialScore: 50, finalScore: 90, error: null, ...given });
const waiting: Partial<BatchEntry> = { state: 'waiting_for_decision', outcome: null, ready: false, initialScore: null, finalScore: null };

let scratch: Scratch;
let call: ToolCall;
beforeEach(() => {
  scratch = makeScratch('mcp-batches');
  call = callOf(serviceOf(scratch));
});
afterEach(async () => {
  await call.service.close();
  scratch.remove();
});

async function closeBatch(entries: readonly BatchEntry[], more: Partial<BatchSummary> = {}): Promise<void> {
  const { store } = await call.service.read();
  await store.putBatch({ runId: batch, workflowId: 'w', request: { paths: ['.'] }, startedAt });
  await store.closeBatch({ runId: batch, summary: { ...summarizeBatch(entries, { skipped: [], startedAt, closedAt }), ...more }, entries, closedAt });
}

async function endReview(runId: string, given: Partial<Report>): Promise<void> {
  const { store } = await call.service.read();
  await store.startRun({ runId, workflowId: runId, tenant: 'default', artifactName: 'b.ts', kind: 'code', language: 'typescript', targetScore: 85, request: aRequest(), artifact: anArtifact(), startedAt });
  await store.putReport({ runId, format: 'json', content: renderReport('json', { ...sampleReport, runId, ...given }) });
}

describe('a batch that has ended while a review of it waits for a person', () => {
  test('tells how many wait, counts none of them as failed, and sends the caller to them', async () => {
    await closeBatch([entry('a.ts', one), entry('b.ts', two, waiting)]);
    const standing = await runStanding(call, batch);
    expect(standing).toMatchObject({ state: 'completed', total: 2, ready: 1, failed: 0, waiting: 1, next_step: expect.stringContaining('review_status with the run_id of each') });
    expect(answerOf(standing).text.split('\n')).toEqual([
      `Run ${batch} is completed.`, '1 of 2 ready, 0 below the target, 0 not judged, 0 failed, 1 waiting for a person.',
      `- a.ts: completed, score 90, run_id ${one}`, `- b.ts: waiting for decision, run_id ${two}`, standing.next_step,
    ]);
  });

  test('tells what has become of it since', async () => {
    await closeBatch([entry('a.ts', one), entry('b.ts', two, waiting)]);
    await endReview(two, { state: 'completed', outcome: 'target_reached', ready: true, finalScore: 96.7 });
    const standing = await runStanding(call, batch);
    expect(standing).toMatchObject({ ready: 2, failed: 0, reviews: [{ path: 'a.ts' }, { path: 'b.ts', state: 'completed', score: 96.7, ready: true }] });
    expect(standing).not.toHaveProperty('waiting');
    const text = `# Batch ${batch}\n\n2 of 2 ready, 0 below the target, 0 not judged, 0 failed.\n\n- a.ts: completed, score 90, ready, run_id ${one}\n- b.ts: completed, score 96.7, ready, run_id ${two}\n`;
    expect(await runPart(call, batch, 'report')).toBe(text);
    expect(await readResource(`koubou://runs/${batch}/report.md`, call)).toMatchObject({ mimeType: 'text/markdown', text });
    await expect(readResource(`koubou://runs/${batch}/report.json`, call)).rejects.toMatchObject({ code: 'BATCH_HAS_NONE' });
  });
});

test('a batch whose files could not be listed is found, with the reason', async () => {
  const error = { kind: 'InvalidInput', code: 'GIT_REF_UNKNOWN', message: 'There is no branch, tag or commit "nope".' } as const;
  await closeBatch([], { error });
  const standing = await runStanding(call, batch);
  expect(standing).toMatchObject({ state: 'failed', error: { code: error.code, message: error.message }, next_step: expect.stringContaining('review_start again') });
  expect(answerOf(standing).text).toContain(`${error.message} [GIT_REF_UNKNOWN]`);
  await expect(runPart(call, batch, 'report')).rejects.toMatchObject(error);
});
