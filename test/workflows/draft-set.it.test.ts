import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SnakeKeys } from '#domain/json-keys.ts';
import type { Progress } from '#domain/loop/progress.ts';
import type { Report } from '#domain/report.ts';
import { makeRepository, type TestRepository } from '../support/git-repository.ts';
import { startHarness, type Harness } from '../support/harness.ts';
import { markerReviewer } from '../support/marker-reviewer.ts';
import { answerBook, files, modelImprover, scriptedDrafter } from '../support/scripted-drafter.ts';

type WireReport = SnakeKeys<Report>;

let harness: Harness;
let repository: TestRepository;

const flawed = (title: string): string => `# ${title}\n!medium rule0 fix\n!medium rule1 fix\nend\n`;
const mended = (title: string): string => `# ${title}\nend\n`;
const book = answerBook();
/** Performed while the file of this name is reviewed. */
const meanwhile = new Map<string, (signal: AbortSignal) => unknown>();

beforeAll(async () => {
  harness = await startHarness({
    reviewers: [markerReviewer('marker', async ({ name }, signal) => void (await meanwhile.get(name)?.(signal)))],
    improvers: [modelImprover('writer')],
    drafters: [scriptedDrafter('writer', book.reply)],
  });
  repository = makeRepository(harness.root);
  repository.git('config', 'user.name', 'Ann');
  repository.git('config', 'user.email', 'ann@example.org');
  repository.commitAll();
});

afterAll(() => harness.stop());

const start = (task: string, request: object = {}): Promise<WorkflowHandle> => harness.start({ artifact: { task }, target_score: 100, ...request });
const finish = async (...given: Parameters<typeof start>): Promise<WireReport> => (await (await start(...given)).result()) as WireReport;
const read = (path: string): string => readFileSync(join(harness.root, path), 'utf8');
const isThere = (path: string): boolean => existsSync(join(harness.root, path));
const decide = (handle: WorkflowHandle, decision: object): Promise<unknown> => handle.executeUpdate('decide', { args: [decision] });

async function reach(handle: WorkflowHandle, wanted: (progress: SnakeKeys<Progress>) => boolean): Promise<SnakeKeys<Progress>> {
  for (let waited = 0; waited < 30_000; waited += 50) {
    // A child may still have to begin.
    const progress = await handle.query<SnakeKeys<Progress>>('progress').catch(() => null);
    if (progress !== null && wanted(progress)) return progress;
    await sleep(50);
  }
  throw new Error('it never came so far');
}

describe('several drafted files', () => {
  test('are each reviewed and committed by a run of its own, and one report names them all', async () => {
    const commits = repository.log().length;
    const report = await finish(book.answer('several', files(['lib/one.md', flawed('one')], ['lib/two.md', flawed('two')], ['lib/three.md', mended('three')])), { save: 'commit', budget_usd: 3 });
    const { files: drafted = [] } = report.drafted ?? {};
    expect(drafted.map(({ path, state, outcome, final_score }) => [path, state, outcome, final_score])).toEqual(['lib/one.md', 'lib/two.md', 'lib/three.md'].map((path) => [path, 'completed', 'target_reached', 100]));
    expect([new Set(drafted.map(({ run_id }) => run_id)).size, drafted[0]?.run_id]).toEqual([3, report.run_id]);
    expect(['one', 'two', 'three'].map((name) => read(`lib/${name}.md`))).toEqual(['one', 'two', 'three'].map(mended));
    expect([repository.log().slice(0, repository.log().length - commits).toSorted(), book.asked('several')]).toEqual([['Add one.md: score 100', 'Add three.md: score 100', 'Add two.md: score 100'], 1]);
    const other = await harness.store.findRun(drafted[1]?.run_id ?? '');
    expect([other.request?.budgetUsd, other.artifact?.taskSha256, other.artifact?.isNew]).toEqual([1, (await harness.store.findRun(report.run_id)).artifact?.taskSha256, true]);
  });

  test('of which one waits for a person hold up nobody, and what appeared in the place of one is kept', async () => {
    meanwhile.set('lib/five.md', () => writeFileSync(join(harness.root, 'lib/five.md'), 'mine\n'));
    const task = book.answer('waiting', files(['lib/four.md', mended('four')], ['lib/five.md', mended('five')]));
    const handle = await start(task, { save: 'write', approval: 'before_save' });
    await reach(handle, ({ state }) => state === 'waiting_for_decision');
    await decide(handle, { decision: 'approve' });
    const report = (await handle.result()) as WireReport;
    const [own, other] = report.drafted?.files ?? [];
    expect([own?.outcome, other?.state, isThere('lib/four.md')]).toEqual(['target_reached', 'waiting_for_decision', true]);
    const child = harness.client.workflow.getHandle(`${handle.workflowId}/${report.run_id.slice(0, 8)}/1`);
    await decide(child, { decision: 'approve' });
    expect([await child.result(), read('lib/five.md')]).toMatchObject([{ state: 'completed', saved: null, error: { code: 'FILE_CHANGED' } }, 'mine\n']);
  });

  test('stop with the run that wrote them', async () => {
    const hold = (signal: AbortSignal): Promise<unknown> => sleep(60_000, undefined, { signal });
    for (const name of ['lib/six.md', 'lib/seven.md']) meanwhile.set(name, hold);
    const handle = await start(book.answer('stopping', files(['lib/six.md', mended('six')], ['lib/seven.md', mended('seven')])), { save: 'write' });
    const { drafted } = await reach(handle, ({ iteration }) => iteration === 1);
    const child = harness.client.workflow.getHandle(`${handle.workflowId}/${((await handle.describe()).runId).slice(0, 8)}/1`);
    await reach(child, ({ iteration }) => iteration === 1);
    await handle.cancel();
    await handle.result().catch(() => undefined);
    expect([drafted?.chosen.name, (await handle.describe()).status.name, (await child.describe()).status.name]).toEqual(['lib/six.md', 'CANCELLED', 'CANCELLED']);
    expect([isThere('lib/six.md'), isThere('lib/seven.md')]).toEqual([false, false]);
  });
});

describe('a stored text', () => {
  test('may be handed in as a file that is to be made, below the root only', async () => {
    const { sha256 } = await harness.store.putText(flawed('given'));
    const make = (path: string): Promise<WorkflowHandle> => harness.start({ artifact: { path, sha256 }, target_score: 100, save: 'write' });
    const report = (await (await make('notes/given.md')).result()) as WireReport;
    expect([report.saved?.path, report.artifact.is_new, report.drafted, read('notes/given.md')]).toEqual(['notes/given.md', true, undefined, mended('given')]);
    for (const [path, code] of [['../given.md', 'PATH_TRAVERSAL'], ['/tmp/given.md', 'PATH_ABSOLUTE'], ['.git/hooks/given', 'PATH_DENIED_NAME'], ['notes/given.md/x.md', 'NOT_A_FOLDER']] as const) {
      await expect((await make(path)).result()).rejects.toMatchObject({ cause: { type: 'InvalidInput', details: [{ code }] } });
    }
  });
});
