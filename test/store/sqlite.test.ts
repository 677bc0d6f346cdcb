import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { openStore } from '#store/open-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'koubou-sqlite-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function failureOf(url: string): Promise<unknown> {
  const store = openStore({ url });
  const failure: unknown = await store.hasText('a').catch((error: unknown) => error);
  await store.close();
  return failure;
}

describe('a SQLite store', () => {
  it('touches no file before its first use', async () => {
    const file = join(folder, 'untouched.db');
    const store = openStore({ url: `sqlite:${file}` });
    await store.close();
    expect(() => statSync(file)).toThrow('ENOENT');
  });

  it('leaves one file behind once it is closed', async () => {
    const file = join(folder, 'closed.db');
    const store = openStore({ url: `sqlite://${file}` });
    await store.putText('a');
    expect(statSync(`${file}-wal`).isFile()).toBe(true);
    await store.close();
    expect(() => statSync(`${file}-wal`)).toThrow('ENOENT');
  });

  it('lives in memory where that is asked for', async () => {
    const store = openStore({ url: 'sqlite::memory:' });
    const revision = await store.putText('gone soon');
    expect(await store.getText(revision.sha256)).toBe('gone soon');
    await store.close();
  });

  it('refuses a database that a newer program wrote, and leaves it alone', async () => {
    const file = join(folder, 'newer.db');
    const store = openStore({ url: `sqlite:${file}` });
    await store.putText('a');
    await store.close();
    const database = new DatabaseSync(file);
    database.exec("insert into koubou_migrations (name, timestamp) values ('0999_future', '2030-01-01T00:00:00.000Z')");
    database.close();
    expect(await failureOf(`sqlite:${file}`)).toMatchObject({ kind: 'Misconfigured', code: 'STORE_NEWER', message: expect.stringContaining('0999_future') });
  });

  it('names a file that is no database, a folder that is missing, and a table that is in the way', async () => {
    const noDatabase = join(folder, 'notes.txt');
    writeFileSync(noDatabase, 'These are my notes, and they are longer than a header of SQLite is. '.repeat(20));
    expect(await failureOf(`sqlite:${noDatabase}`)).toMatchObject({ kind: 'Misconfigured', code: 'STORE_DAMAGED', message: expect.stringContaining(`It lies at ${noDatabase}.`) });
    expect(await failureOf(`sqlite:${folder}/missing/store.db`)).toMatchObject({ kind: 'Misconfigured', code: 'STORE_ACCESS' });
    const taken = join(folder, 'taken.db');
    const database = new DatabaseSync(taken);
    database.exec('create table runs (a text)');
    database.close();
    expect(await failureOf(`sqlite:${taken}`)).toMatchObject({ kind: 'Bug', code: 'STORE_FAILED' });
    const after = new DatabaseSync(taken);
    expect(after.prepare('select name from sqlite_schema').all()).toEqual([{ name: 'runs' }]);
    after.close();
  });

  it('says when its text was damaged on the disk', async () => {
    const file = join(folder, 'damaged.db');
    const store = openStore({ url: `sqlite:${file}` });
    const { sha256 } = await store.putText('sound');
    const database = new DatabaseSync(file);
    database.prepare('update revisions set content = ?').run(Buffer.from('other'));
    database.close();
    await expect(store.getText(sha256)).rejects.toMatchObject({ kind: 'Misconfigured', code: 'STORE_DAMAGED' });
    await store.close();
  });

  it('waits for another writer without stopping the thread', async () => {
    const file = join(folder, 'locked.db');
    const store = openStore({ url: `sqlite:${file}` });
    await store.putText('a');
    const other = new DatabaseSync(file);
    other.exec('begin immediate');
    const writing = store.putText('b');
    let ticks = 0;
    const ticking = setInterval(() => (ticks += 1), 5);
    await sleep(150);
    other.exec('commit');
    await writing;
    clearInterval(ticking);
    expect(ticks).toBeGreaterThan(0);
    other.close();
    await store.close();
  });

  it.skipIf(process.getuid?.() === 0)('says when the file may not be written', async () => {
    const file = join(folder, 'readonly.db');
    writeFileSync(file, '');
    chmodSync(file, 0o400);
    expect(await failureOf(`sqlite:${file}`)).toMatchObject({ kind: 'Misconfigured', code: 'STORE_ACCESS' });
  });
});
