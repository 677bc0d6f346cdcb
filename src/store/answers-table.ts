import { createTable, type Table } from './first-tables.ts';
import type { PlainDatabase, StoreKind } from './migrations.ts';

const answers: Table = {
  name: 'answers',
  columns: {
    key: 'text', provider: 'text', model: 'text', content: 'bytes?', finish: 'text',
    input_tokens: 'integer?', output_tokens: 'integer?', cost_usd: 'double precision?', answered_at: 'text',
  },
  key: ['key'],
  indexes: { answers_by_time: ['answered_at'] },
};

/** What models answered and what it cost. Stored databases have it: change it by a further migration only. */
export async function addAnswers(db: PlainDatabase, kind: StoreKind): Promise<void> {
  await createTable(db, kind, answers);
  await db.schema.alterTable('reviews').addColumn('evaluation_json', 'text').execute();
}
