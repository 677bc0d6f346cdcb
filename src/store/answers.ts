import { sql } from 'kysely';
import type { Access, Database } from './schema.ts';
import type { AnswerRecord, Spent, Store } from './store.ts';

/** What models answered: kept so that an answer is paid once, and added up for budgets. */
export function storeAnswers(access: Access): Pick<Store, 'putAnswer' | 'getAnswer' | 'forgetAnswer' | 'spentSince'> {
  return {
    putAnswer: (answer) => access((db) => putAnswer(db, answer)),
    getAnswer: (key) => access((db) => getAnswer(db, key)),
    forgetAnswer: (key) => access((db) => forgetAnswer(db, key)),
    spentSince: (at) => access((db) => spentSince(db, at)),
  };
}

async function putAnswer(db: Database, { text, ...plain }: AnswerRecord): Promise<void> {
  await db.insertInto('answers').values({ ...plain, content: new TextEncoder().encode(text) }).onConflict((conflict) => conflict.column('key').doNothing()).execute();
}

async function getAnswer(db: Database, key: string): Promise<AnswerRecord | null> {
  const row = await db.selectFrom('answers').selectAll().where('key', '=', key).executeTakeFirst();
  if (row === undefined || row.content === null) return null;
  const { content, ...plain } = row;
  return { ...plain, text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(content) };
}

// Its key is taken out of use with it: the same question may be asked and answered again.
async function forgetAnswer(db: Database, key: string): Promise<void> {
  await db.updateTable('answers').set({ content: null, key: sql<string>`${key} || ' forgotten ' || answered_at` }).where('key', '=', key).execute();
}

async function spentSince(db: Database, at: string): Promise<Spent> {
  const total = sql<number | null>`sum(coalesce(input_tokens, 0) + coalesce(output_tokens, 0))`;
  const row = await db.selectFrom('answers').select([sql<number | null>`sum(cost_usd)`.as('usd'), total.as('tokens')]).where('answeredAt', '>=', at).executeTakeFirst();
  return { usd: Number(row?.usd ?? 0), tokens: Number(row?.tokens ?? 0) };
}
