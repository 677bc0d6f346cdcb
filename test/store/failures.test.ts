import { describe, expect, it } from 'vitest';
import { AppError } from '#domain/errors.ts';
import { sqliteCode, storeFailure } from '#store/failures.ts';

function fromSqlite(errcode: number): Error {
  return Object.assign(new Error('near "secret": syntax error'), { code: 'ERR_SQLITE_ERROR', errcode });
}

function withCode(code: string): Error {
  return Object.assign(new Error('relation of user secret at 10.0.0.7'), { code });
}

const table: readonly (readonly [string, Error, string])[] = [
  ['another process holds the lock', fromSqlite(5), 'Unavailable STORE_BUSY'],
  ['a snapshot grew stale', fromSqlite(517), 'Unavailable STORE_BUSY'],
  ['a table is locked', fromSqlite(6), 'Unavailable STORE_BUSY'],
  ['the disk fails', fromSqlite(10), 'Unavailable STORE_UNREACHABLE'],
  ['the disk is full', fromSqlite(13), 'Unavailable STORE_FULL'],
  ['the file may not be written', fromSqlite(8), 'Misconfigured STORE_ACCESS'],
  ['the file cannot be opened', fromSqlite(14), 'Misconfigured STORE_ACCESS'],
  ['the file is damaged', fromSqlite(11), 'Misconfigured STORE_DAMAGED'],
  ['the file is no database', fromSqlite(26), 'Misconfigured STORE_DAMAGED'],
  ['a statement is wrong', fromSqlite(1), 'Bug STORE_FAILED'],
  ['two transactions lock each other out', withCode('40P01'), 'Unavailable STORE_BUSY'],
  ['the server shuts down', withCode('57P01'), 'Unavailable STORE_UNREACHABLE'],
  ['the server has too many clients', withCode('53300'), 'Unavailable STORE_UNREACHABLE'],
  ['the server has no disk left', withCode('53100'), 'Unavailable STORE_FULL'],
  ['the password is wrong', withCode('28P01'), 'Misconfigured STORE_ACCESS'],
  ['the database does not exist', withCode('3D000'), 'Misconfigured STORE_ACCESS'],
  ['a right is missing', withCode('42501'), 'Misconfigured STORE_ACCESS'],
  ['a server copy is read-only', withCode('25006'), 'Misconfigured STORE_ACCESS'],
  ['a row exists twice', withCode('23505'), 'Bug STORE_FAILED'],
  ['nobody listens', withCode('ECONNREFUSED'), 'Unavailable STORE_UNREACHABLE'],
  ['the name is unknown', withCode('ENOTFOUND'), 'Unavailable STORE_UNREACHABLE'],
  ['the connection breaks', new Error('Connection terminated unexpectedly'), 'Unavailable STORE_UNREACHABLE'],
  ['a password is asked for', new Error('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string'), 'Misconfigured STORE_ACCESS'],
  ['the certificate is not trusted', withCode('SELF_SIGNED_CERT_IN_CHAIN'), 'Misconfigured STORE_ACCESS'],
  ['the certificate has expired', withCode('CERT_HAS_EXPIRED'), 'Misconfigured STORE_ACCESS'],
  ['something else breaks', new Error('cannot read properties of undefined'), 'Bug STORE_FAILED'],
];

describe('a failure of the store', () => {
  it.each(table)('when %s is named by who must act', (_, error, expected) => {
    const failure = storeFailure(error);
    expect(`${failure.kind} ${failure.code}`).toBe(expected);
    expect(failure.message).not.toMatch(/secret|10\.0\.0\.7|SASL/);
    expect(failure.cause).toBe(error);
  });

  it('that is already named stays as it is', () => {
    const named = new AppError('InvalidInput', 'RUN_UNKNOWN', 'No such run.');
    expect(storeFailure(named)).toBe(named);
  });

  it('has a code of SQLite only where SQLite raised it', () => {
    expect([fromSqlite(517), withCode('40001'), new Error('x'), 'text'].map(sqliteCode)).toEqual([5, null, null, null]);
  });
});
