import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { SnakeKeys } from '#domain/json-keys.ts';
import type { Report } from '#domain/report.ts';
import { makeRepository, type TestRepository } from '../support/git-repository.ts';

const script = fileURLToPath(new URL('../support/worker-process.ts', import.meta.url));
const moments = ['prepareDraft', 'openArtifact', 'saveRevision', 'commitRevision'].map((name) => `${name}.after`);
const prefix = `kill-draft-${randomUUID().slice(0, 8)}`;

let folder: string;
let repository: TestRepository;
let connection: Connection;
let worker: ChildProcess;
let ended = false;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'koubou-kill-draft-'));
  mkdirSync(join(folder, 'crashes'));
  repository = makeRepository(join(folder, 'root'));
  repository.git('config', 'user.name', 'Ann');
  repository.git('config', 'user.email', 'ann@example.org');
  repository.commitAll();
  connection = await Connection.connect({ address: inject('temporalAddress') });
  keepWorker();
});

afterAll(async () => {
  ended = true;
  worker.kill('SIGKILL');
  await connection.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the worker, and starts it again whenever it dies. */
function keepWorker(): void {
  const args = [script, inject('temporalAddress'), prefix, join(folder, 'root'), `sqlite:${join(folder, 'store.db')}`, inject('workflowBundlePath'), join(folder, 'crashes')];
  worker = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  worker.once('exit', () => {
    if (!ended) keepWorker();
  });
}

async function run(name: string): Promise<SnakeKeys<Report>> {
  const request = { artifact: { task: `Write ${name}.`, name }, improver: 'mock', target_score: 100, save: 'commit' };
  const handle = await new Client({ connection }).workflow.start('review', { taskQueue: prefix, workflowId: `${prefix}-${name}`, args: [request] });
  return (await handle.result()) as SnakeKeys<Report>;
}

const paid = (): string[] => readFileSync(join(folder, 'paid'), 'utf8').trim().split('\n');

function checkEffects(names: readonly string[], results: readonly SnakeKeys<Report>[]): void {
  expect(results.map(({ outcome, saved }) => [outcome, saved?.path])).toEqual(names.map((name) => ['target_reached', name]));
  expect(names.map((name) => repository.read(name))).toEqual(names.map((name) => `# ${name}\nend\n`));
  expect(names.map((name) => repository.log().filter((subject) => subject === `Add ${name}: score 100`).length)).toEqual(names.map(() => 1));
  expect([readdirSync(join(folder, 'crashes')).toSorted(), repository.git('status', '--porcelain')]).toEqual([names.map((name) => name.slice(0, -'.md'.length)).toSorted(), '']);
}

test('a worker that is killed around a draft pays for it once', async () => {
  const results = [await run('draft.before.md'), await run('draft.after.md')];
  expect(paid()).toEqual(['draft.before.md', 'draft.after.md']);
  checkEffects(['draft.before.md', 'draft.after.md'], results);
});

test('one that is killed after every other step makes each file and each commit once', async () => {
  for (const mark of readdirSync(join(folder, 'crashes'))) rmSync(join(folder, 'crashes', mark));
  const names = moments.map((moment) => `${moment}.md`);
  checkEffects(names, await Promise.all(names.map(run)));
}, 240_000);
