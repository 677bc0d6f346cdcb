import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { AppError } from '#domain/errors.ts';
import type { ReviewInput } from '#reviewers/reviewer.ts';
import { makeCommand, type Command } from '../../support/command.ts';
import { startHarness, type Harness } from '../../support/harness.ts';
import { markerImprover, markerReviewer } from '../../support/marker-reviewer.ts';

// The real command against workers of the test's own, whose reviewer is slow or down when the text says so.
let harness: Harness;
let koubou: Command;
const mood = { down: true };

async function before({ text }: ReviewInput, signal: AbortSignal): Promise<void> {
  if (text.includes('~slow')) await sleep(60_000, undefined, { signal });
  if (text.includes('~down') && mood.down) throw new AppError('Refused', 'REVIEWER_DOWN', 'The reviewer refuses.');
}

beforeAll(async () => {
  harness = await startHarness({ reviewers: [markerReviewer('static', before)], improvers: [markerImprover('static')] });
  const { place } = await harness.store.describe();
  koubou = makeCommand({ KOUBOU_TEMPORAL: inject('temporalPath'), TEMPORAL_ADDRESS: inject('temporalAddress'), KOUBOU_TEMPORAL_TASK_QUEUE: harness.prefix, KOUBOU_STORE_URL: `sqlite:${place}` });
});
afterAll(async () => {
  await koubou.dispose();
  await harness.stop();
});

const text = '!medium a fix\n!medium b fix\nrest\n';
const inRoot = () => ({ cwd: harness.root });

async function reviewed(path: string, content = text, ...flags: string[]): Promise<{ run_id: string; workflow_id: string; code: unknown }> {
  harness.write(path, content);
  return koubou.json(['review', path, '--target', '98', ...flags], inRoot());
}

async function startedRun(path: string, content: string): Promise<string> {
  harness.write(path, content);
  const { stdout } = await koubou.run(['review', path, '--detach', '--quiet'], inRoot());
  return stdout.trim();
}

describe('koubou result', () => {
  test('shows the report again, by the run id, a beginning of it, or the workflow id', async () => {
    const { run_id: id, workflow_id: workflow } = await reviewed('r1.md');
    const [whole, beginning, latest] = await Promise.all([id, id.slice(0, -4), workflow].map((word) => koubou.run(['result', word])));
    expect(whole).toMatchObject({ code: 0, stdout: expect.stringMatching(/^✓ Target reached/), stderr: '' });
    expect([beginning?.stdout, latest?.stdout]).toEqual([whole?.stdout, whole?.stdout]);
    expect(await koubou.json(['result', id])).toMatchObject({ code: 0, run_id: id, schema: 'koubou.report/1' });
  });

  test('prints the best text, the diff or the messages, and nothing else', async () => {
    const { run_id: id } = await reviewed('r2.md');
    expect(await koubou.run(['result', id, '--text'])).toEqual({ code: 0, stdout: '!medium b fix\nrest\n', stderr: '' });
    expect(JSON.parse((await koubou.run(['result', id, '--text', '--json'])).stdout)).toEqual({ schema: 'koubou.part/1', run_id: id, text: '!medium b fix\nrest\n' });
    expect(await koubou.run(['result', id, '--diff'])).toEqual({ code: 0, stdout: '--- a/r2.md\n+++ b/r2.md\n@@ -1,3 +1,2 @@\n-!medium a fix\n !medium b fix\n rest\n', stderr: '' });
    const { stdout } = await koubou.run(['result', id, '--messages']);
    expect(stdout.trim().split('\n').map((line) => (JSON.parse(line) as { message_type: string }).message_type)).toEqual([
      'code_review_request', 'code_analysis_result', 'improvement_request', 'code_analysis_result', 'review_completion', 'review_result',
    ]);
  });

  test('of a run that goes on shows where it stands, with 3; of one that failed its error, with 2', async () => {
    const id = await startedRun('r3.md', `${text}~slow\n`);
    await expect.poll(() => koubou.run(['result', id]), { timeout: 30_000 }).toMatchObject({ code: 3, stdout: `Run ${id} is reviewing.\nNext: koubou wait ${id}\n` });
    expect(await koubou.json(['result', id, '--text'])).toMatchObject({ code: 2, error: { code: 'RUN_NOT_FINISHED' } });
    await koubou.run(['cancel', id]);
    const failed = await startedRun('r4.md', '\u0000binary');
    expect(await koubou.json(['wait', failed])).toMatchObject({ code: 2, run_id: failed, error: { kind: 'InvalidInput', code: 'INPUT_BINARY' } });
    expect(await koubou.json(['result', failed])).toMatchObject({ code: 2, run_id: failed, error: { code: 'INPUT_BINARY' } });
  });
});

describe('koubou status, list and wait', () => {
  test('tell of a run while it goes on and after it has ended', async () => {
    const id = await startedRun('s1.md', `${text}~slow\n`);
    await expect.poll(async () => (await koubou.json(['status', id]))['phase'], { timeout: 30_000 }).toBe('review');
    expect(await koubou.json(['status', id])).toMatchObject({ code: 0, run_id: id, state: 'reviewing', iteration: 1, artifact: 's1.md' });
    const { runs } = await koubou.json<{ runs: { run_id: string; state: string }[] }>(['status']);
    expect(runs.find(({ run_id }) => run_id === id)).toMatchObject({ state: 'reviewing', artifact: 's1.md', target_score: 85 });
    expect((await koubou.run(['list'])).stdout).toMatch(new RegExp(`\\n${id} +reviewing +– +85 +[-\\d]+ [:\\d]+ UTC +s1\\.md\\n`));
    expect(await koubou.json(['cancel', id])).toMatchObject({ code: 0, cancelled: true, state: 'cancelled' });
    expect(await koubou.json(['status', id])).toMatchObject({ code: 0, state: 'cancelled' });
    expect(await koubou.run(['wait', id])).toMatchObject({ code: 1, stdout: expect.stringContaining('Cancelled') });
    expect(await koubou.json(['cancel', id])).toMatchObject({ code: 0, cancelled: false });
  });

  test('and cancel tell of a batch whose reviews were cancelled with it', async () => {
    for (const name of ['c1.md', 'c2.md']) harness.write(`cancelled/${name}`, `${text}~slow\n`);
    const id = (await koubou.run(['review', 'cancelled', '--write', '--detach', '--quiet'], inRoot())).stdout.trim();
    const openHere = async () => (await koubou.json<{ runs: { artifact: string; state: string; kind: string }[] }>(['list'])).runs.filter(({ artifact }) => artifact.startsWith('cancelled')).map(({ artifact, state }) => [artifact, state]).toSorted(([a], [b]) => (a! < b! ? -1 : 1));
    await expect.poll(openHere, { timeout: 30_000 }).toContainEqual(['cancelled/c2.md', 'reviewing']);
    expect(await koubou.json(['cancel', id])).toMatchObject({ code: 0, cancelled: true, state: 'cancelled' });
    expect(await koubou.json(['cancel', id])).toMatchObject({ code: 0, cancelled: false, state: 'ended' });
    expect(await openHere()).toEqual([['cancelled', 'cancelled'], ['cancelled/c1.md', 'cancelled'], ['cancelled/c2.md', 'cancelled']]);
    expect(await koubou.json(['status', id])).toMatchObject({ code: 0, state: 'cancelled', summary: { total: 2, failed: 2, cancelled: true } });
    const [shown, waited] = await Promise.all([koubou.run(['result', id]), koubou.json(['wait', id])]);
    expect([shown.code, shown.stdout.split('\n')[0]]).toEqual([1, 'Cancelled: 0 of 2 at the target, 2 without a result']);
    expect(waited).toMatchObject({ code: 1, schema: 'koubou.batch/1', run_id: id, state: 'cancelled', summary: { total: 2 }, reports: [{ state: 'cancelled' }, { state: 'cancelled' }] });
  });

  test('status without an id names the service and its queues', async () => {
    const status = await koubou.json<{ address: string; namespace: string; queues: { name: string; pollers: number }[] }>(['status']);
    expect(Object.keys(status).slice(0, 7)).toEqual(['address', 'namespace', 'ui_url', 'pid', 'version', 'queues', 'runs']);
    expect([status.address, status.namespace]).toEqual([inject('temporalAddress'), 'default']);
    expect(status.queues.map(({ name, pollers }) => [name.slice(harness.prefix.length), pollers > 0])).toEqual([['', true], ['-analysis', true], ['-llm', true], ['-workspace', true], ['-report', true]]);
    expect((await koubou.run(['status'])).stdout).toContain(`Temporal  ${inject('temporalAddress')}, namespace default (not ours)\n`);
  });

  test('wait ends with 3 when its time is over, and with the result otherwise', async () => {
    const id = await startedRun('s2.md', `${text}~slow\n`);
    expect(await koubou.run(['wait', id, '--wait', '200ms', '--quiet'])).toMatchObject({ code: 3, stderr: '' });
    await koubou.run(['cancel', id]);
    const { run_id: ended } = await reviewed('s3.md');
    expect(await koubou.json(['wait', ended])).toMatchObject({ code: 0, run_id: ended, outcome: 'target_reached' });
  });

  test('without an answering service show what the store holds', async () => {
    const { run_id: id } = await reviewed('s4.md');
    const env = { TEMPORAL_ADDRESS: '127.0.0.1:1' };
    const [result, list, wait] = await Promise.all([['result', id], ['list'], ['wait', id]].map((args) => koubou.run(args, { env })));
    expect([result?.code, list?.stdout.includes(id), wait?.code]).toEqual([0, true, 0]);
    expect(result?.stderr).toContain('no service answers');
  });
});

describe('a parked run', () => {
  async function parkedRun(path: string): Promise<string> {
    mood.down = true;
    const run = await reviewed(path, `${text}~down\n`);
    expect(run).toMatchObject({ code: 1, state: 'parked', next_step: `koubou decide ${run.run_id} retry|skip|abort` });
    await expect.poll(async () => (await koubou.run(['parked'])).stdout, { timeout: 30_000 }).toContain(run.run_id);
    return run.run_id;
  }

  test('is listed with the reason, and retry wakes it', async () => {
    const id = await parkedRun('p1.md');
    expect(await koubou.run(['parked'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(new RegExp(`${id} +p1\\.md +A decision: the step review failed \\(REVIEWER_DOWN\\)`)),
      stderr: expect.stringContaining('koubou retry ID'),
    });
    expect(await koubou.json(['decide', id, 'approve'])).toMatchObject({ code: 2, error: { code: 'DECISION_REFUSED' } });
    mood.down = false;
    expect(await koubou.json(['retry', id])).toMatchObject({ code: 0, run_id: id, decision: 'retry' });
    expect(await koubou.json(['wait', id])).toMatchObject({ code: 0, outcome: 'target_reached' });
    expect(await koubou.json(['retry', id])).toMatchObject({ code: 2, error: { code: 'RUN_NOT_OPEN' } });
  });

  test('and all others are woken by retry --all', async () => {
    const ids = [await parkedRun('p2.md'), await parkedRun('p3.md')];
    mood.down = false;
    const { runs } = await koubou.json<{ runs: { run_id: string }[] }>(['retry', '--all']);
    expect(runs.map(({ run_id }) => run_id).filter((id) => ids.includes(id)).toSorted()).toEqual(ids.toSorted());
    for (const id of ids) expect(await koubou.json(['wait', id])).toMatchObject({ code: 0 });
    await expect.poll(async () => (await koubou.run(['parked'])).stdout, { timeout: 30_000 }).not.toContain(ids[0]);
  });

  test('can be ended by decide abort', async () => {
    const id = await parkedRun('p4.md');
    expect(await koubou.run(['decide', id, 'abort', '--note', 'enough'])).toMatchObject({ code: 0, stdout: expect.stringContaining(`Run ${id} took "abort"`) });
    expect(await koubou.json(['wait', id])).toMatchObject({ code: 2, outcome: 'aborted', final_score: null });
  });
});

describe('koubou apply', () => {
  test('of a batch leaves out what a person rejected, and says so', async () => {
    for (const name of ['b1.md', 'b2.md']) harness.write(`both/${name}`, text);
    const batch = await koubou.json<{ run_id: string; reports: { run_id: string; artifact: { path: string } }[] }>(['review', 'both', '--target', '98', '--write', '--approve'], inRoot());
    const rejected = batch.reports.find(({ artifact }) => artifact.path === 'both/b1.md')!.run_id;
    const other = batch.reports.find(({ run_id }) => run_id !== rejected)!.run_id;
    await koubou.run(['decide', rejected, 'reject']);
    await koubou.run(['decide', other, 'approve']);
    for (const id of [rejected, other]) await koubou.run(['wait', id]);
    expect(await koubou.run(['apply', batch.run_id])).toMatchObject({ code: 0, stdout: 'Skipped both/b1.md: it was rejected.\nSaved both/b2.md\n', stderr: '' });
    expect(await koubou.json(['apply', batch.run_id])).toMatchObject({ code: 0, applied: [{ run_id: rejected, saved: null, reason: 'Skipped both/b1.md: it was rejected.' }, { run_id: other, saved: { path: 'both/b2.md' } }] });
  });

  test('saves what a finished run made, says the same again, and leaves a changed file alone', async () => {
    const { run_id: id } = await reviewed('a1.md');
    expect(await koubou.run(['apply', id])).toMatchObject({ code: 0, stdout: 'Saved a1.md\n' });
    expect(await koubou.json(['apply', id])).toMatchObject({ code: 0, schema: 'koubou.applied/1', run_id: id, saved: { path: 'a1.md' }, commit: null });
    expect((await koubou.run(['result', id])).stdout).toContain('Saved a1.md');
    const { run_id: other } = await reviewed('a2.md');
    harness.write('a2.md', 'mine\n');
    expect(await koubou.json(['apply', other])).toMatchObject({ code: 1, error: { kind: 'Conflict', code: 'FILE_CHANGED' } });
    expect(await koubou.json(['apply', 'nonesuch'])).toMatchObject({ code: 2, error: { code: 'RUN_UNKNOWN' } });
  });
});

describe('a command that waits', () => {
  test('leaves the run alive on Ctrl-C, says how to come back, and ends with 130', async () => {
    harness.write('i1.md', `${text}~slow\n`);
    const { child, said, ended } = koubou.start(['review', 'i1.md'], inRoot());
    await said('reviewing, iteration 1');
    const begun = performance.now();
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    const [, id = ''] = /koubou wait ([0-9a-f-]{36})/.exec(stderr) ?? [];
    expect([code, stdout, performance.now() - begun > 2_900]).toEqual([130, '', true]);
    expect(stderr).toContain(`koubou cancel ${id}`);
    expect(await koubou.json(['status', id])).toMatchObject({ state: 'reviewing' });
    await koubou.run(['cancel', id]);
  });

  test('cancels the run on a second Ctrl-C', async () => {
    harness.write('i2.md', `${text}~slow\n`);
    const { child, said, ended } = koubou.start(['review', 'i2.md'], inRoot());
    await said('reviewing, iteration 1');
    child.kill('SIGINT');
    await said('Ctrl-C again');
    await sleep(400);
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    const [, id = ''] = /koubou wait ([0-9a-f-]{36})/.exec(stderr) ?? [];
    expect([code, stderr.includes('is being stopped')]).toEqual([130, true]);
    expect(await koubou.json(['wait', id])).toMatchObject({ code: 1, state: 'cancelled' });
  });

  test('leaves at once on SIGTERM', async () => {
    harness.write('i3.md', `${text}~slow\n`);
    const { child, said, ended } = koubou.start(['review', 'i3.md'], inRoot());
    await said('reviewing, iteration 1');
    const begun = performance.now();
    child.kill('SIGTERM');
    const { code, stderr } = await ended;
    expect([code, performance.now() - begun < 2_500]).toEqual([130, true]);
    await koubou.run(['cancel', /koubou wait ([0-9a-f-]{36})/.exec(stderr)?.[1] ?? '']);
  });

  test('reviews again under --watch whenever the file changes, until it is interrupted', async () => {
    harness.write('w.md', text);
    const { child, said, ended } = koubou.start(['review', 'w.md', '--watch', '--target', '98'], inRoot());
    await said('Watching w.md');
    harness.write('w.md', '!high worse\n');
    await said('Watching w.md; Ctrl-C ends it.\nw.md:');
    await expect.poll(async () => (await koubou.json<{ runs: { artifact: string }[] }>(['list'])).runs.filter(({ artifact }) => artifact === 'w.md').length, { timeout: 30_000 }).toBe(2);
    await sleep(2_000);
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    expect([code, stdout.match(/target 98/g)?.length]).toEqual([130, 2]);
  });
});

test('a reader that stops reading ends nothing but the reading', async () => {
  const { run_id: id } = await reviewed('pipe.md');
  const { child, ended } = koubou.start(['result', id, '--messages']);
  child.stdout?.destroy();
  expect(await ended).toMatchObject({ code: 0, stderr: '' });
});

