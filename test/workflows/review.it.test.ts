import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Progress } from '#domain/loop/progress.ts';
import type { SnakeKeys } from '#domain/json-keys.ts';
import type { Report } from '#domain/report.ts';
import { startHarness, type Harness } from '../support/harness.ts';
import { failing, markerImprover, markerReviewer, slow, textImprover, unavailable } from '../support/marker-reviewer.ts';

type WireReport = SnakeKeys<Report>;
type WireProgress = SnakeKeys<Progress>;

let harness: Harness;

beforeAll(async () => {
  let bounces = 0;
  harness = await startHarness({
    reviewers: [
      markerReviewer('marker'),
      markerReviewer('down-once', failing(1, unavailable)),
      markerReviewer('down-3', failing(3, unavailable)),
      markerReviewer('down-3b', failing(3, unavailable)),
      markerReviewer('down', failing(1_000, unavailable)),
      markerReviewer('slow', slow(60_000)),
    ],
    improvers: [
      markerImprover('marker'),
      textImprover('emptying', () => ''),
      textImprover('bouncing', (text) => ((bounces += 1) % 2 === 1 ? `${text}!info more\n` : text.replace('!info more\n', ''))),
      textImprover('padding', (text, refusals) => `${text}\nplain ${refusals} ${text.length}`),
      textImprover('worsening', (text, refusals) => `${text}!high worse${refusals}\n`),
    ],
  });
});

afterAll(() => harness.stop());

const poor = ['# text', ...Array.from({ length: 12 }, (_, n) => `!medium rule${n} fix`), 'end', ''].join('\n');

async function finish(request: object): Promise<WireReport> {
  return (await (await harness.start(request)).result()) as WireReport;
}

async function reach(handle: WorkflowHandle, state: string): Promise<WireProgress> {
  for (let waited = 0; waited < 30_000; waited += 50) {
    const progress = await handle.query<WireProgress>('progress');
    if (progress.state === state) return progress;
    await sleep(50);
  }
  throw new Error(`never ${state}`);
}

describe('a review', () => {
  test('improves until the target is reached and tells every iteration', async () => {
    harness.write('a.md', poor);
    const report = await finish({ artifact: { path: 'a.md' }, target_score: 86 });
    expect([report.state, report.outcome, report.ready, report.initial_score]).toEqual(['completed', 'target_reached', true, 83.5]);
    expect(report.iterations.map(({ iteration, accepted, findings }) => [iteration, accepted, findings])).toEqual([[1, true, 12], [2, true, 11], [3, true, 10]]);
    expect(report.final_score).toBeGreaterThanOrEqual(86);
    expect(report.fixed).toHaveLength(2);
    expect(report.findings).toHaveLength(10);
    expect([report.saved, report.commit, report.error]).toEqual([null, null, null]);
    expect(readFileSync(join(harness.root, 'a.md'), 'utf8')).toBe(poor);
  });

  test('keeps the same report in the store, with the diff and all formats', async () => {
    harness.write('stored.md', poor);
    const result = await finish({ artifact: { path: 'stored.md' }, target_score: 84 });
    const stored = JSON.parse((await harness.store.getReport(result.run_id, 'json')) ?? '{}') as WireReport;
    const { diff, ...rest } = stored;
    expect(rest).toEqual(result);
    expect(diff).toContain('-!medium rule0 fix');
    expect(await harness.store.listReportFormats(result.run_id)).toEqual(['html', 'json', 'markdown']);
    expect((await harness.store.getRun(result.run_id))?.outcome).toBe('target_reached');
  });

  test('saves the best revision once when asked to', async () => {
    harness.write('save.md', poor);
    const report = await finish({ artifact: { path: 'save.md' }, target_score: 84, save: 'write' });
    const now = readFileSync(join(harness.root, 'save.md'), 'utf8');
    expect(now).toBe(poor.replace('!medium rule0 fix\n', ''));
    expect(report.saved?.path).toBe('save.md');
  });

  test("keeps a person's edit made meanwhile and says Conflict", async () => {
    harness.write('edited.md', poor);
    const handle = await harness.start({ artifact: { path: 'edited.md' }, target_score: 84, save: 'write', approval: 'before_save' });
    await reach(handle, 'waiting_for_decision');
    writeFileSync(join(harness.root, 'edited.md'), 'mine\n');
    await handle.executeUpdate('decide', { args: [{ decision: 'approve' }] });
    const report = (await handle.result()) as WireReport;
    expect([report.state, report.outcome, report.saved, report.error?.kind, report.error?.code]).toEqual(['completed', 'target_reached', null, 'Conflict', 'FILE_CHANGED']);
    expect(readFileSync(join(harness.root, 'edited.md'), 'utf8')).toBe('mine\n');
  });

  test('accepts the payload of seed 004 and scores its two lines without finding them at fault', async () => {
    const report = await finish({ file_path: '/path/to/code.py', code_content: "def hello():\n    print('world')", language: 'python', review_options: { check_syntax: true } });
    expect([report.artifact.name, report.artifact.language, report.final_score]).toEqual(['code.py', 'python', 100]);
  });
});

describe('a review stops with', () => {
  test.each([
    ['max_iterations', { max_iterations: 2 }, 2],
    ['max_iterations, when only a review was asked for', { max_iterations: 1 }, 1],
    ['no_progress, when two candidates in a row gain nothing', { improver: 'padding' }, 3],
    ['no_progress, when two candidates in a row are refused', { improver: 'worsening' }, 3],
    ['oscillating', { improver: 'bouncing' }, 2],
  ])('%s', async (name, request, iterations) => {
    harness.write('stop.md', poor);
    const report = await finish({ artifact: { path: 'stop.md' }, target_score: 99, ...request });
    expect([report.outcome, report.iterations.length, report.ready]).toEqual([name.split(',')[0], iterations, false]);
    expect(report.final_score).toBeGreaterThanOrEqual(83.5);
  });

  test('nothing_to_improve, when no finding can be acted on', async () => {
    harness.write('rest.md', '!high stubborn\n');
    expect((await finish({ artifact: { path: 'rest.md' } })).outcome).toBe('nothing_to_improve');
  });

  test('not_judged, when the text is empty', async () => {
    harness.write('empty.md', '');
    const report = await finish({ artifact: { path: 'empty.md' } });
    expect([report.state, report.outcome, report.final_score, report.reason]).toEqual(['completed', 'not_judged', null, 'Nothing was judged: the artifact is empty.']);
  });

  test('timed_out and the best so far, when an iteration has no working time left', async () => {
    harness.write('slow.md', poor);
    const report = await finish({ artifact: { path: 'slow.md' }, reviewers: ['slow'], iteration_timeout_ms: 700 });
    expect([report.outcome, report.final_score]).toEqual(['timed_out', null]);
  });

  test('rejected, when a person rejects saving', async () => {
    harness.write('reject.md', poor);
    const handle = await harness.start({ artifact: { path: 'reject.md' }, target_score: 84, save: 'write', approval: 'before_save' });
    await reach(handle, 'waiting_for_decision');
    await handle.executeUpdate('decide', { args: [{ decision: 'reject', by: 'me', note: 'no' }] });
    const report = (await handle.result()) as WireReport;
    expect([report.outcome, report.saved]).toEqual(['rejected', null]);
    expect(readFileSync(join(harness.root, 'reject.md'), 'utf8')).toBe(poor);
  });
});

describe('a refused candidate', () => {
  test('is told with its reason and never becomes the best', async () => {
    harness.write('refused.md', poor);
    const report = await finish({ artifact: { path: 'refused.md' }, target_score: 99, improver: 'emptying' });
    expect(report.iterations[1]).toMatchObject({ accepted: false, refused_because: 'It is empty.' });
    expect(report.best_revision?.iteration).toBe(1);
    expect(report.final_score).toBe(report.initial_score);
  });
});

describe.concurrent('a step that fails', () => {
  test('is tried again and goes on when it was a passing trouble', async () => {
    harness.write('once.md', '!low x\n');
    expect((await finish({ artifact: { path: 'once.md' }, reviewers: ['down-once'] })).outcome).toBe('target_reached');
  });

  test('parks the run after three attempts; retry wakes it and nothing is lost', async () => {
    harness.write('parked.md', '!low x\n');
    const handle = await harness.start({ artifact: { path: 'parked.md' }, reviewers: ['down-3'] });
    const progress = await reach(handle, 'parked');
    expect(progress.waiting_for).toContain('REVIEWER_DOWN');
    const listed = harness.client.workflow.list({ query: `KoubouStatus = 'parked' AND WorkflowId = '${handle.workflowId}'` });
    let found = 0;
    for (let waited = 0; found === 0 && waited < 5_000; waited += 200, await sleep(200)) for await (const _run of listed) found += 1;
    expect(found).toBe(1);
    const after = await handle.executeUpdate<WireProgress, [object]>('decide', { args: [{ decision: 'retry' }] });
    expect(after.state).not.toBe('parked');
    expect(((await handle.result()) as WireReport).outcome).toBe('target_reached');
  });

  test('can be skipped: the failing reviewer is dropped and the others stand', async () => {
    harness.write('skip.md', '!low x\n');
    const handle = await harness.start({ artifact: { path: 'skip.md' }, reviewers: ['marker', 'down-3b'] });
    await reach(handle, 'parked');
    await handle.executeUpdate('decide', { args: [{ decision: 'skip' }] });
    const report = (await handle.result()) as WireReport;
    expect([report.outcome, report.reviewers.map(({ id }) => id)]).toEqual(['target_reached', ['marker']]);
  });

  test('can be aborted, with a report that names the error', async () => {
    harness.write('abort.md', '!low x\n');
    const handle = await harness.start({ artifact: { path: 'abort.md' }, reviewers: ['down'] });
    await reach(handle, 'parked');
    await expect(handle.executeUpdate('decide', { args: [{ decision: 'approve' }] })).rejects.toThrow();
    await handle.executeUpdate('decide', { args: [{ decision: 'abort' }] });
    const report = (await handle.result()) as WireReport;
    expect([report.outcome, report.error]).toEqual(['aborted', { kind: 'Unavailable', code: 'REVIEWER_DOWN', message: 'The reviewer does not answer. Try again later.', step: 'review' }]);
  });
});

async function failure(handle: WorkflowHandle): Promise<[unknown, unknown]> {
  const error = await handle.result().then(() => null, (thrown: unknown) => thrown);
  const cause = error instanceof WorkflowFailedError ? error.cause : error;
  if (!(cause instanceof ApplicationFailure)) return [cause, null];
  return [cause.type, (cause.details?.[0] as { code: string } | undefined)?.code];
}

describe('a review fails with the kind as its type', () => {
  test.each([
    ['an unknown field', { artifact: { path: 'a.md' }, colour: 1 }, ['InvalidInput', 'INPUT_INVALID']],
    ['a path outside the root', { artifact: { path: '../a.md' } }, ['InvalidInput', 'PATH_TRAVERSAL']],
    ['a file that is not there', { artifact: { path: 'nowhere.md' } }, ['InvalidInput', 'NOT_FOUND']],
    ['an unknown reviewer', { artifact: { path: 'a.md' }, reviewers: ['nobody'] }, ['Misconfigured', 'REVIEWER_UNKNOWN']],
    ['a check that no settings name', { artifact: { path: 'checked.md' }, checks: ['tests'] }, ['Misconfigured', 'CHECK_UNKNOWN']],
    ['no request at all', [], ['InvalidInput', 'INPUT_INVALID']],
  ])('for %s, and is listed as failed', async (_name, request, expected) => {
    harness.write('checked.md', poor);
    const handle = await harness.start(request);
    expect(await failure(handle)).toEqual(expected);
    expect((await harness.store.findRun(handle.workflowId)).state).toBe('failed');
  });
});

describe('a cancelled review', () => {
  test('is Canceled at once and leaves its partial report', async () => {
    harness.write('cancel.md', poor);
    const handle = await harness.start({ artifact: { path: 'cancel.md' }, reviewers: ['slow'] });
    await reach(handle, 'reviewing');
    await sleep(300);
    await handle.cancel();
    const error = await handle.result().catch((thrown: unknown) => thrown);
    expect(error instanceof WorkflowFailedError && error.cause instanceof CancelledFailure).toBe(true);
    const run = await harness.store.findRun(handle.workflowId);
    expect([run.state, JSON.parse((await harness.store.getReport(run.runId, 'json')) ?? '{}').state]).toEqual(['cancelled', 'cancelled']);
  });
});

describe('history', () => {
  test('holds no text, stays below 1 MB for 10 MB, and has as many events as for 1 KB', async () => {
    const lines = (size: number): string => `${'あいう secret-text '.repeat(4)}\n`.repeat(Math.ceil(size / 90)) + Array.from({ length: 8 }, (_, n) => `!medium rule${n} fix\n`).join('');
    harness.write('small.md', lines(1_000));
    harness.write('large.md', lines(10_000_000));
    const [small, large] = await Promise.all(['small.md', 'large.md'].map((path) => harness.start({ artifact: { path }, target_score: 100 })));
    const outcomes = await Promise.all([small!.result(), large!.result()]) as WireReport[];
    expect(outcomes.map(({ outcome, iterations }) => [outcome, iterations.length])).toEqual([['max_iterations', 5], ['max_iterations', 5]]);
    const [few, many] = await Promise.all([harness.history(small!), harness.history(large!)]);
    expect(many.events).toBe(few.events);
    expect(many.bytes).toBeLessThan(1_000_000);
    expect(many.text).not.toContain('secret-text');
  });

  test('grows by at most 15 events an iteration', async () => {
    harness.write('events.md', poor);
    const counts: number[] = [];
    for (const max_iterations of [1, 2, 3]) {
      const handle = await harness.start({ artifact: { path: 'events.md' }, target_score: 100, max_iterations });
      await handle.result();
      counts.push((await harness.history(handle)).events);
    }
    expect([counts[1]! - counts[0]!, counts[2]! - counts[1]!].every((grown) => grown <= 15)).toBe(true);
  });

  test('two runs of the same artifact and limits take the same steps', async () => {
    harness.write('same.md', poor);
    const reports = await Promise.all([1, 2].map(() => finish({ artifact: { path: 'same.md' }, target_score: 86 })));
    expect(reports[0]!.iterations.map(({ revision }) => revision)).toEqual(reports[1]!.iterations.map(({ revision }) => revision));
  });
});
