import type { BatchEntry, BatchSummary } from '#domain/batch.ts';
import { findRunId } from './find.ts';
import { columnText, parseStored } from './rows.ts';
import type { Access, Database } from './schema.ts';
import type { BatchRecord, Store } from './store.ts';

/** Batches of reviews; the reviews themselves are runs of their own. */
export function storeBatches(access: Access): Pick<Store, 'putBatch' | 'closeBatch' | 'getBatch' | 'findBatch'> {
  return {
    putBatch: async ({ request, ...plain }) => {
      const row = { ...plain, requestJson: JSON.stringify(request ?? null) };
      await access((db) => db.insertInto('batches').values(row).onConflict((conflict) => conflict.doNothing()).execute());
    },
    closeBatch: async ({ runId, summary, entries, closedAt }) => {
      const end = { summaryJson: JSON.stringify(summary), entriesJson: JSON.stringify(entries), closedAt };
      await access((db) => db.updateTable('batches').set(end).where('runId', '=', runId).execute());
    },
    getBatch: (runId) => access((db) => getBatch(db, runId)),
    findBatch: (idOrBeginning) =>
      access(async (db) => {
        const runId = await findRunId(db, 'batches', idOrBeginning);
        return runId === null ? null : getBatch(db, runId);
      }),
  };
}

async function getBatch(db: Database, runId: string): Promise<BatchRecord | null> {
  const row = await db.selectFrom('batches').selectAll().where('runId', '=', columnText(runId)).executeTakeFirst();
  if (row === undefined) return null;
  const { requestJson, summaryJson, entriesJson, closedAt, ...plain } = row;
  return {
    ...plain,
    request: parseStored<unknown>(requestJson),
    ...(summaryJson === null ? {} : { summary: parseStored<BatchSummary>(summaryJson) }),
    ...(entriesJson === null ? {} : { entries: parseStored<BatchEntry[]>(entriesJson) }),
    ...(closedAt === null ? {} : { closedAt }),
  };
}
