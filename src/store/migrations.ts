import { sql, type Kysely } from 'kysely';
import { Migrator, type Migration } from 'kysely/migration';
import { AppError } from '#domain/errors.ts';
import { addAnswers } from './answers-table.ts';
import { createFirstTables } from './first-tables.ts';

export type StoreKind = 'sqlite' | 'postgres';

/** Names are stored in every database and sort by age: never change or rename one, only add. */
const migrations: Readonly<Record<string, (kind: StoreKind) => Migration>> = {
  '0001_first_tables': (kind) => ({ up: (db) => createFirstTables(db, kind) }),
  '0002_answers': (kind) => ({ up: (db) => addAnswers(db, kind) }),
};

const migrationTable = 'koubou_migrations';

/** A database without plugins: migrations speak snake_case. */
export type PlainDatabase = Kysely<unknown>;

/**
 * Brings the database to this program's shape; any number of processes may do so at once.
 *
 * Fails   Misconfigured STORE_NEWER where a newer program has been at work
 */
export async function migrate(db: PlainDatabase, kind: StoreKind): Promise<void> {
  if (await isCurrent(db)) return;
  if (kind === 'postgres') return migrateToLatest(db, kind);
  // The query builder knows no lock for SQLite: the write lock keeps the others out until all is done or undone.
  await db.connection().execute(async (connection) => {
    await sql`begin immediate`.execute(connection);
    try {
      await migrateToLatest(connection, kind);
      await sql`commit`.execute(connection);
    } catch (error) {
      await sql`rollback`.execute(connection);
      throw error;
    }
  });
}

/** Names of the migrations that the database has been through, oldest first. */
export async function appliedMigrations(db: PlainDatabase): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === migrationTable)) return [];
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(migrationTable)} order by name`.execute(db);
  return rows.map(({ name }) => name);
}

async function isCurrent(db: PlainDatabase): Promise<boolean> {
  const applied = await appliedMigrations(db);
  const unknown = applied.filter((name) => migrations[name] === undefined);
  if (unknown.length > 0) {
    throw new AppError('Misconfigured', 'STORE_NEWER', `The store was written by a newer Koubou (it has ${unknown.join(', ')}). Update this one, or name another store in store.url.`);
  }
  return Object.keys(migrations).every((name) => applied.includes(name));
}

async function migrateToLatest(db: PlainDatabase, kind: StoreKind): Promise<void> {
  const made = Object.entries(migrations).map(([name, make]) => [name, make(kind)] as const);
  const provider = { getMigrations: () => Promise.resolve(Object.fromEntries(made)) };
  const migrator = new Migrator({ db, provider, migrationTableName: migrationTable, migrationLockTableName: 'koubou_migration_lock' });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}
