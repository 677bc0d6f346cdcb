import { AppError } from '#domain/errors.ts';
import type { StoreKind } from './migrations.ts';

export interface StorePlace {
  readonly kind: StoreKind;
  /** What the driver gets: an absolute file or ':memory:', or the whole address. */
  readonly target: string;
  /** The same for people: never a password. */
  readonly shown: string;
}

/**
 * Reads `store.url`: 'sqlite:/absolute/file', 'sqlite::memory:' or 'postgres://user@host:port/database'.
 *
 * Fails   Misconfigured STORE_URL
 */
export function readStoreUrl(url: string): StorePlace {
  if (url.startsWith('sqlite:')) return readSqlite(url.slice('sqlite:'.length));
  if (/^postgres(?:ql)?:\/\//.test(url)) return readPostgres(url);
  throw badUrl();
}

function readSqlite(rest: string): StorePlace {
  // 'sqlite:///absolute/file' is how other tools write it.
  const file = rest.replace(/^\/\/(?=\/)/, '');
  if (file !== ':memory:' && !/^\/(?!\/)[^\0]+$/.test(file)) throw badUrl();
  return { kind: 'sqlite', target: file, shown: file };
}

function readPostgres(url: string): StorePlace {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || parsed.pathname.length < 2) throw badUrl();
  const user = parsed.username === '' ? '' : `${parsed.username}@`;
  return { kind: 'postgres', target: url, shown: `${parsed.protocol}//${user}${parsed.host}${parsed.pathname}` };
}

function badUrl(): AppError {
  return new AppError('Misconfigured', 'STORE_URL', 'store.url is not an address of a store. Give sqlite:/absolute/file or postgres://user@host:5432/database.');
}
