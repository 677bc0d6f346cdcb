import { CamelCasePlugin, Kysely, sql } from 'kysely';
import { AppError } from '#domain/errors.ts';
import { storeAnswers } from './answers.ts';
import { storeBatches } from './batches.ts';
import { storeFailure } from './failures.ts';
import { appliedMigrations, migrate } from './migrations.ts';
import { postgresDialect } from './postgres.ts';
import { storeReports } from './reports.ts';
import { storeReviews } from './reviews.ts';
import { storeRevisions } from './revisions.ts';
import { storeRuns } from './runs.ts';
import type { Access, Database, Tables } from './schema.ts';
import { sqliteDialect } from './sqlite.ts';
import type { Store, StoreDescription } from './store.ts';
import { readStoreUrl, type StorePlace } from './url.ts';

/**
 * The store at an address; nothing is opened before its first use. The folder of a SQLite file must exist.
 *
 * Fails   Misconfigured STORE_URL
 */
export function openStore(settings: { readonly url: string }): Store {
  const place = readStoreUrl(settings.url);
  const connection = openAtFirstUse(place);
  const { access } = connection;
  return {
    ...storeRevisions(access),
    ...storeRuns(access),
    ...storeReviews(access),
    ...storeReports(access),
    ...storeAnswers(access),
    ...storeBatches(access),
    describe: () => access((db) => describe(db, place)),
    close: connection.close,
  };
}

function openAtFirstUse(place: StorePlace): { readonly access: Access; readonly close: () => Promise<void> } {
  let opening: Promise<Database> | null = null;
  let closed = false;
  const open = (): Promise<Database> => {
    if (closed) throw new AppError('Bug', 'STORE_CLOSED', 'The store was used after it was closed.');
    // What failed once is tried anew at the next use: a database may come up late.
    opening ??= openDatabase(place).catch((error: unknown) => {
      opening = null;
      throw error;
    });
    return opening;
  };
  const access: Access = async (action) => {
    try {
      return await action(await open());
    } catch (error) {
      throw inPlace(storeFailure(error), place);
    }
  };
  const close = async (): Promise<void> => {
    closed = true;
    const db = await opening?.catch(() => null);
    opening = null;
    await db?.destroy();
  };
  return { access, close };
}

// Whoever has to restore a store must know where it lies.
function inPlace(failure: AppError, place: StorePlace): AppError {
  if (failure.code !== 'STORE_DAMAGED') return failure;
  return new AppError(failure.kind, failure.code, `${failure.message} It lies at ${place.shown}.`, { cause: failure.cause });
}

async function openDatabase(place: StorePlace): Promise<Database> {
  const dialect = place.kind === 'sqlite' ? sqliteDialect(place.target) : postgresDialect(place.target);
  const plain = new Kysely<Tables>({ dialect });
  try {
    await migrate(plain as Kysely<unknown>, place.kind);
  } catch (error) {
    await plain.destroy();
    throw error;
  }
  return plain.withPlugin(new CamelCasePlugin());
}

async function describe(db: Database, place: StorePlace): Promise<StoreDescription> {
  const size = place.kind === 'sqlite' ? sql`page_count * page_size as bytes from pragma_page_count(), pragma_page_size()` : sql`pg_database_size(current_database()) as bytes`;
  const { rows } = await sql<{ bytes: number | string }>`select ${size}`.execute(db);
  const migrations = await appliedMigrations(db.withoutPlugins() as Kysely<unknown>);
  return { kind: place.kind, place: place.shown, bytes: Number(rows[0]?.bytes ?? 0), migrations };
}
