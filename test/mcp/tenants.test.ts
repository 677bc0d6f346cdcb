import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listVisibleRuns } from '#mcp/list-runs.ts';
import { findVisibleRun, tenantOfBatch } from '#mcp/run-access.ts';
import type { McpReading } from '#mcp/server-options.ts';
import { anArtifact, aRequest } from '../support/builders.ts';
import { temporaryStore, type TemporaryStore } from '../support/temporary-store.ts';

let temporary: TemporaryStore;
let reading: McpReading;
beforeEach(() => {
  temporary = temporaryStore();
  reading = { store: temporary.store, reviews: null };
});
afterEach(() => temporary.dispose());

const at = (second: number): string => `2026-11-21T10:00:${String(second).padStart(2, '0')}.000Z`;

async function run(tenant: string, second: number): Promise<string> {
  const runId = randomUUID();
  await reading.store.startRun({ runId, workflowId: `review-${runId}`, tenant, artifactName: 'a.ts', kind: 'code', language: 'typescript', targetScore: 85, request: aRequest(), artifact: anArtifact(), startedAt: at(second) });
  return runId;
}

async function batch(tenant: string | undefined, second: number): Promise<string> {
  const runId = randomUUID();
  await reading.store.putBatch({ runId, workflowId: `batch-${runId}`, request: { paths: ['.'], ...(tenant === undefined ? {} : { tenant }) }, startedAt: at(second) });
  return runId;
}

describe('runs of a tenant', () => {
  test('are found by their own and are unknown to others, as one that never was', async () => {
    const [mine, ours] = [await run('a', 1), await batch('a', 2)];
    for (const id of [mine, ours]) {
      expect(await findVisibleRun(id, reading, { tenant: 'a' })).toMatchObject({ runId: id });
      expect(await findVisibleRun(id, reading, {})).toMatchObject({ runId: id });
      const told = await Promise.all([id, randomUUID()].map((asked) => findVisibleRun(asked, reading, { tenant: 'b' }).catch((error: { code: string }) => error.code)));
      expect(told).toEqual(['RUN_UNKNOWN', 'RUN_UNKNOWN']);
    }
  });

  test('are listed to their own alone, batches among them, newest first', async () => {
    const a1 = await run('a', 1);
    await run('b', 2);
    const a3 = await batch('a', 3);
    const none = await batch(undefined, 4);
    const ids = async (tenant?: string): Promise<string[]> => (await listVisibleRuns(reading, tenant === undefined ? {} : { tenant }, { limit: 10 })).runs.map(({ run_id: id }) => id);
    expect([await ids('a'), await ids('default'), (await ids()).length]).toEqual([[a3, a1], [none], 4]);
    expect([tenantOfBatch({ tenant: 'x' }), tenantOfBatch({}), tenantOfBatch(null), tenantOfBatch({ tenant: 3 })]).toEqual(['x', 'default', 'default', 'default']);
  });
});

describe('a list of runs', () => {
  test('goes on where the page before ended, and misses none', async () => {
    const all = [];
    for (let second = 0; second < 25; second += 1) all.unshift(await (second % 5 === 0 ? batch('a', second) : run('a', second)));
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listVisibleRuns(reading, {}, { limit: 4, ...(cursor === undefined ? {} : { cursor }) });
      found.push(...page.runs.map(({ run_id: id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(found).toEqual(all);
  });

  test('takes no cursor that it did not give', async () => {
    for (const cursor of ['', 'x', Buffer.from("2026-11-21T10:00:00Z ' OR 1=1").toString('base64url')]) {
      await expect(listVisibleRuns(reading, {}, { limit: 4, cursor })).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
    }
  });

  test('holds only the states that were asked for', async () => {
    const [open, closed] = [await run('a', 1), await run('a', 2)];
    await reading.store.updateRun(closed, { state: 'completed', closedAt: at(9) });
    const of = async (state: 'completed' | 'reviewing'): Promise<string[]> => (await listVisibleRuns(reading, {}, { limit: 4, states: [state] })).runs.map(({ run_id: id }) => id);
    expect([await of('completed'), await of('reviewing')]).toEqual([[closed], [open]]);
  });
});
