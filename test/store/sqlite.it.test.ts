import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { openStore } from '#store/open-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'koubou-sqlite-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Writer {
  readonly kill: () => void;
  /** When the store has acknowledged a first write. */
  readonly wrote: Promise<unknown>;
  /** Lines it said, and how it ended. */
  readonly ended: Promise<{ readonly acknowledged: string[]; readonly code: number | null; readonly errors: string }>;
}

function startWriter(url: string, name: string, rounds: number): Writer {
  const child = spawn(process.execPath, [fileURLToPath(new URL('writer.ts', import.meta.url)), url, name, String(rounds)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  return {
    kill: () => child.kill('SIGKILL'),
    wrote: once(child.stdout, 'data'),
    ended: new Promise((resolve) => child.once('close', (code) => resolve({ acknowledged: output.split('\n').slice(0, -1), code, errors }))),
  };
}

describe('a SQLite store of several processes', () => {
  it('takes the writes of four at once, from the first moment of a new file on', async () => {
    const url = `sqlite:${folder}/shared.db`;
    const names = ['first', 'second', 'third', 'fourth'];
    const ended = await Promise.all(names.map((name) => startWriter(url, name, 40).ended));
    expect(ended.map(({ code, errors }) => ({ code, errors }))).toEqual(names.map(() => ({ code: 0, errors: '' })));
    const store = openStore({ url });
    for (const name of names) {
      for (let round = 1; round <= 40; round += 1) {
        const findings = await store.listFindings({ runId: name, iteration: round });
        expect(new Set(findings.map(({ id }) => id)).size).toBe(40);
      }
    }
    await store.close();
  });

  it('keeps every acknowledged write when its writers are killed', async () => {
    const file = join(folder, 'killed.db');
    const url = `sqlite:${file}`;
    for (let kill = 1; kill <= 12; kill += 1) {
      const writer = startWriter(url, `writer-${kill}`, 100_000);
      await writer.wrote;
      await sleep(kill * 5);
      writer.kill();
      const { acknowledged } = await writer.ended;
      expect(acknowledged).not.toEqual([]);
      const store = openStore({ url });
      for (const line of acknowledged) {
        const [round, sha256 = ''] = line.split(' ');
        expect(await store.hasText(sha256)).toBe(true);
        expect(await store.listFindings({ runId: `writer-${kill}`, iteration: Number(round) })).toHaveLength(40);
      }
      await store.putText(`after kill ${kill}`);
      await store.close();
    }
    const database = new DatabaseSync(file);
    expect(database.prepare('pragma integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    const halves = database.prepare('select run_id, iteration, count(*) as n from findings group by 1, 2 having n <> 40').all();
    expect(halves).toEqual([]);
    database.close();
  });

  it('can be opened by the next one when the first was killed while it opened', async () => {
    for (let kill = 1; kill <= 6; kill += 1) {
      const url = `sqlite:${folder}/opening-${kill}.db`;
      const writer = startWriter(url, 'first', 100_000);
      await sleep(kill * 60);
      writer.kill();
      await writer.ended;
      expect(await startWriter(url, 'second', 1).ended).toMatchObject({ code: 0, errors: '' });
    }
  });
});
