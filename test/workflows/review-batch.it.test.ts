import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BatchEntry, BatchSummary } from '#domain/batch.ts';
import type { SnakeKeys } from '#domain/json-keys.ts';
import { createReviews } from '#client/reviews.ts';
import { loadReport } from '#client/run-report.ts';
import { startHarness, type Harness } from '../support/harness.ts';
import { failing, markerImprover, markerReviewer, slow, unavailable } from '../support/marker-reviewer.ts';

interface WireBatch {
  readonly schema: string;
  readonly run_id: string;
  readonly summary: SnakeKeys<BatchSummary>;
  readonly reviews: SnakeKeys<BatchEntry>[];
}

let harness: Harness;
let running = 0;
let most = 0;

beforeAll(async () => {
  harness = await startHarness({
    reviewers: [
      markerReviewer('marker'),
      markerReviewer('counted', async () => {
        running += 1;
        most = Math.max(most, running);
        await sleep(60);
        running -= 1;
      }),
      markerReviewer('down', failing(1_000, unavailable)),
      markerReviewer('slow', slow(20_000)),
      markerReviewer('brief', slow(150)),
    ],
    improvers: [markerImprover('marker')],
  });
});

afterAll(() => harness.stop());

async function finish(request: object): Promise<WireBatch> {
  return (await (await harness.start(request, 'reviewBatch')).result()) as WireBatch;
}

const outcomes = (batch: WireBatch): unknown[] => batch.reviews.map(({ path, outcome, state }) => [path, outcome ?? state]);

describe('a batch', () => {
  test('reviews a folder: what no engine judges is listed as skipped and does not count', async () => {
    harness.write('folder/good.ts', 'export const a = 1;\n');
    harness.write('folder/poor.ts', '!high stubborn\n');
    harness.write('folder/picture.png', 'x');
    const batch = await finish({ paths: ['folder'] });
    expect(outcomes(batch)).toEqual([['folder/good.ts', 'target_reached'], ['folder/poor.ts', 'nothing_to_improve']]);
    const { started_at: _s, closed_at: _c, ...summary } = batch.summary;
    expect(summary).toEqual({ total: 2, ready: 1, below_target: 1, not_judged: 0, failed: 0, skipped: [{ path: 'folder/picture.png', because: 'no engine judges this kind of file' }] });
  });

  test('whose files cannot be listed is kept with its reason, and found by its id', async () => {
    const handle = await harness.start({ diff: { base: 'no-such-branch' } }, 'reviewBatch');
    await expect(handle.result()).rejects.toThrow();
    const { summary, closedAt } = (await harness.store.listBatches(1_000)).find(({ workflowId }) => workflowId === handle.workflowId)!;
    expect(summary).toMatchObject({ total: 0, error: { kind: expect.any(String) as string, code: expect.stringMatching(/^GIT_|NOT_/) as string } });
    expect(closedAt).toBeDefined();
  });

  test('goes on when one item is bad', async () => {
    harness.write('ok.md', '!low x\n');
    const batch = await finish({ requests: [{ artifact: { path: 'missing.md' } }, { artifact: { path: 'ok.md' } }, { artifact: { path: 'ok.md' }, reviewers: ['nobody'] }] });
    expect(batch.reviews.map(({ state, error }) => [state, error?.kind ?? null, error?.code ?? null])).toEqual([
      ['failed', 'InvalidInput', 'NOT_FOUND'],
      ['completed', null, null],
      ['failed', 'Misconfigured', 'REVIEWER_UNKNOWN'],
    ]);
  });

  test('never has more reviews at work than its concurrency', async () => {
    for (let n = 0; n < 9; n += 1) harness.write(`many/${n}.md`, '!low x\n');
    most = 0;
    const batch = await finish({ paths: ['many'], concurrency: 2, reviewers: ['counted'] });
    expect([batch.summary.ready, most]).toEqual([9, 2]);
  });

  test('leaves a parked review to itself and finishes', async () => {
    harness.write('p.md', '!low x\n');
    const batch = await finish({ requests: [{ artifact: { path: 'p.md' }, reviewers: ['down'] }, { artifact: { path: 'p.md' } }], concurrency: 1 });
    expect(outcomes(batch)).toEqual([['p.md', 'parked'], ['p.md', 'target_reached']]);
    const child = await harness.store.findRun(batch.reviews[0]!.run_id!);
    const handle = harness.client.workflow.getHandle(child.workflowId);
    await handle.executeUpdate('decide', { args: [{ decision: 'abort' }] });
    expect((await handle.result() as { outcome: string }).outcome).toBe('aborted');
  });

  test('continues as new before its history grows long, and loses nothing', async () => {
    const handle = await harness.client.workflow.start('reviewBatch', {
      taskQueue: harness.prefix, workflowId: `${harness.prefix}-can`, args: [{ paths: ['many'], concurrency: 2 }, undefined, 2],
    });
    const batch = (await handle.result()) as WireBatch;
    expect([batch.summary.total, batch.summary.ready, batch.run_id]).toEqual([9, 9, handle.firstExecutionRunId]);
    let runs = 0;
    for (let waited = 0; runs < 5 && waited < 5_000; waited += 200) {
      runs = 0;
      for await (const _run of harness.client.workflow.list({ query: `WorkflowId = '${handle.workflowId}'` })) runs += 1;
      if (runs < 5) await sleep(200);
    }
    expect(runs).toBe(5);
  });

  test('is refused for a request that names nothing', async () => {
    await expect(finish({ concurrency: 2 })).rejects.toThrow();
  });
});

interface Child {
  readonly workflowId: string;
  readonly status: string;
}

describe('a cancelled batch', () => {
  /** Children in the order of their items. The service's index of runs follows within a second. */
  async function childrenOf(workflowId: string): Promise<Child[]> {
    const children: Child[] = [];
    for await (const { workflowId: id, status } of harness.client.workflow.list({ query: `WorkflowType = 'review' AND WorkflowId STARTS_WITH '${workflowId}/'` })) children.push({ workflowId: id, status: status.name });
    return children.toSorted((a, b) => Number(a.workflowId.split('/').at(-1)) - Number(b.workflowId.split('/').at(-1)));
  }

  const begin = async (request: object, perRun?: number) => {
    const workflowId = `${harness.prefix}-cancelled-${(batches += 1)}`;
    const handle = await harness.client.workflow.start('reviewBatch', { taskQueue: harness.prefix, workflowId, args: [request, undefined, perRun] });
    const { client, store, prefix } = harness;
    const reviews = createReviews({ client, store, host: 'host', queue: prefix });
    const place = { workflowId, runId: handle.firstExecutionRunId };
    return { ...place, cancel: () => reviews.cancel(place), end: () => reviews.wait(place, { passWaiting: true }), statuses: async () => (await childrenOf(workflowId)).map(({ status }) => status) };
  };
  let batches = 0;

  const many = (count: number, reviewer: string): object => {
    const paths = Array.from({ length: count }, (_, n) => `cancel/${reviewer}-${n}.md`);
    for (const path of paths) harness.write(path, '!medium a fix\n!medium b fix\n');
    return { paths, root: harness.root, concurrency: 2, reviewers: [reviewer], save: 'write', target_score: 99 };
  };

  test('cancels its reviews at work, begins no other, and keeps what has ended', async () => {
    const batch = await begin(many(4, 'slow'));
    await expect.poll(() => batch.statuses(), { timeout: 20_000 }).toEqual(['RUNNING', 'RUNNING']);
    await batch.cancel();
    expect(await batch.end()).toEqual({ why: 'cancelled' });
    await expect.poll(() => batch.statuses(), { timeout: 5_000 }).toEqual(['CANCELLED', 'CANCELLED']);
    const { summary, entries = [], closedAt } = (await harness.store.getBatch(batch.runId))!;
    expect(summary).toEqual({ total: 4, ready: 0, belowTarget: 0, notJudged: 0, failed: 4, skipped: [], startedAt: expect.any(String), closedAt, cancelled: true });
    expect(entries.map(({ path, state, runId }) => [path, state, runId !== undefined])).toEqual([0, 1, 2, 3].map((n) => [`cancel/slow-${n}.md`, 'cancelled', n < 2]));
    for (const { runId } of entries.slice(0, 2)) expect(await loadReport(harness.store, runId!)).toMatchObject({ runId, state: 'cancelled', saved: null });
  });

  test('is not lost and begins nothing later, whenever between two of its executions the word comes', async () => {
    for (const afterMs of [0, 250, 450, 600, 800]) {
      const batch = await begin(many(40, 'brief'), 1);
      await sleep(afterMs);
      await batch.cancel();
      expect(await batch.end()).toEqual({ why: 'cancelled' });
      const { summary, entries = [] } = (await harness.store.getBatch(batch.runId))!;
      const begun = entries.filter(({ runId }) => runId !== undefined).length;
      expect([summary?.cancelled, summary!.total < 40 ? begun : begun < 40]).toEqual([true, summary!.total < 40 ? 0 : true]);
      await sleep(1_200);
      const statuses = await batch.statuses();
      expect([statuses.length, statuses.includes('RUNNING')]).toEqual([begun, false]);
    }
  }, 60_000);

  test('cancels the reviews too that it had left to a person, in an earlier execution or this one', async () => {
    const waiting = { artifact: { path: 'p.md' }, reviewers: ['down'] };
    harness.write('p.md', '!low x\n');
    const batch = await begin({ requests: [waiting, waiting, { artifact: { path: 'p.md' }, reviewers: ['slow'] }], concurrency: 1 }, 1);
    await expect.poll(() => batch.statuses(), { timeout: 40_000 }).toEqual(['RUNNING', 'RUNNING', 'RUNNING']);
    await batch.cancel();
    expect(await batch.end()).toEqual({ why: 'cancelled' });
    await expect.poll(() => batch.statuses(), { timeout: 10_000 }).toEqual(['CANCELLED', 'CANCELLED', 'CANCELLED']);
  }, 60_000);
});
