import { AppError } from '#domain/errors.ts';

/** Primary result codes of SQLite (https://www.sqlite.org/rescode.html). */
const sqliteFailures: Readonly<Record<number, () => AppError>> = {
  3: denied, 8: denied, 14: denied, 23: denied,
  5: busy, 6: busy,
  7: full, 13: full,
  10: () => new AppError('Unavailable', 'STORE_UNREACHABLE', 'The disk that holds the store could not be read or written. Check the disk, then try again.'),
  11: damaged, 26: damaged,
};

/** Beginnings of PostgreSQL's SQLSTATE codes, the longest first (its manual, appendix A). */
const postgresFailures: readonly (readonly [string, () => AppError])[] = [
  ['55P03', busy], ['57014', busy], ['40', busy], ['53100', full],
  ['08', unreachable], ['53', unreachable], ['57P', unreachable],
  ['28', denied], ['3D', denied], ['3F', denied], ['42501', denied], ['25006', denied],
];

const networkCodes: readonly string[] = ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EPIPE', 'EHOSTUNREACH', 'ENETUNREACH'];

/** What the PostgreSQL client says in words only. */
const spokenFailures: readonly (readonly [RegExp, () => AppError])[] = [
  [/connection terminated|connection ended|timeout exceeded when trying to connect|client has encountered a connection error/i, unreachable],
  [/^SASL:|does not support SSL|certificate/i, denied],
];

/** What the database threw, as an AppError: the statement, its values and the address stay out of the message. */
export function storeFailure(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const known = sqliteFailure(error) ?? postgresFailure(error) ?? networkFailure(error) ?? spokenFailure(error);
  return withCause(known ?? new AppError('Bug', 'STORE_FAILED', 'The store refused a statement; koubou doctor checks the store.'), error);
}

/** The primary result code of an error that SQLite raised, else null. */
export function sqliteCode(error: unknown): number | null {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  // The upper bits refine the code in the lowest eight.
  return code === 'ERR_SQLITE_ERROR' && typeof errcode === 'number' ? errcode & 0xff : null;
}

function sqliteFailure(error: unknown): AppError | undefined {
  const code = sqliteCode(error);
  return code === null ? undefined : sqliteFailures[code]?.();
}

function postgresFailure(error: unknown): AppError | undefined {
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code)) return undefined;
  return postgresFailures.find(([beginning]) => code.startsWith(beginning))?.[1]();
}

function networkFailure(error: unknown): AppError | undefined {
  const { code } = error as { code?: unknown };
  return networkCodes.some((known) => known === code) ? unreachable() : undefined;
}

function spokenFailure(error: unknown): AppError | undefined {
  const { message, code } = error as { message?: unknown; code?: unknown };
  const words = `${String(message)} ${String(code).replaceAll('_', ' ').replace(/\bCERT\b/, 'certificate')}`;
  return spokenFailures.find(([pattern]) => pattern.test(words))?.[1]();
}

function withCause(failure: AppError, cause: unknown): AppError {
  return new AppError(failure.kind, failure.code, failure.message, { cause });
}

function busy(): AppError {
  return new AppError('Unavailable', 'STORE_BUSY', 'The store is locked by another process. It is tried again; if it stays locked, end the process that holds it.');
}

function full(): AppError {
  return new AppError('Unavailable', 'STORE_FULL', 'The store has no space left. Free some disk space, then try again.');
}

function unreachable(): AppError {
  return new AppError('Unavailable', 'STORE_UNREACHABLE', 'The store does not answer. Check that the database of store.url runs and can be reached from here.');
}

function denied(): AppError {
  return new AppError('Misconfigured', 'STORE_ACCESS', 'The store cannot be opened. Check store.url: that the folder or the database exists, and that this user may write there.');
}

function damaged(): AppError {
  return new AppError('Misconfigured', 'STORE_DAMAGED', 'The file of store.url is no sound SQLite database. Restore it from a backup, or move it away to begin a new one.');
}
