import { afterAll, describe, expect, it } from 'vitest';
import { openStore } from '#store/open-store.ts';
import { runSql, startPostgres } from '#test/support/postgres.ts';
import { describeStore } from './store-suite.ts';

const postgres = await startPostgres();
afterAll(() => postgres.stop());

describeStore('PostgreSQL', () => postgres.createDatabase());

describe('the store on PostgreSQL', () => {
  it('never shows the password', async () => {
    const url = await postgres.createDatabase();
    const store = openStore({ url });
    expect((await store.describe()).place).toBe(url.replace(`:${postgres.password}`, ''));
    await store.close();
  });

  it('says what is wrong with the settings, without the address', async () => {
    const url = await postgres.createDatabase();
    const wrong = {
      password: url.replace(postgres.password, 'wrong-word'),
      none: url.replace(`:${postgres.password}`, ''),
      database: `${url}_missing`,
      user: url.replace('//postgres:', '//stranger:'),
    };
    for (const address of Object.values(wrong)) {
      const store = openStore({ url: address });
      const error: unknown = await store.hasText('a').catch((caught: unknown) => caught);
      expect(error).toMatchObject({ kind: 'Misconfigured', code: 'STORE_ACCESS' });
      expect((error as Error).message).not.toMatch(/wrong-word|127\.0\.0\.1/);
      await store.close();
    }
  });

  it('refuses a database that a newer program wrote', async () => {
    const url = await postgres.createDatabase();
    const first = openStore({ url });
    await first.putText('a');
    await first.close();
    await runSql(url, "insert into koubou_migrations (name, timestamp) values ('0999_future', '2030-01-01T00:00:00.000Z')");
    const store = openStore({ url });
    await expect(store.hasText('a')).rejects.toMatchObject({ kind: 'Misconfigured', code: 'STORE_NEWER', message: expect.stringContaining('0999_future') });
    await store.close();
  });

  it('is unavailable while the server is down and goes on by itself afterwards', async () => {
    const store = openStore({ url: await postgres.createDatabase() });
    const revision = await store.putText('kept');
    await postgres.crash();
    await expect(store.getText(revision.sha256)).rejects.toMatchObject({ kind: 'Unavailable', code: 'STORE_UNREACHABLE' });
    await expect(store.getText(revision.sha256)).rejects.toMatchObject({ kind: 'Unavailable', code: 'STORE_UNREACHABLE' });
    await postgres.start();
    expect(await store.getText(revision.sha256)).toBe('kept');
    await store.close();
  });

  it('opens late when the server comes up late', async () => {
    const url = await postgres.createDatabase();
    await postgres.crash();
    const store = openStore({ url });
    await expect(store.hasText('a')).rejects.toMatchObject({ kind: 'Unavailable' });
    await postgres.start();
    expect(await store.hasText('a')).toBe(false);
    await store.close();
  });

  it('finds what was written when findings are asked for by their id', async () => {
    const url = await postgres.createDatabase();
    const store = openStore({ url });
    await store.putReport({ runId: 'r', format: 'json', content: '{}' });
    expect(await runSql(url, "select indexname from pg_indexes where tablename = 'findings' order by 1")).toEqual([{ indexname: 'findings_by_id' }, { indexname: 'findings_key' }]);
    await store.close();
  });
});
