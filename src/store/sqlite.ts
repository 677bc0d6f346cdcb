import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { CompiledQuery, SqliteAdapter, SqliteDriver, SqliteIntrospector, SqliteQueryCompiler, type DatabaseConnection, type Dialect, type SqliteDatabase, type SqliteStatement } from 'kysely';
import { sqliteCode } from './failures.ts';

/** Others hold the write lock for milliseconds; 20 MB on a slow disk for a second or two. */
const patienceMs = 10_000;
const longestWaitMs = 50;

const sqliteBusy = 5;

/** Speaks to the SQLite inside Node. Many processes may use one file at a time. */
export function sqliteDialect(file: string): Dialect {
  return {
    createDriver: () => createDriver(file),
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}

function createDriver(file: string): SqliteDriver {
  const driver = new SqliteDriver({ database: () => openDatabase(file) });
  const acquire = driver.acquireConnection.bind(driver);
  driver.acquireConnection = async () => makePatient(await acquire());
  // A transaction that asks for the write lock only at its first write can fail there without waiting.
  driver.beginTransaction = async (connection) => {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  };
  return driver;
}

async function openDatabase(file: string): Promise<SqliteDatabase> {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    await untilFree(() => database.exec('pragma journal_mode = wal'));
    // NORMAL keeps the file whole through a kill; a power cut may cost the last moments, which the workflow repeats.
    database.exec('pragma synchronous = normal');
  } catch (error) {
    database.close();
    throw error;
  }
  const prepared = new Map<string, SqliteStatement>();
  return { close: () => database.close(), prepare: (text) => keepPrepared(prepared, text, () => adaptStatement(database, text)) };
}

/** A query of this program has one of some dozens of forms; preparing one costs as much as running it. */
const mostPrepared = 200;

function keepPrepared(prepared: Map<string, SqliteStatement>, text: string, prepare: () => SqliteStatement): SqliteStatement {
  const known = prepared.get(text);
  if (known !== undefined) return known;
  const statement = prepare();
  // A Map keeps the order of insertion: the first key is the oldest.
  if (prepared.size >= mostPrepared) prepared.delete(prepared.keys().next().value!);
  prepared.set(text, statement);
  return statement;
}

function adaptStatement(database: DatabaseSync, text: string): SqliteStatement {
  const statement = database.prepare(text);
  const values = (parameters: readonly unknown[]): SQLInputValue[] => parameters as SQLInputValue[];
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...values(parameters)),
    run: (parameters) => statement.run(...values(parameters)),
    // Rows that are taken one by one may still be under way when the same query is asked again.
    iterate: (parameters) => database.prepare(text).iterate(...values(parameters)),
  };
}

function makePatient(connection: DatabaseConnection): DatabaseConnection {
  return {
    executeQuery: (query, options) => untilFree(() => connection.executeQuery(query, options)),
    streamQuery: (query, chunkSize) => connection.streamQuery(query, chunkSize),
  };
}

// SQLite's own waiting would stop the whole thread, and with it the heartbeats, and for ever where the lock is held by
// another connection of this very thread. A statement that met a lock has done nothing, so it can be given again.
async function untilFree<T>(action: () => T | Promise<T>): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (let waitMs = 1; ; waitMs = Math.min(2 * waitMs, longestWaitMs)) {
    try {
      return await action();
    } catch (error) {
      if (sqliteCode(error) !== sqliteBusy || performance.now() > deadline) throw error;
      await sleep(waitMs * (0.5 + Math.random()));
    }
  }
}
