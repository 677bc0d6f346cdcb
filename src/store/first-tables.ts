import { sql, type RawBuilder } from 'kysely';
import type { PlainDatabase, StoreKind } from './migrations.ts';

type ColumnType = 'text' | 'integer' | 'double precision' | 'bytes';
/** With '?' the column may be null. */
type Column = ColumnType | `${ColumnType}?`;

export interface Table {
  readonly name: string;
  readonly columns: Readonly<Record<string, Column>>;
  readonly key: readonly string[];
  readonly indexes?: Readonly<Record<string, readonly string[]>>;
}

// Times are ISO 8601 UTC texts, which sort by time. Texts of people are bytes: PostgreSQL's own text knows no NUL.
const tables: readonly Table[] = [
  { name: 'revisions', columns: { sha256: 'text', bytes: 'integer', content: 'bytes' }, key: ['sha256'] },
  {
    name: 'runs',
    columns: {
      run_id: 'text', workflow_id: 'text', tenant: 'text', state: 'text', outcome: 'text?',
      artifact_name: 'text', artifact_path: 'text?', root: 'text?', kind: 'text?', language: 'text?',
      target_score: 'double precision?', iteration: 'integer', score: 'double precision?', initial_score: 'double precision?',
      best_sha256: 'text?', cost_usd: 'double precision',
      error_json: 'text?', request_json: 'text?', artifact_json: 'text?', started_at: 'text', closed_at: 'text?',
    },
    key: ['run_id'],
    indexes: { runs_by_time: ['started_at', 'run_id'], runs_by_workflow: ['workflow_id', 'started_at'], runs_by_artifact: ['artifact_path', 'started_at'] },
  },
  {
    name: 'iterations',
    columns: {
      run_id: 'text', iteration: 'integer', sha256: 'text', bytes: 'integer', score: 'double precision?', accepted: 'integer',
      refused_because: 'text?', findings: 'integer', duration_ms: 'double precision', cost_usd: 'double precision?',
      categories_json: 'text', changes_json: 'text',
    },
    key: ['run_id', 'iteration'],
  },
  {
    name: 'reviews',
    columns: { run_id: 'text', iteration: 'integer', reviewer: 'text', sha256: 'text', body_json: 'text' },
    key: ['run_id', 'iteration', 'reviewer'],
  },
  {
    name: 'findings',
    columns: {
      run_id: 'text', iteration: 'integer', reviewer: 'text', position: 'integer', id: 'text', rule_id: 'text', category: 'text',
      severity: 'text', confidence: 'double precision', line: 'integer', suppressed: 'text?', body_json: 'text',
    },
    key: ['run_id', 'iteration', 'reviewer', 'position'],
    indexes: { findings_by_id: ['id', 'run_id', 'iteration'] },
  },
  { name: 'reports', columns: { run_id: 'text', format: 'text', content: 'bytes' }, key: ['run_id', 'format'] },
  { name: 'effects', columns: { run_id: 'text', kind: 'text', value_json: 'text' }, key: ['run_id', 'kind'] },
  {
    name: 'batches',
    columns: { run_id: 'text', workflow_id: 'text', request_json: 'text', summary_json: 'text?', entries_json: 'text?', started_at: 'text', closed_at: 'text?' },
    key: ['run_id'],
    indexes: { batches_by_workflow: ['workflow_id', 'started_at'] },
  },
];

/** The first shape of the store. Stored databases have it: change it by a further migration only. */
export async function createFirstTables(db: PlainDatabase, kind: StoreKind): Promise<void> {
  for (const table of tables) await createTable(db, kind, table);
}

/** Creates a table with its key and indexes. */
export async function createTable(db: PlainDatabase, kind: StoreKind, table: Table): Promise<void> {
  let builder = db.schema.createTable(table.name);
  for (const [name, column] of Object.entries(table.columns)) {
    builder = builder.addColumn(name, columnType(column.replace('?', ''), kind), (type) => (column.endsWith('?') ? type : type.notNull()));
  }
  await builder.addPrimaryKeyConstraint(`${table.name}_key`, [...table.key] as never[]).execute();
  for (const [name, columns] of Object.entries(table.indexes ?? {})) {
    await db.schema.createIndex(name).on(table.name).columns([...columns]).execute();
  }
}

function columnType(type: string, kind: StoreKind): RawBuilder<unknown> {
  if (type !== 'bytes') return sql.raw(type);
  return kind === 'sqlite' ? sql`blob` : sql`bytea`;
}
