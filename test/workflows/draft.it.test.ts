import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppError } from '#domain/errors.ts';
import type { SnakeKeys } from '#domain/json-keys.ts';
import type { Progress } from '#domain/loop/progress.ts';
import type { Report } from '#domain/report.ts';
import { makeRepository, type TestRepository } from '../support/git-repository.ts';
import { startHarness, type Harness } from '../support/harness.ts';
import { markerImprover, markerReviewer } from '../support/marker-reviewer.ts';
import { answerBook, files, modelImprover, scriptedDrafter } from '../support/scripted-drafter.ts';

type WireReport = SnakeKeys<Report>;

let harness: Harness;
let repository: TestRepository;

/** Two faults that the improver takes out, one at a time. */
const flawed = (title: string): string => `# ${title}\n!medium rule0 fix\n!medium rule1 fix\nend\n`;
const mended = (title: string): string => `# ${title}\nend\n`;
const down = new AppError('Unavailable', 'PROVIDER_OVERLOADED', 'The model is busy.');

const book = answerBook();
/** What reviewers and improvers were told of the task. */
const told: (string | undefined)[] = [];
/** Performed while the file of this name is reviewed. */
const meanwhile = new Map<string, (signal: AbortSignal) => unknown>();

beforeAll(async () => {
  const improver = modelImprover('writer');
  harness = await startHarness({
    reviewers: [markerReviewer('marker', async ({ name, task }, signal) => {
      told.push(task);
      await meanwhile.get(name)?.(signal);
    })],
    improvers: [{ ...improver, improve: (input, context) => (told.push(input.task), improver.improve(input, context)) }, markerImprover('static')],
    drafters: [scriptedDrafter('writer', book.reply)],
    pathRules: { forbidden: ['private'] },
  });
  repository = makeRepository(harness.root);
  repository.git('config', 'user.name', 'Ann');
  repository.git('config', 'user.email', 'ann@example.org');
  repository.write('docs/old.md', '# Old\n');
  repository.write('.gitignore', 'ignored/\n');
  repository.commitAll();
});

afterAll(() => harness.stop());

const start = (task: string, request: object = {}, name: object = {}): Promise<WorkflowHandle> => harness.start({ artifact: { task, ...name }, target_score: 100, ...request });
const finish = async (...given: Parameters<typeof start>): Promise<WireReport> => (await (await start(...given)).result()) as WireReport;
const read = (path: string): string => readFileSync(join(harness.root, path), 'utf8');
const isThere = (path: string): boolean => existsSync(join(harness.root, path));
const decide = (handle: WorkflowHandle, decision: object): Promise<unknown> => handle.executeUpdate('decide', { args: [decision] });

async function reach(handle: WorkflowHandle, wanted: (progress: SnakeKeys<Progress>) => boolean): Promise<SnakeKeys<Progress>> {
  for (let waited = 0; waited < 30_000; waited += 50) {
    const progress = await handle.query<SnakeKeys<Progress>>('progress');
    if (wanted(progress)) return progress;
    await sleep(50);
  }
  throw new Error('it never came so far');
}

const runIdOf = (handle: WorkflowHandle): string => (handle as unknown as { firstExecutionRunId: string }).firstExecutionRunId;

/** What the store holds of a run: its record, its report and the report's formats. */
async function kept(handle: WorkflowHandle): Promise<unknown[]> {
  const { store } = harness;
  const runId = runIdOf(handle);
  return [await store.getRun(runId), JSON.parse((await store.getReport(runId, 'json')) ?? 'null'), (await store.listReportFormats(runId)).toSorted()];
}

/** Kind, code and message of the workflow's failure. */
async function failure(...given: Parameters<typeof start>): Promise<string[]> {
  const error: unknown = await (await start(...given)).result().catch((thrown: unknown) => thrown);
  if (!(error instanceof WorkflowFailedError) || !(error.cause instanceof ApplicationFailure)) throw new Error('it did not fail as it should', { cause: error });
  const { type, details, message } = error.cause;
  return [type ?? '', (details?.[0] as { code?: string } | undefined)?.code ?? '', message];
}

describe('a task', () => {
  test('is drafted, reviewed, improved and saved as a new file, and the run pays for all of it', async () => {
    const report = await finish(book.answer('saving', files(['docs/saving.md', flawed('saving')])), { save: 'write' });
    expect(report).toMatchObject({
      outcome: 'target_reached', initial_score: 97, final_score: 100, saved: { path: 'docs/saving.md' },
      artifact: { name: 'saving.md', path: 'docs/saving.md', language: 'markdown', kind: 'document', is_new: true },
      usage: { input_tokens: 100, output_tokens: 20, cost_usd: 0.25 },
    });
    expect(report.drafted).toEqual({
      by: 'writer', chosen: { name: 'docs/saving.md', language: 'markdown', why: 'The model named it.' },
      files: [{ path: 'docs/saving.md', run_id: report.run_id, state: 'completed', outcome: 'target_reached', ready: true, initial_score: 97, final_score: 100, error: null }],
    });
    expect([read('docs/saving.md'), book.asked('saving')]).toEqual([mended('saving'), 1]);
  });

  test('that is drafted well at once is saved as it is, and committed once on its own path', async () => {
    repository.write('docs/old.md', '# Old\n\nStill being written.\n');
    const report = await finish(book.answer('commits', files(['new/folder/commits.md', mended('commits')])), { save: 'commit' });
    expect([report.iterations.length, report.commit?.id, report.commit?.branch]).toEqual([1, repository.id('HEAD'), 'main']);
    expect(repository.git('log', '-1', '--format=%B', '--name-status')).toBe(
      `Add commits.md: score 100\n\nKoubou-Run: ${report.run_id}\nKoubou-Iteration: 1\nKoubou-Score: 100\n\n\nA\tnew/folder/commits.md`,
    );
    const status = repository.git('status', '--porcelain');
    repository.write('docs/old.md', '# Old\n');
    expect([read('new/folder/commits.md'), status]).toEqual([mended('commits'), ' M docs/old.md\n?? docs/saving.md']);
  });

  test('is told to whoever reviews and improves what was written for it', async () => {
    told.length = 0;
    const task = book.answer('telling', files(['telling.md', flawed('telling')]));
    await finish(task, { max_iterations: 2 });
    expect(told).toEqual([task, task, task]);
  });

  test('leaves no text in the history', async () => {
    const task = book.answer('silence', files(['silence.md', `${mended('silence')}A sentence to look for.\n`]));
    const { sha256 } = await harness.store.putText(task);
    const handle = await harness.start({ artifact: { task_sha256: sha256, name: 'quiet.md' } });
    expect(await handle.result()).toMatchObject({ artifact: { path: 'quiet.md' }, drafted: { chosen: { why: 'The name was given.' } } });
    const { text } = await harness.history(handle);
    expect(['Write about', 'A sentence to look for', 'docs/old.md'].filter((part) => text.includes(part))).toEqual([]);
  });

  test('is saved and committed later by apply', async () => {
    const { run_id: runId } = await finish(book.answer('later', files(['notes/later.md', mended('later')])));
    expect(isThere('notes/later.md')).toBe(false);
    const apply = (): Promise<unknown> => harness.start({ run_id: runId, commit: true }, 'apply').then((handle) => handle.result());
    const [first, second] = [await apply(), await apply()];
    expect([first, second, read('notes/later.md'), repository.log().filter((subject) => subject.includes('later.md'))]).toMatchObject([
      { saved: { path: 'notes/later.md' }, commit: { id: repository.id('HEAD') } }, { commit: { id: repository.id('HEAD') } }, mended('later'), ['Add later.md: score 100'],
    ]);
  });
});

describe('a file that is there', () => {
  test('is named in vain, before anything is paid', async () => {
    const task = book.answer('taken', files(['taken.md', mended('taken')]));
    expect(await failure(task, {}, { name: 'docs/old.md' })).toEqual(['InvalidInput', 'PATH_TAKEN', 'There is a file "docs/old.md" already, and a draft never takes the place of one. Review that file, or choose another name.']);
    expect([book.asked('taken'), read('docs/old.md')]).toEqual([0, '# Old\n']);
  });

  test('is no name for a model to choose: it is asked for another', async () => {
    const report = await finish(book.answer('occupied', files(['docs/old.md', mended('occupied')]), files(['docs/free.md', mended('occupied')])), { save: 'write' });
    expect([report.saved?.path, book.asked('occupied'), report.usage.cost_usd, read('docs/old.md')]).toEqual(['docs/free.md', 2, 0.5, '# Old\n']);
  });

  test('is kept where it appears while the draft is reviewed', async () => {
    meanwhile.set('docs/race.md', () => writeFileSync(join(harness.root, 'docs/race.md'), 'mine\n'));
    const report = await finish(book.answer('race', files(['docs/race.md', mended('race')])), { save: 'commit' });
    expect([report.state, report.saved, report.commit, report.error?.kind, report.error?.code, report.error?.step]).toEqual(['completed', null, null, 'Conflict', 'FILE_CHANGED', 'save']);
    expect([read('docs/race.md'), repository.git('ls-files', 'docs/race.md')]).toEqual(['mine\n', '']);
  });
});

describe('what a model may not write', () => {
  test.each([
    ['../outside.md', 'above the root'],
    ['/tmp/koubou-absolute.md', 'absolute'],
    ['.git/hooks/post-commit', 'a hook of git'],
    ['.env', 'hidden'],
    ['private/a.md', 'forbidden by the settings'],
  ])('%s: it parks the run and nothing is written; asked again it may do better', async (path) => {
    const word = `hostile${path.replaceAll(/\W/g, '')}`;
    const before = readdirSync(harness.root).toSorted();
    const handle = await start(book.answer(word, files(['good.md', mended(word)], [path, 'echo pwned\n'])), { save: 'write' });
    const progress = await reach(handle, ({ state }) => state === 'parked');
    expect([progress.waiting_for?.startsWith('A decision: the step open failed (DRAFT_UNREADABLE).'), book.asked(word), readdirSync(harness.root).toSorted()]).toEqual([true, 2, before]);
    book.answer(word, files([`notes/${word}.md`, mended(word)]));
    await decide(handle, { decision: 'retry' });
    expect(await handle.result()).toMatchObject({ saved: { path: `notes/${word}.md` }, usage: { cost_usd: 0.75 } });
  }, 40_000);
});

describe('a draft that fails', () => {
  test('is tried again, and what was paid is counted', async () => {
    const report = await finish(book.answer('busy', { error: down }, { error: down }, files(['busy.md', mended('busy')])), { max_iterations: 1 });
    expect([report.outcome, book.asked('busy'), report.usage.cost_usd]).toEqual(['target_reached', 3, 0.25]);
  });

  test.each(['abort', 'skip'])('parks the run, which can be given up by %s and is found afterwards', async (decision) => {
    const handle = await start(book.answer(`gone by ${decision}`, { error: new AppError('Refused', 'PROVIDER_REFUSED', 'It will not.') }), { tenant: 'ann' });
    await reach(handle, ({ state }) => state === 'parked');
    await decide(handle, { decision });
    expect(await handle.result()).toMatchObject({ state: 'completed', outcome: 'aborted', final_score: null });
    expect(await kept(handle)).toMatchObject([
      { state: 'completed', outcome: 'aborted', tenant: 'ann', artifactName: 'a task', error: { code: 'PROVIDER_REFUSED', step: 'open' }, closedAt: expect.any(String) },
      { state: 'completed', outcome: 'aborted', artifact: { name: 'a task' }, error: { code: 'PROVIDER_REFUSED' } },
      ['html', 'json', 'markdown'],
    ]);
  });

  test('ends the run where nobody could do better, and the run is listed', async () => {
    const handle = await start(book.answer('keyless', { error: new AppError('Misconfigured', 'PROVIDER_NO_KEY', 'There is no key.') }), {}, { name: 'keyless.md' });
    await handle.result().catch(() => undefined);
    expect(await harness.store.findRun(runIdOf(handle))).toMatchObject({ state: 'failed', artifactName: 'keyless.md', error: { kind: 'Misconfigured', code: 'PROVIDER_NO_KEY', step: 'open' } });
  });

  test('that was not told who writes says what to set', async () => {
    const [kind, code, message] = await failure('Write.', { improver: 'static', reviewers: ['marker'] });
    expect([kind, code, message]).toEqual(['Misconfigured', 'TASK_NEEDS_MODEL', expect.stringContaining('--improver ID')]);
  });

  test('is not begun for a commit without a place in the repository', async () => {
    expect(await failure(book.answer('ignored', {}), { save: 'commit' }, { name: 'ignored/a.md' })).toEqual(['InvalidInput', 'GIT_IGNORED', expect.stringContaining('is ignored by git')]);
    expect(book.asked('ignored')).toBe(0);
  });

  test('is saved and not committed where the model chose a name that git ignores', async () => {
    const report = await finish(book.answer('unseen', files(['ignored/unseen.md', mended('unseen')])), { save: 'commit' });
    expect([report.state, report.outcome, report.saved?.path, report.commit, report.error]).toEqual(['completed', 'target_reached', 'ignored/unseen.md', null, {
      kind: 'Conflict', code: 'GIT_IGNORED', step: 'commit',
      message: '"ignored/unseen.md" was saved and not committed. "ignored/unseen.md" is ignored by git and not tracked. Run git add -f on it first, or save without committing.',
    }]);
    expect(read('ignored/unseen.md')).toBe(mended('unseen'));
    repository.git('add', '-f', 'ignored/unseen.md');
    const applied = await harness.start({ run_id: report.run_id, commit: true }, 'apply').then((handle) => handle.result());
    expect(applied).toMatchObject({ commit: { id: repository.id('HEAD') } });
  });

  test.each(['abort', 'cancel'])('is kept where no reviewer comes to it before %s', async (end) => {
    const name = `docs/kept-by-${end}.md`;
    meanwhile.set(name, () => { throw new AppError('Refused', 'PROVIDER_REFUSED', 'It will not.'); });
    const handle = await start(book.answer(`keeping by ${end}`, files([name, mended(name)])), { save: 'write' });
    await reach(handle, ({ state }) => state === 'parked');
    await (end === 'cancel' ? handle.cancel() : decide(handle, { decision: 'abort' }));
    await handle.result().catch(() => undefined);
    const [, report] = await kept(handle);
    expect([report, isThere(name)]).toMatchObject([{ final_score: null, best_revision: { iteration: 1, sha256: (await harness.store.putText(mended(name))).sha256 } }, false]);
    await harness.start({ run_id: runIdOf(handle) }, 'apply').then((applied) => applied.result());
    expect(read(name)).toBe(mended(name));
  });

  test('ends with the run when it is cancelled', async () => {
    const handle = await start(book.answer('slow', { ...files(['slow.md', mended('slow')]), delayMs: 60_000 }), { save: 'write' }, { name: 'slow.md' });
    const { state } = await reach(handle, ({ phase }) => phase === 'draft');
    await sleep(500);
    await handle.cancel();
    await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    expect([state, (await handle.describe()).status.name, isThere('slow.md')]).toEqual(['reviewing', 'CANCELLED', false]);
    expect(await kept(handle)).toMatchObject([
      { state: 'cancelled', artifactName: 'slow.md', closedAt: expect.any(String) },
      { state: 'cancelled', outcome: null, reason: 'The run was cancelled before there was anything to review.', artifact: { name: 'slow.md' } },
      ['html', 'json', 'markdown'],
    ]);
  });
});
