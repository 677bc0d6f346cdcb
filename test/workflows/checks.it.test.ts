import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure, WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { trustProject } from '#client/trust.ts';
import { workerChecks, type Checks } from '#client/worker-checks.ts';
import { loadConfig } from '#config.ts';
import { AppError } from '#domain/errors.ts';
import { markedProcesses } from '#io/jail-marker.ts';
import type { SnakeKeys } from '#domain/json-keys.ts';
import type { Progress } from '#domain/loop/progress.ts';
import type { Report } from '#domain/report.ts';
import type { CheckEvidence, ReviewInput, Reviewer } from '#reviewers/reviewer.ts';
import { jailTools } from '../support/agents.ts';
import { startHarness, type Harness } from '../support/harness.ts';
import { markerImprover, markerReviewer, textImprover } from '../support/marker-reviewer.ts';

type WireReport = SnakeKeys<Report>;

const home = mkdtempSync(join(tmpdir(), 'koubou-checks-'));
let harness: Harness;
let answers: Server;
let asked = 0;
const evidence = new Map<string, (readonly CheckEvidence[] | undefined)[]>();

/** Passes where the file does not hold the word. */
const lacks = (name: string, file: string, word: string): object => ({ name, command: ['sh', '-c', `if grep -n ${word} ${file}; then echo sk-secret-of-the-worker-1; exit 3; fi`] });

/** A model that remembers what it was shown. */
function aModel(id: string): Reviewer {
  const markers = markerReviewer(id);
  const review = async (input: ReviewInput, context: Parameters<Reviewer['review']>[1]) => {
    evidence.set(input.name, [...(evidence.get(input.name) ?? []), input.evidence]);
    return markers.review(input, context);
  };
  return { ...markers, queue: 'llm', asksModel: true, review };
}

function withTrouble(checks: Checks): Checks {
  return { ...checks, run: (job) => (job.name === 'down' ? Promise.reject(new AppError('Unavailable', 'CHECK_NOT_STARTED', 'It could not be started.')) : checks.run(job)) };
}

beforeAll(async () => {
  // Fails the first time it is asked.
  answers = createServer((_request, response) => response.writeHead((asked += 1) === 1 ? 500 : 200).end()).listen(0, '127.0.0.1');
  await new Promise((resolve) => answers.once('listening', resolve));
  const { port } = answers.address() as AddressInfo;
  const flaky = `fetch('http://127.0.0.1:${port}').then((answer) => { console.log(answer.status); process.exit(answer.ok ? 0 : 1); })`;
  const checks = [
    lacks('breaks', 'breaks.md', 'BROKEN'), lacks('fixes', 'fixes.md', 'BROKEN'), lacks('told', 'told.md', 'BROKEN'), lacks('new', 'drafts/new.md', 'BROKEN'), { name: 'flaky', command: ['node', '-e', flaky], network: true },
    { name: 'slow', command: ['sh', '-c', 'echo begun; sleep 60'], timeout_ms: 500 }, { name: 'endless', command: ['sh', '-c', 'setsid sleep 300 & sleep 300'] }, { name: 'gone', command: ['no-such-program'] }, { name: 'down', command: ['true'] }, { name: 'fine', command: ['true'] },
  ];
  mkdirSync(join(home, '.config/koubou'), { recursive: true });
  writeFileSync(join(home, '.config/koubou/koubou.yaml'), JSON.stringify({ checks }));
  const environment = { HOME: home, PATH: process.env['PATH'] ?? '' };
  const config = await loadConfig({ cwd: '/', env: environment });
  harness = await startHarness({
    reviewers: [markerReviewer('static'), aModel('model')],
    improvers: [
      markerImprover('marker'),
      textImprover('breaking', (text, refusals) => `${text.replace(/^!low .*\n/m, '')}BROKEN ${'again '.repeat(refusals)}\n`),
      textImprover('fixing', (text) => (text.includes('BROKEN') ? text.replaceAll('BROKEN', 'sound') : null)),
    ],
    checks: withTrouble(workerChecks({ config, environment, jailTools: jailTools(), hide: (text) => text.replaceAll('sk-secret-of-the-worker-1', '[redacted]') })),
  });
});

afterAll(async () => {
  await harness.stop();
  answers.close();
  rmSync(home, { recursive: true, force: true });
});

const start = (name: string, text: string, request: object): Promise<WorkflowHandle> => {
  harness.write(name, text);
  return harness.start({ artifact: { path: name }, reviewers: ['static'], ...request });
};
const finish = async (...given: Parameters<typeof start>): Promise<WireReport> => (await (await start(...given)).result()) as WireReport;
const checksIn = (report: WireReport): unknown => report.reviewers.filter(({ outcome }) => outcome !== undefined).map(({ id, outcome }) => [id, outcome]);

async function reach(handle: WorkflowHandle, state: string): Promise<SnakeKeys<Progress>> {
  for (let waited = 0; waited < 30_000; waited += 50, await sleep(50)) {
    const progress = await handle.query<SnakeKeys<Progress>>('progress');
    if (progress.state === state) return progress;
  }
  throw new Error(`never ${state}`);
}

async function failure(handle: WorkflowHandle): Promise<unknown> {
  const error = await handle.result().then(() => null, (thrown: unknown) => thrown);
  const cause = error instanceof WorkflowFailedError ? error.cause : error;
  return cause instanceof ApplicationFailure ? [cause.type, (cause.details?.[0] as { code: string } | undefined)?.code, cause.message] : cause;
}

describe('a check of the user’s own', () => {
  test('that passes refuses every revision that breaks it, and says so', async () => {
    const text = '# text\n!low a fix\n!low b fix\nthe end\n';
    const report = await finish('breaks.md', text, { checks: ['breaks'], improver: 'breaking', target_score: 100, save: 'write' });
    expect(report.iterations.map(({ accepted, refused_because }) => [accepted, refused_because])).toEqual([
      [true, undefined], [false, 'It breaks the check breaks: passed before, fails now.'], [false, 'It breaks the check breaks: passed before, fails now.'],
    ]);
    expect([report.outcome, report.best_revision?.iteration, report.saved, checksIn(report)]).toEqual(['no_progress', 1, null, [['check:breaks', 'passed']]]);
    expect(readFileSync(join(harness.root, 'breaks.md'), 'utf8')).toBe(text);
  });

  test('that fails is a blocker until a revision passes it', async () => {
    const report = await finish('fixes.md', '# text\nBROKEN\nthe end\n', { checks: ['fixes'], improver: 'fixing', save: 'write' });
    expect([report.outcome, report.initial_score, report.final_score, report.ready, checksIn(report)]).toEqual(['target_reached', 84, 100, true, [['check:fixes', 'passed']]]);
    expect(report.fixed).toMatchObject([{ rule_id: 'check/fixes', severity: 'high', source: 'check:fixes', message: 'The check fixes failed with exit code 3. Its last lines: 2:BROKEN | [redacted]' }]);
    expect(readFileSync(join(harness.root, 'fixes.md'), 'utf8')).toBe('# text\nsound\nthe end\n');
  });

  test('that fails to the end keeps the run from its target, whatever the score', async () => {
    const report = await finish('fixes.md', '# text\nBROKEN\nthe end\n', { checks: ['fixes'], improver: 'marker', target_score: 50 });
    expect([report.outcome, report.ready, report.final_score, report.findings.map(({ rule_id }) => rule_id)]).toEqual(['nothing_to_improve', false, 84, ['check/fixes']]);
  });

  test('that is flaky counts as passed, and a finding says it', async () => {
    const report = await finish('flaky.md', '# text\n', { checks: ['flaky'] });
    expect([report.outcome, report.final_score, checksIn(report), asked]).toEqual(['target_reached', 100, [['check:flaky', 'flaky']], 2]);
    expect(report.findings).toMatchObject([{ severity: 'info', message: 'The check flaky is flaky: it failed with exit code 1, and passed when it was run once more. It counts as passed.' }]);
  });

  test('that takes longer than its own limit has failed, and is not tried again', async () => {
    const report = await finish('slow.md', '# text\n', { checks: ['slow', 'fine'], max_iterations: 1 });
    // Some jails' shells add that it was terminated.
    expect([report.findings[0]?.message, checksIn(report)]).toEqual([expect.stringMatching(/^The check slow did not end within 0.5 s and was stopped. Its last lines: begun/), [['check:fine', 'passed'], ['check:slow', 'failed']]]);
  });

  test('that failed in the baseline already blocks nothing, and is told as failing', async () => {
    const first = await finish('told.md', '# text\nBROKEN\n', { checks: ['told'], max_iterations: 1 });
    const report = await finish('told.md', '# text\nBROKEN\n', { checks: ['told'], baseline: [first.findings[0]!.id], max_iterations: 1 });
    expect([report.outcome, report.final_score, checksIn(report), report.findings[0]?.suppressed]).toEqual(['target_reached', 100, [['check:told', 'failed']], 'baseline']);
  });

  test('is shown to models and to what improves, never to history', async () => {
    const handle = await start('told.md', '# text\nBROKEN\n!low a fix\n', { reviewers: ['static', 'model'], checks: ['told', 'fine'], improver: 'marker', max_iterations: 2, target_score: 100 });
    await handle.result();
    const shown = [{ name: 'told', outcome: 'failed', output: '2:BROKEN\n[redacted]' }, { name: 'fine', outcome: 'passed', output: '' }];
    expect(evidence.get('told.md')).toEqual([shown, shown]);
    const { text } = await harness.history(handle);
    expect([text.includes('2:BROKEN\\n'), text.includes('sk-secret'), text.includes('grep')]).toEqual([false, false, false]);
  });

  test('goes the same way when its run is replayed, models waiting for it', async () => {
    const handle = await start('replayed.md', '# text\n!low a fix\n', { reviewers: ['model', 'static'], checks: ['fine', 'slow'], improver: 'marker', max_iterations: 2, target_score: 100 });
    await handle.result();
    const history = await handle.fetchHistory();
    const order = (history.events ?? []).flatMap(({ activityTaskScheduledEventAttributes: task }) => task?.activityType?.name ?? []);
    expect(order).toEqual(['openArtifact', 'check', 'check', 'review', 'review', 'improve', 'check', 'check', 'review', 'review', 'publishReport']);
    await Worker.runReplayHistory({ workflowBundle: { codePath: inject('workflowBundlePath') } }, history, handle.workflowId);
  });

  test('sees a new file where it is to stand, and a file by whatever name', async () => {
    const { sha256 } = await harness.store.putText('# drafted BROKEN\n');
    const drafted = (await (await harness.start({ artifact: { path: 'drafts/new.md', sha256 }, reviewers: ['static'], checks: ['new'], max_iterations: 1 })).result()) as WireReport;
    expect([checksIn(drafted), drafted.findings[0]?.message]).toEqual([[['check:new', 'failed']], expect.stringContaining('1:# drafted BROKEN')]);
    const odd = 'a; touch pwned $(touch pwned) #.md';
    expect(checksIn(await finish(odd, '# text\n', { checks: ['fine'] }))).toEqual([['check:fine', 'passed']]);
    rmSync(join(harness.root, odd));
  });

  test('leaves neither folders nor a trace in the project', () => {
    expect(readdirSync(join(home, '.local/state/koubou/agents'))).toEqual([]);
    expect(readdirSync(harness.root).filter((file) => !file.endsWith('.md'))).toEqual([]);
  });
});

describe('a check that cannot be run', () => {
  test.each([
    ['gone', 'CHECK_NOT_FOUND', 'no-such-program'],
    ['nobody', 'CHECK_UNKNOWN', 'the settings name breaks, fixes, told, new, flaky'],
    ['; touch pwned', 'CHECK_UNKNOWN', 'There is no check "; touch pwned"'],
  ])('fails the run: %s is %s', async (check, code, told) => {
    const handle = await start('run.md', '# text\n', { reviewers: ['static', 'model'], checks: [check] });
    expect(await failure(handle)).toEqual(['Misconfigured', code, expect.stringContaining(told)]);
    // Nobody pays for a run that fails.
    expect(evidence.get('run.md')).toBe(undefined);
  });

  test('is refused for a text that has no place', async () => {
    expect(await failure(await harness.start({ artifact: { name: 'a.md', text: '# text\n' }, checks: ['fine'] }))).toEqual(['InvalidInput', 'CHECK_NEEDS_FILE', expect.any(String)]);
  });

  test('parks the run after three attempts; skipping drops it like a reviewer', async () => {
    const handle = await start('parked.md', '# text\n', { checks: ['down', 'fine'] });
    expect((await reach(handle, 'parked')).waiting_for).toContain('CHECK_NOT_STARTED');
    await handle.executeUpdate('decide', { args: [{ decision: 'skip' }] });
    const report = (await handle.result()) as WireReport;
    expect([report.outcome, checksIn(report)]).toEqual(['target_reached', [['check:fine', 'passed']]]);
  });

  test('does not run where only the project names it; once trusted it does, until the file changes', async () => {
    const pwned = join(home, 'pwned');
    const hostile = `checks: [{ name: theirs, command: [sh, -c, "touch ${pwned}; echo theirs"], timeout_ms: 20000 }]\n`;
    harness.write('koubou.yaml', hostile);
    expect(await failure(await start('theirs.md', '# text\n', { checks: ['theirs'] }))).toEqual(['Misconfigured', 'CHECK_UNTRUSTED', expect.stringContaining('koubou trust DIR')]);
    expect(readdirSync(home)).not.toContain('pwned');
    harness.write('koubou.yaml', hostile.replace(pwned, 'harmless'));
    await trustProject(join(home, '.local/state/koubou'), harness.root);
    expect(checksIn(await finish('theirs.md', '# text\n', { checks: ['theirs'] }))).toEqual([['check:theirs', 'passed']]);
    harness.write('koubou.yaml', `${hostile}# changed\n`);
    expect(await failure(await start('theirs.md', '# text\n', { checks: ['theirs'] }))).toEqual(['Misconfigured', 'CHECK_UNTRUSTED', expect.any(String)]);
    expect(readdirSync(home)).not.toContain('pwned');
    rmSync(join(harness.root, 'koubou.yaml'));
  });

  test('ends with the iteration when that is out of time', async () => {
    const report = await finish('endless.md', '# text\n', { checks: ['endless'], iteration_timeout_ms: 1_000 });
    expect([report.outcome, report.final_score]).toEqual(['timed_out', null]);
    await expect.poll(() => [readdirSync(join(home, '.local/state/koubou/agents')), markedProcesses((marker) => marker.startsWith(`${process.pid}.`))], { timeout: 5_000 }).toEqual([[], []]);
  });

  test('ends at once with its run', async () => {
    const handle = await start('slow.md', '# text\n', { checks: ['slow'] });
    await reach(handle, 'reviewing');
    await sleep(300);
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow();
    await expect.poll(() => readdirSync(join(home, '.local/state/koubou/agents')), { timeout: 5_000 }).toEqual([]);
  });
});
