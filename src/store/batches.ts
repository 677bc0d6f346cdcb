import type { BatchEntry, BatchSummary } from '#domain/batch.ts';
import { findRunId } from './find.ts';
import { columnText, parseStored } from './rows.ts';
import type { Access, Database, Tables } from './schema.ts';
import type { BatchHead, BatchRecord, Store } from './store.ts';

/** Batches of reviews; the reviews themselves are runs of their own. */
export function storeBatches(access: Access): Pick<Store, 'putBatch' | 'closeBatch' | 'getBatch' | 'findBatch' | 'listBatches'> {
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
    listBatches: (limit) => access((db) => listBatches(db, limit)),
  };
}

async function getBatch(db: Database, runId: string): Promise<BatchRecord | null> {
  const row = await db.selectFrom('batches').selectAll().where('runId', '=', columnText(runId)).executeTakeFirst();
  if (row === undefined) return null;
  const { entriesJson, ...head } = row;
  return { ...toHead(head), ...(entriesJson === null ? {} : { entries: parseStored<BatchEntry[]>(entriesJson) }) };
}

const headColumns = ['runId', 'workflowId', 'requestJson', 'summaryJson', 'startedAt', 'closedAt'] as const;
const longestList = 1000;

async function listBatches(db: Database, limit: number): Promise<BatchHead[]> {
  const newest = db.selectFrom('batches').select(headColumns).orderBy('startedAt', 'desc').orderBy('runId', 'desc');
  return (await newest.limit(Math.min(Math.max(1, limit), longestList)).execute()).map(toHead);
}

function toHead({ requestJson, summaryJson, closedAt, ...plain }: Pick<Tables['batches'], (typeof headColumns)[number]>): BatchHead {
  return {
    ...plain,
    request: parseStored<unknown>(requestJson),
    ...(summaryJson === null ? {} : { summary: parseStored<BatchSummary>(summaryJson) }),
    ...(closedAt === null ? {} : { closedAt }),
  };
}
