import { AppError } from '#domain/errors.ts';
import { sql } from 'kysely';
import { columnText } from './rows.ts';
import type { Database } from './schema.ts';

/** A workflow id of ours has 27 characters, a run id 36. */
const shownCharacters = 64;

/**
 * The run id that is meant: the id itself, else the latest one of that workflow id, else the only one that begins so.
 *
 * Out     null where none matches
 * Fails   InvalidInput RUN_AMBIGUOUS
 */
export async function findRunId(db: Database, table: 'runs' | 'batches', idOrBeginning: string): Promise<string | null> {
  const id = columnText(idOrBeginning);
  const exact = await db.selectFrom(table).select('runId').where('runId', '=', id).executeTakeFirst();
  if (exact !== undefined) return exact.runId;
  const latest = await db.selectFrom(table).select('runId').where('workflowId', '=', id).orderBy('startedAt', 'desc').orderBy('runId', 'desc').executeTakeFirst();
  if (latest !== undefined) return latest.runId;
  return id === '' ? null : findByBeginning(db, table, id);
}

async function findByBeginning(db: Database, table: 'runs' | 'batches', beginning: string): Promise<string | null> {
  const [only, ...others] = await db.selectFrom(table).select('runId').where(sql<boolean>`substr(run_id, 1, ${beginning.length}) = ${beginning}`).execute();
  if (others.length === 0) return only?.runId ?? null;
  throw new AppError('InvalidInput', 'RUN_AMBIGUOUS', `${others.length + 1} runs begin with ${shown(beginning)}. Give more of the run id; koubou list shows them.`);
}

export function shown(id: string): string {
  return JSON.stringify(id.slice(0, shownCharacters));
}
