import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '#config.ts';
import type { BatchEntry } from '#domain/batch.ts';
import type { Report } from '#domain/report.ts';
import type { RunProgress } from '#client/await-run.ts';
import type { BatchReport, BatchReview } from '#client/run-report.ts';
import type { Call } from '#client/cli/call.ts';
import { showTaken } from '#client/cli/decide.ts';
import { finishRun, showStanding, type FinishOptions } from '#client/cli/finish-run.ts';
import { parseCommandLine } from '#client/cli/parse.ts';
import { reportOptions, type ReportOptions } from '#client/cli/report-options.ts';
import { checkBatchFormat, showBatch } from '#client/cli/show-batch.ts';
import { showReport } from '#client/cli/show-report.ts';
import { renderReport } from '#reports/registry.ts';
import { anArtifact, aRequest } from '../../support/builders.ts';
import { makeScratch, type Scratch } from '../../support/scratch.ts';
import { temporaryStore, type TemporaryStore } from '../../support/temporary-store.ts';
import { sampleReport } from '../../fixtures/reports/sample.ts';
import { cancelledReport, conflictReport, failedReport, notJudgedReport } from '../../fixtures/reports/edges.ts';
import { testOutput, type TestOutput } from './fake-output.ts';

let scratch: Scratch;
let kept: TemporaryStore;
let out: TestOutput;
beforeEach(() => {
  scratch = makeScratch('show');
  kept = temporaryStore();
  out = testOutput();
});
afterEach(async () => {
  await kept.dispose();
  scratch.remove();
});

async function options(words = '', more: Partial<FinishOptions> = {}): Promise<FinishOptions> {
  const { flags } = parseCommandLine(['review', 'a', ...words.split(' ').filter((word) => word !== '')]);
  const config = await loadConfig({ cwd: scratch.root, env: { HOME: scratch.outside, KOUBOU_HOME: scratch.outside } });
  const webUi: FinishOptions['webUi'] = ({ runId }) => `http://ui/${runId}`;
  return { output: out.output, config, options: reportOptions(flags, scratch.root, config.settings.reports.formats), command: 'koubou', webUi, store: kept.store, empty: 2, ...more };
}

describe('--format, --out and --json', () => {
  const read = (words: string): ReportOptions => reportOptions(parseCommandLine(['review', 'a', ...words.split(' ').filter((word) => word !== '')]).flags, '/here', ['markdown', 'html']);

  test.each<[string, ReportOptions]>([
    ['', { print: 'human' }],
    ['--json', { print: 'json' }],
    ['--format json', { print: 'json' }],
    ['--json --format json', { print: 'json' }],
    ['--format sarif', { print: 'sarif' }],
    ['--out x', { print: 'human', out: { folder: '/here/x', formats: ['markdown', 'html'] } }],
    ['--out /x --format sarif --format junit --format sarif', { print: 'human', out: { folder: '/x', formats: ['sarif', 'junit'] } }],
    ['--out x --json', { print: 'json', out: { folder: '/here/x', formats: ['markdown', 'html'] } }],
  ])('%j', (words, expected) => {
    expect(read(words)).toEqual(expected);
  });

  test.each([['--format html --format junit'], ['--json --format html']])('%j needs a folder', (words) => {
    expect(() => read(words)).toThrow('More than one format needs a folder to write them to: --out DIR.');
  });
});

describe('one report', () => {
  test('is printed for people, with its files and its link', async () => {
    expect(showReport(sampleReport, await options())).toBe(0);
    const folder = join(scratch.outside, 'state/reports', sampleReport.runId);
    expect(readdirSync(folder).toSorted()).toEqual(['report.html', 'report.json', 'report.md']);
    expect(out.stdout.text).toContain(`${folder}/report.md`);
    expect(out.stdout.text).toContain(`http://ui/${sampleReport.runId}`);
    expect(out.stdout.text).not.toContain('\u001b');
  });

  test('is coloured and cut to the width on a terminal', async () => {
    out = testOutput({ tty: true, columns: 60 });
    showReport(sampleReport, await options());
    expect(out.stdout.text).toContain('\u001b[');
  });

  test('is printed in another format, and its files lie where they were asked for', async () => {
    showReport(sampleReport, await options('--json --out reports --format sarif'));
    expect((JSON.parse(out.stdout.text) as { reports: object }).reports).toEqual({ sarif: join(scratch.root, 'reports/report.sarif') });
    expect(existsSync(join(scratch.outside, 'state/reports'))).toBe(false);
  });

  test('is printed, and gives its own exit code, also where its files cannot be written', async () => {
    mkdirSync(join(scratch.outside, 'state'), { recursive: true });
    writeFileSync(join(scratch.outside, 'state/reports'), 'a file');
    expect(showReport(sampleReport, await options())).toBe(0);
    expect([out.stdout.text.includes('Report '), out.stderr.text]).toEqual([false, expect.stringMatching(/^koubou: no report files: .* cannot be written \(\w+\)\. Make room for it, or name another folder\. The settings name it as reports\.directory\.\n$/)]);
  });

  test.each<[string, Report, number]>([['that was not judged', notJudgedReport, 2], ['of a failed run', failedReport, 2], ['of a cancelled run', cancelledReport, 1], ['with a conflict', conflictReport, 1]])('%s', async (_what, report, code) => {
    expect(showReport(report, await options())).toBe(code);
  });
});

describe('a decision', () => {
  test.each([['saving', 'report', 'writing its report'], ['saving', 'save', 'saving'], ['waiting_for_decision', 'wait', 'waiting for decision']] as const)('that makes a run %s in phase %s is told as: %s', (state, phase, word) => {
    const progress: RunProgress = { state, phase, iteration: 1, maxIterations: 5, score: 80, targetScore: 85, scores: [80], startedAt: 's', nextStep: 'n' };
    const call = { output: out.output, flags: parseCommandLine(['decide', 'r', 'reject']).flags, program: { command: 'koubou' } } as unknown as Call;
    showTaken(call, { runId: 'r', decision: 'reject', progress });
    expect(out.stdout.text).toBe(`Run r took "reject" and is ${word}. Follow it: koubou wait r\n`);
  });
});

describe('a batch', () => {
  const entryOf = ({ state, outcome, ready, initialScore, finalScore, error }: Report, path: string): BatchEntry => ({ path, runId: `run-of-${path}`, state, outcome, ready, initialScore, finalScore, error });
  const review = (path: string, given: Partial<Report> = {}): BatchReview => {
    const report = { ...sampleReport, runId: `run-of-${path}`, artifact: { ...sampleReport.artifact, path }, ...given };
    return { entry: entryOf(report, path), report };
  };
  const parked: BatchReview = { entry: { ...entryOf(sampleReport, 'p.ts'), state: 'parked', outcome: null, initialScore: null, finalScore: null }, report: null };
  const failed: BatchReview = { entry: { path: 'f.ts', state: 'failed', outcome: null, ready: false, initialScore: null, finalScore: null, error: { kind: 'InvalidInput', code: 'NOT_FOUND', message: 'There is no file.' } }, report: null };
  const batch = (reviews: readonly BatchReview[], skipped: BatchReport['summary']['skipped'] = []): BatchReport => ({
    runId: 'batch-1', workflowId: 'w', reviews,
    summary: { total: reviews.length, ready: 1, belowTarget: 0, notJudged: 0, failed: reviews.length - 1, skipped, startedAt: 's', closedAt: 'c' },
  });

  test('is a table, what was skipped, and what can be done', async () => {
    const code = showBatch(batch([review('a.ts'), parked, failed], [{ path: 'x.bin', because: 'no engine judges this kind of file' }]), await options(), 2);
    expect([code, out.stdout.text.replaceAll(scratch.outside, 'HOME')]).toEqual([
      2,
      [
        '1 of 3 at the target, 2 without a result, 1 skipped',
        '',
        'FILE  BEFORE  AFTER  OUTCOME',
        `a.ts  ${String(sampleReport.initialScore).padEnd(8)}${String(sampleReport.finalScore).padEnd(7)}target reached`,
        'p.ts  –       –      parked',
        'f.ts  –       –      There is no file.',
        '',
        'SKIPPED  BECAUSE',
        'x.bin    no engine judges this kind of file',
        '',
        'Result   Nothing was written for 1 improved. To save: koubou apply batch-1 [--commit]',
        'Reports  HOME/state/reports',
        'Web UI   http://ui/batch-1',
        '',
      ].join('\n'),
    ]);
  });

  test('without a file says why', async () => {
    const first = async (skipped: BatchReport['summary']['skipped']): Promise<string> => {
      out = testOutput();
      showBatch(batch([], skipped), await options(), 2);
      return out.stdout.text.split('\n')[0]!;
    };
    expect([await first([]), await first([{ path: 'x.bin', because: 'y' }])]).toEqual([
      'Nothing to review: no file was found. What git ignores does not count.',
      'Nothing to review: no engine judges what was found.',
    ]);
  });

  test('counts only what was not saved', async () => {
    const saved = review('s.ts', { saved: { path: 's.ts', sha256: 'ab' } });
    showBatch(batch([saved]), await options(), 2);
    expect(out.stdout.text).not.toContain('Nothing was written');
    out = testOutput();
    showBatch(batch([saved, review('a.ts')]), await options(), 2);
    expect(out.stdout.text).toContain('Nothing was written for 1 improved.');
  });

  test('is one object under --json, with an error where there is no report', async () => {
    showBatch(batch([review('a.ts'), parked, failed]), await options('--json'), 2);
    const { reports, ...head } = JSON.parse(out.stdout.text) as { reports: object[] };
    expect(head).toMatchObject({ schema: 'koubou.batch/1', run_id: 'batch-1', workflow_id: 'w', summary: { total: 3, not_judged: 0 } });
    expect(reports).toMatchObject([
      { schema: 'koubou.report/1', run_id: 'run-of-a.ts' },
      { run_id: 'run-of-p.ts', artifact: { path: 'p.ts' }, state: 'parked', initial_score: null, final_score: null },
      { schema: 'koubou.error/1', artifact: { path: 'f.ts' }, state: 'failed', error: { code: 'NOT_FOUND' }, initial_score: null, final_score: null },
    ]);
  });

  test('has its files below --out, by their paths', async () => {
    showBatch(batch([review('src/a.ts'), review('src/b.ts')]), await options('--out all --format json'), 2);
    expect(readdirSync(join(scratch.root, 'all'), { recursive: true }).map(String).toSorted()).toEqual(['batch.json', 'src', 'src/a.ts.json', 'src/b.ts.json']);
    expect((JSON.parse(readFileSync(join(scratch.root, 'all/batch.json'), 'utf8')) as { schema: string }).schema).toBe('koubou.batch/1');
  });

  test('without a file ends as the caller says', async () => {
    expect([showBatch(batch([]), await options(), 2), showBatch(batch([]), await options(), 0)]).toEqual([2, 0]);
  });

  test('refuses a format that holds one report, unless there is a folder', async () => {
    expect(() => checkBatchFormat({ print: 'html' })).toThrow('A batch has one html report per file: name a folder for them with --out DIR.');
    for (const print of ['human', 'json'] as const) expect(() => checkBatchFormat({ print })).not.toThrow();
    expect(() => checkBatchFormat({ print: 'html', out: { folder: '/x', formats: ['html'] } })).not.toThrow();
  });
});

describe('the end of a wait', () => {
  const run = { kind: 'review', runId: sampleReport.runId, workflowId: sampleReport.workflowId } as const;
  const progress: RunProgress = { state: 'parked', iteration: 1, maxIterations: 5, score: 60, targetScore: 85, phase: 'wait', scores: [60], startedAt: 's', nextStep: `koubou decide ${run.runId} retry|skip|abort`, waitingFor: 'A decision.' };
  const keep = async (report: Report): Promise<void> => {
    await kept.store.startRun({ ...run, tenant: 'default', artifactName: 'a.ts', kind: 'code', language: 'typescript', targetScore: 85, request: aRequest(), artifact: anArtifact(), startedAt: report.startedAt });
    await kept.store.putReport({ runId: run.runId, format: 'json', content: renderReport('json', report) });
  };

  test('shows the report of the store, else the result of the run', async () => {
    expect(await finishRun(run, { why: 'completed', result: JSON.parse(renderReport('json', { ...sampleReport, outcome: 'no_progress' })) as object }, await options())).toBe(1);
    await keep(sampleReport);
    expect(await finishRun(run, { why: 'completed', result: null }, await options())).toBe(0);
  });

  test('of a cancelled run shows what it left', async () => {
    expect(await finishRun(run, { why: 'cancelled' }, await options('--json'))).toBe(1);
    expect(JSON.parse(out.stdout.text)).toMatchObject({ schema: 'koubou.report/1', run_id: run.runId, state: 'cancelled', final_score: null });
    expect(await finishRun({ ...run, kind: 'batch' }, { why: 'cancelled' }, await options())).toBe(1);
  });

  test('of a failed run shows its report, else its error with its step', async () => {
    const error = { kind: 'Misconfigured', code: 'STORE_URL', message: 'Wrong.', step: 'open' } as const;
    expect(await finishRun(run, { why: 'failed', error }, await options('--json'))).toBe(2);
    expect(JSON.parse(out.stdout.text)).toEqual({ schema: 'koubou.error/1', error, run_id: run.runId, initial_score: null, final_score: null });
    await keep(failedReport);
    out = testOutput();
    expect(await finishRun(run, { why: 'failed', error }, await options('--json'))).toBe(2);
    expect(JSON.parse(out.stdout.text)).toMatchObject({ schema: 'koubou.report/1', state: 'failed' });
  });

  test('of a batch that this store does not hold says so', async () => {
    expect(await finishRun({ ...run, kind: 'batch' }, { why: 'completed', result: {} }, await options())).toBe(2);
    expect(out.stderr.text).toContain('[BATCH_MISSING]');
  });

  test.each<[RunProgress['state'], number]>([['parked', 1], ['paused', 3], ['waiting_for_decision', 3]])('of a run that is %s says what can be done, exit %d', async (state, code) => {
    expect(await finishRun(run, { why: 'needs_person', progress: { ...progress, state } }, await options('', { command: 'npm start --' }))).toBe(code);
    expect(out.stdout.text).toBe(`Run ${run.runId} is ${state.replaceAll('_', ' ')}.\nA decision.\nNext: npm start -- decide ${run.runId} retry|skip|abort\n`);
  });

  test('before a worker has answered says that it is queued', async () => {
    expect(showStanding(run, null, await options())).toBe(3);
    expect(out.stdout.text).toBe(`Run ${run.runId} is queued.\nNext: koubou wait ${run.runId}\n`);
    out = testOutput();
    showStanding(run, null, await options('--json'));
    expect(JSON.parse(out.stdout.text)).toEqual({ schema: 'koubou.progress/1', run_id: run.runId, workflow_id: run.workflowId, state: 'queued' });
  });
});
