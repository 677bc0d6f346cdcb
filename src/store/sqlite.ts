import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { CompiledQuery, SqliteAdapter, SqliteDriver, SqliteIntrospector, SqliteQueryCompiler, type Dialect, type SqliteDatabase, type SqliteStatement } from 'kysely';
import { sqliteCode } from './failures.ts';

/** Another process writes for milliseconds; SQLite waits in the calling thread, so this is also the longest stall. */
const busyTimeoutMs = 5_000;

/** Processes that start together race for the switch to WAL, where SQLite does not wait by itself. */
const switchAttempts = 100;
const switchWaitMs = 50;

const sqliteBusy = 5;

/** Speaks to the SQLite inside Node. Many processes may use one file at a time. */
export function sqliteDialect(file: string): Dialect {
  return {
    createDriver: () => {
      const driver = new SqliteDriver({ database: () => openDatabase(file) });
      // A transaction that takes the write lock only at its first write can fail there without waiting.
      driver.beginTransaction = async (connection) => {
        await connection.executeQuery(CompiledQuery.raw('begin immediate'));
      };
      return driver;
    },
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}

async function openDatabase(file: string): Promise<SqliteDatabase> {
  const database = new DatabaseSync(file, { timeout: busyTimeoutMs });
  try {
    await switchToWal(database);
    // NORMAL keeps the file whole through a kill; a power cut may cost the last moments, which the workflow repeats.
    database.exec('pragma synchronous = normal');
  } catch (error) {
    database.close();
    throw error;
  }
  return { close: () => database.close(), prepare: (text) => adaptStatement(database.prepare(text)) };
}

async function switchToWal(database: DatabaseSync): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      database.exec('pragma journal_mode = wal');
      return;
    } catch (error) {
      if (sqliteCode(error) !== sqliteBusy || attempt === switchAttempts) throw error;
      await sleep(switchWaitMs);
    }
  }
}

function adaptStatement(statement: StatementSync): SqliteStatement {
  const values = (parameters: readonly unknown[]): SQLInputValue[] => parameters as SQLInputValue[];
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...values(parameters)),
    run: (parameters) => statement.run(...values(parameters)),
    iterate: (parameters) => statement.iterate(...values(parameters)),
  };
}
