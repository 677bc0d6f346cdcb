import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppError, summarizeError } from '#domain/errors.ts';
import { mergeRuns } from '#client/list-runs.ts';
import { createReviews, type Reviews } from '#client/reviews.ts';
import { cancelledReport, loadBatchReport, loadReport, missingReport } from '#client/run-report.ts';
import { runMessages } from '#client/run-messages.ts';
import type { RunProgress } from '#client/await-run.ts';
import type { ReviewInput } from '#reviewers/reviewer.ts';
import { startHarness, type Harness } from '../support/harness.ts';
import { markerImprover, markerReviewer } from '../support/marker-reviewer.ts';

let harness: Harness;
let reviews: Reviews;

// What the reviewer does before it answers depends on the text: `~slow`, `~down` and `~bad` are said in it.
const mood = { down: true };
async function before({ text }: ReviewInput, signal: AbortSignal): Promise<void> {
  if (text.includes('~slow')) await sleep(60_000, undefined, { signal });
  if (text.includes('~brief')) await sleep(1_500, undefined, { signal });
  if (text.includes('~down') && mood.down) throw new AppError('Refused', 'REVIEWER_DOWN', 'The reviewer refuses.');
}

beforeAll(async () => {
  harness = await startHarness({ reviewers: [markerReviewer('marker', before)], improvers: [markerImprover('marker')] });
  const { client, store, prefix } = harness;
  reviews = createReviews({ client, store, host: 'host-of-tests', queue: prefix });
});
afterAll(() => harness.stop());

const text = '!medium a fix\n!medium b fix\nrest\n';

function request(path: string, more: object = {}) {
  return { artifact: { path }, root: harness.root, target_score: 98, ...more };
}

const failure = async (act: Promise<unknown>): Promise<string> => {
  const error: unknown = await act.then(() => null, (thrown: unknown) => thrown);
  const { kind, code } = summarizeError(error);
  return `${kind} ${code}`;
};

describe('a review', () => {
  test('is started, watched and ended, and its report is the full one', async () => {
    harness.write('a.md', text);
    const run = await reviews.startReview(request('a.md'));
    expect(run).toEqual({ kind: 'review', workflowId: expect.stringMatching(/^review-[0-9a-f]{20}$/), runId: expect.any(String), joined: false });
    const heard: RunProgress[] = [];
    const end = await reviews.wait(run, { onProgress: (progress) => heard.push(progress) });
    expect(end).toMatchObject({ why: 'completed', result: { run_id: run.runId, outcome: 'target_reached' } });
    const report = await loadReport(harness.store, run.runId);
    expect([report?.outcome, report?.diff?.includes('-!medium a fix'), report?.saved]).toEqual(['target_reached', true, null]);
    expect(await reviews.find(run.runId)).toEqual({ kind: 'review', runId: run.runId, workflowId: run.workflowId, closed: true });
    expect((await reviews.find(run.workflowId)).runId).toBe(run.runId);
  });

  test('that runs already is joined, and is a new run of the same workflow id later', async () => {
    harness.write('b.md', `${text}~brief\n`);
    const [first, second] = [await reviews.startReview(request('b.md')), await reviews.startReview(request('b.md', { formats: ['json'] }))];
    expect(second).toEqual({ ...first, joined: true });
    await reviews.wait(first);
    const third = await reviews.startReview(request('b.md'));
    expect([third.workflowId, third.runId === first.runId, third.joined]).toEqual([first.workflowId, false, false]);
    expect(await reviews.wait(third)).toMatchObject({ why: 'completed' });
  });

  test('of an edited file is another run', async () => {
    harness.write('c.md', `${text}~brief\n`);
    const first = await reviews.startReview(request('c.md'));
    harness.write('c.md', `${text}~brief changed\n`);
    const second = await reviews.startReview(request('c.md'));
    expect([second.joined, second.workflowId === first.workflowId]).toEqual([false, false]);
    await Promise.all([reviews.wait(first), reviews.wait(second)]);
  });

  test('with an id that another request has is refused', async () => {
    harness.write('d.md', `${text}~slow\n`);
    const run = await reviews.startReview(request('d.md'));
    await reviews.cancel(run);
    await reviews.wait(run);
    const foreign = await harness.client.workflow.start('review', { taskQueue: harness.prefix, workflowId: run.workflowId, args: [request('d.md')] });
    expect(await failure(reviews.startReview(request('d.md')))).toBe('InvalidInput ID_COLLISION');
    await foreign.terminate();
  });

  test('of a text puts it into the store, and only its hash into the history', async () => {
    const run = await reviews.startReview({ artifact: { name: 'x.md', text: '!low secret-of-mine\n' }, target_score: 50 });
    expect(await reviews.wait(run)).toMatchObject({ why: 'completed', result: { artifact: { name: 'x.md' } } });
    const { text: history } = await harness.history(harness.client.workflow.getHandle(run.workflowId, run.runId));
    expect(history.includes('rest\\n') || history.includes('!low secret-of-mine')).toBe(false);
  });

  test('that fails tells kind, code and step', async () => {
    const run = await reviews.startReview(request('nonesuch.md'));
    expect(await reviews.wait(run)).toMatchObject({ why: 'failed', error: { kind: 'InvalidInput', code: 'NOT_FOUND' } });
    expect(await missingReport(harness.store, run.runId)).toMatchObject({ kind: 'InvalidInput', code: 'NOT_FOUND' });
  });

  test('that is cancelled leaves a partial report', async () => {
    harness.write('e.md', `${text}~slow\n`);
    const run = await reviews.startReview(request('e.md'));
    expect(await reviews.wait(run, { waitMs: 500 })).toMatchObject({ why: 'time_up' });
    await reviews.cancel(run);
    expect(await reviews.wait(run)).toEqual({ why: 'cancelled' });
    expect(await cancelledReport(harness.store, run)).toMatchObject({ runId: run.runId, state: 'cancelled', outcome: null });
  });

  test('that is left by its watcher goes on', async () => {
    harness.write('f.md', `${text}~brief\n`);
    const run = await reviews.startReview(request('f.md'));
    const leaving = new AbortController();
    setTimeout(() => leaving.abort(), 200);
    expect((await reviews.wait(run, { signal: leaving.signal })).why).toBe('interrupted');
    expect((await reviews.wait(run)).why).toBe('completed');
  });

  test('that somebody terminated is told so', async () => {
    harness.write('g.md', `${text}~slow\n`);
    const run = await reviews.startReview(request('g.md'));
    const end = reviews.wait(run);
    await harness.client.workflow.getHandle(run.workflowId).terminate('by a test');
    expect(await end).toMatchObject({ why: 'failed', error: { kind: 'Unavailable', code: 'RUN_TERMINATED' } });
  });
});

describe('a run that waits for a person', () => {
  test('ends the wait when it parks, is listed, refuses what does not fit, and goes on when it is told to', async () => {
    harness.write('p.md', `${text}~down\n`);
    mood.down = true;
    const run = await reviews.startReview(request('p.md'));
    expect(await reviews.wait(run)).toMatchObject({ why: 'needs_person', progress: { state: 'parked', nextStep: `koubou decide ${run.runId} retry|skip|abort` } });
    await expect.poll(async () => (await reviews.listOpen(['parked'])).map(({ runId }) => runId), { timeout: 10_000 }).toContain(run.runId);
    expect(await failure(reviews.decide(run, { decision: 'approve' }))).toBe('InvalidInput DECISION_REFUSED');
    mood.down = false;
    const after = await reviews.decide(run, { decision: 'retry', by: 'a test', note: 'it is back' });
    expect(after.state).not.toBe('parked');
    expect(await reviews.wait(run)).toMatchObject({ why: 'completed' });
    expect(await failure(reviews.decide(run, { decision: 'retry' }))).toBe('InvalidInput RUN_NOT_OPEN');
  });

  test('can be aborted', async () => {
    harness.write('q.md', `${text}~down\n`);
    mood.down = true;
    const run = await reviews.startReview(request('q.md'));
    await reviews.wait(run);
    await reviews.decide(run, { decision: 'abort' });
    expect(await reviews.wait(run)).toMatchObject({ why: 'completed', result: { outcome: 'aborted' } });
  });
});

describe('applying', () => {
  test('saves once and says the same again; the report tells of it', async () => {
    harness.write('h.md', text);
    const run = await reviews.startReview(request('h.md'));
    await reviews.wait(run);
    const first = await reviews.apply(run.runId, false);
    expect([first.saved?.path, first.commit, first.reason]).toEqual(['h.md', null, '']);
    expect(await reviews.apply(run.runId, false)).toEqual(first);
    expect((await loadReport(harness.store, run.runId))?.saved).toEqual(first.saved);
  });

  test('over a person’s edit is a conflict, and of an unknown run an error of the caller', async () => {
    harness.write('i.md', text);
    const run = await reviews.startReview(request('i.md'));
    await reviews.wait(run);
    harness.write('i.md', 'mine\n');
    expect(await failure(reviews.apply(run.runId, false))).toBe('Conflict FILE_CHANGED');
    expect(await failure(reviews.apply('nonesuch', false))).toBe('InvalidInput RUN_UNKNOWN');
  });
});

describe('a batch', () => {
  test('has the report of each of its reviews, and one bad item does not stop the others', async () => {
    harness.write('batch/a.md', text);
    harness.write('batch/b.md', 'fine\n');
    const run = await reviews.startBatch({ paths: ['batch', 'nonesuch.md'], root: harness.root, target_score: 98 });
    expect([run.kind, run.workflowId]).toEqual(['batch', expect.stringMatching(/^batch-[0-9a-f]{20}$/)]);
    const heard: RunProgress[] = [];
    expect((await reviews.wait(run, { onProgress: (progress) => heard.push(progress) })).why).toBe('completed');
    expect(await reviews.find(run.runId)).toMatchObject({ kind: 'batch', closed: true });
    const batch = await loadBatchReport(harness.store, (await harness.store.getBatch(run.runId))!);
    expect(batch.reviews.map(({ entry, report }) => [entry.path, entry.state, entry.error?.code, report?.outcome])).toEqual([
      ['batch/a.md', 'completed', undefined, 'target_reached'],
      ['batch/b.md', 'completed', undefined, 'target_reached'],
      ['nonesuch.md', 'failed', 'NOT_FOUND', undefined],
    ]);
  });

  test('that runs already is joined until something below its folder is written', async () => {
    harness.write('same/a.md', `${text}~brief\n`);
    const batch = { paths: ['same'], root: harness.root };
    const first = await reviews.startBatch(batch);
    const second = await reviews.startBatch(batch);
    harness.write('same/b.md', 'new\n');
    const third = await reviews.startBatch(batch);
    expect([second, third.joined, third.workflowId === first.workflowId]).toEqual([{ ...first, joined: true }, false, false]);
    await Promise.all([reviews.wait(first), reviews.wait(third)]);
  });
});

describe('finding runs', () => {
  test('an open run is found before the store knows it, a beginning must mean one run, nonsense is unknown', async () => {
    const elsewhere = createReviews({ client: harness.client, store: harness.store, host: 'host-of-tests', queue: `${harness.prefix}-unserved` });
    harness.write('j.md', text);
    const run = await elsewhere.startReview(request('j.md', { target_score: 12 }));
    await expect.poll(() => reviews.find(run.runId).catch(() => null), { timeout: 10_000 }).toMatchObject({ kind: 'review', workflowId: run.workflowId, closed: false });
    expect((await reviews.find(run.runId.slice(0, -3))).runId).toBe(run.runId);
    expect((await reviews.find(run.workflowId)).runId).toBe(run.runId);
    expect(await failure(reviews.find('0'))).toBe('InvalidInput RUN_AMBIGUOUS');
    expect(await failure(reviews.find('nonesuch'))).toBe('InvalidInput RUN_UNKNOWN');
    const line = mergeRuns(await harness.store.listRuns({ limit: 1000 }), await reviews.listOpen()).find(({ runId }) => runId === run.runId);
    expect(line).toMatchObject({ state: 'queued', artifact: 'j.md', targetScore: 12, closedAt: null, score: null });
    await harness.client.workflow.getHandle(run.workflowId).terminate();
  });

  test('a wait on queues that nobody serves names them, and ends when the time is up', async () => {
    const prefix = `${harness.prefix}-nobody`;
    const elsewhere = createReviews({ client: harness.client, store: harness.store, host: 'host-of-tests', queue: prefix });
    const run = await elsewhere.startReview(request('k.md'));
    let told = '';
    const end = await elsewhere.wait(run, { waitMs: 14_000, onStall: () => void elsewhere.silentQueues().then((sentence) => (told = sentence)) });
    expect(end).toEqual({ why: 'time_up', progress: null });
    expect(told).toBe(
      `Nothing moves: no worker serves the task queues ${prefix}, ${prefix}-analysis, ${prefix}-workspace, ${prefix}-report. ` +
        `Start one with \`koubou worker --queues ${prefix},${prefix}-analysis,${prefix}-workspace,${prefix}-report\`.`,
    );
    await harness.client.workflow.getHandle(run.workflowId).terminate();
  }, 30_000);
});

test('a run is told as messages, from what the store holds', async () => {
  harness.write('m.md', text);
  const run = await reviews.startReview(request('m.md'));
  await reviews.wait(run);
  const lines = (await runMessages(harness.store, (await loadReport(harness.store, run.runId))!)).trim().split('\n');
  const messages = lines.map((line) => JSON.parse(line) as { message_type: string; payload: { code_content?: string } });
  expect([messages[0]?.message_type, messages[0]?.payload.code_content, messages.at(-1)?.message_type]).toEqual(['code_review_request', text, 'review_result']);
});
