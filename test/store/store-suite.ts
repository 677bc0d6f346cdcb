import { createHash } from 'node:crypto';
import { array, assert, asyncProperty, constantFrom, double, string } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BatchEntry, BatchSummary } from '#domain/batch.ts';
import { scoredCategories } from '#domain/finding.ts';
import { openStore } from '#store/open-store.ts';
import type { AnswerRecord, IterationRecord, RunStart, Store } from '#store/store.ts';
import { aFinding, anArtifact, anEngine, anError, aRequest, aReview, aRevision } from '#test/support/builders.ts';

/** What every database must do alike. `newUrl` gives the address of a new empty one. */
export function describeStore(name: string, newUrl: () => Promise<string>): void {
  describe(`the store on ${name}`, () => {
    let store: Store;
    let url: string;
    beforeAll(async () => {
      url = await newUrl();
      store = openStore({ url });
    });
    afterAll(() => store.close());

    describeTexts(() => store);
    describeRuns(() => store, newUrl);
    describeReviews(() => store);
    describeReports(() => store);
    describeBatches(() => store);
    describeAnswers(() => store);

    it('says where it is and what it went through', async () => {
      const { kind, place, bytes, migrations } = await store.describe();
      expect({ kind, migrations }).toEqual({ kind: url.startsWith('sqlite') ? 'sqlite' : 'postgres', migrations: ['0001_first_tables', '0002_answers'] });
      expect(bytes).toBeGreaterThan(10_000);
      expect(url).toContain(place.split('@').at(-1));
    });

    it('keeps everything when it is closed and opened again', async () => {
      const first = openStore({ url });
      const revision = await first.putText('still here');
      await first.close();
      const second = openStore({ url });
      expect(await second.getText(revision.sha256)).toBe('still here');
      await second.close();
    });

    it('may be closed twice, and says so when it is used afterwards', async () => {
      const other = openStore({ url });
      await other.hasText('none');
      await other.close();
      await other.close();
      await expect(other.hasText('none')).rejects.toMatchObject({ kind: 'Bug', code: 'STORE_CLOSED' });
    });

    it('is made ready once when eight open a new one at the same time', async () => {
      const fresh = await newUrl();
      const stores = Array.from({ length: 8 }, () => openStore({ url: fresh }));
      const revisions = await Promise.all(stores.map((each) => each.putText('the same')));
      expect(new Set(revisions.map(({ sha256 }) => sha256)).size).toBe(1);
      expect((await stores[0]!.describe()).migrations).toEqual(['0001_first_tables', '0002_answers']);
      await Promise.all(stores.map((each) => each.close()));
    });
  });
}

function describeTexts(store: () => Store): void {
  it('keeps a text under the hash of its UTF-8 bytes', async () => {
    const text = '\uFEFFconst größe = "工房";\r\n\0end';
    const bytes = Buffer.from(text);
    const revision = await store().putText(text);
    expect(revision).toEqual({ sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length });
    expect(await store().getText(revision.sha256)).toBe(text);
    expect(await store().hasText(revision.sha256)).toBe(true);
  });

  it('keeps the empty text', async () => {
    const revision = await store().putText('');
    expect(revision.bytes).toBe(0);
    expect(await store().getText(revision.sha256)).toBe('');
  });

  it('takes the same text from many at once', async () => {
    const revisions = await Promise.all(Array.from({ length: 10 }, () => store().putText('one row')));
    expect(new Set(revisions.map(({ sha256 }) => sha256)).size).toBe(1);
  });

  it('takes 20 MB', async () => {
    const text = 'Zwölf Zeichen'.repeat(1_430_000);
    const revision = await store().putText(text);
    expect(revision.bytes).toBe(20_020_000);
    expect((await store().getText(revision.sha256)) === text).toBe(true);
  });

  it('gives back any text of whole characters, controls and all', async () => {
    const text = string({ unit: 'binary', maxLength: 40 });
    await assert(asyncProperty(text, async (given) => {
      const { sha256 } = await store().putText(given);
      expect(await store().getText(sha256)).toBe(given);
    }), { numRuns: 15, seed: 3 });
  });

  it('keeps half a character as the sign that every UTF-8 file has for it', async () => {
    const { sha256, bytes } = await store().putText('a\uD800b');
    expect([await store().getText(sha256), bytes]).toEqual(['a\uFFFDb', 5]);
  });

  it('says which text is missing', async () => {
    const { sha256 } = aRevision('never stored');
    expect(await store().hasText(sha256)).toBe(false);
    await expect(store().getText(sha256)).rejects.toMatchObject({ kind: 'Bug', code: 'REVISION_MISSING' });
  });
}

let runs = 0;

function aRun(given: Partial<RunStart> = {}): RunStart {
  runs += 1;
  const number = String(runs).padStart(4, '0');
  return {
    runId: `${number}aaaa-0000-4000-8000-000000000000`,
    workflowId: `review-${number}`,
    tenant: 'default',
    artifactName: 'a.ts',
    artifactPath: 'src/a.ts',
    root: '/root-of-tests',
    kind: 'code',
    language: 'typescript',
    targetScore: 85,
    request: aRequest({ baseline: ['known'] }),
    artifact: anArtifact({ lines: [[1, 4]] }),
    startedAt: new Date(Date.UTC(2026, 0, 1) + runs * 1000).toISOString(),
    ...given,
  };
}

function describeRuns(store: () => Store, newUrl: () => Promise<string>): void {
  it('gives back a run as it was started', async () => {
    const run = aRun();
    await store().startRun(run);
    expect(await store().getRun(run.runId)).toEqual({ ...run, state: 'reviewing', iteration: 0, costUsd: 0 });
    expect(await store().getRun('unknown')).toBeNull();
  });

  it('keeps what a run has become when its start is repeated', async () => {
    const run = aRun();
    await store().startRun(run);
    const patch = { state: 'completed', outcome: 'target_reached', iteration: 2, score: 91.5, initialScore: 40, bestSha256: 'b', costUsd: 0.25, closedAt: '2026-01-02T00:00:00.000Z' } as const;
    expect(await store().updateRun(run.runId, patch)).toBe(true);
    await store().startRun(run);
    expect(await store().getRun(run.runId)).toEqual({ ...run, ...patch });
  });

  it('changes only what a patch names, and takes a score back', async () => {
    const run = aRun();
    await store().startRun(run);
    await store().updateRun(run.runId, { score: 50.5, initialScore: 30 });
    await store().updateRun(run.runId, { score: null, error: anError('TimedOut', { step: 'review' }) });
    expect(await store().getRun(run.runId)).toEqual({ ...run, state: 'reviewing', iteration: 0, costUsd: 0, initialScore: 30, error: anError('TimedOut', { step: 'review' }) });
    expect(await store().updateRun(run.runId, {})).toBe(true);
  });

  it('says when no such run was started', async () => {
    expect(await store().updateRun('unknown', { state: 'completed' })).toBe(false);
    expect(await store().updateRun('unknown', {})).toBe(false);
  });

  it('lists a run that could not be opened, as failed or as parked', async () => {
    const { runId, workflowId, startedAt } = aRun();
    const refusal = { runId, workflowId, startedAt, artifactName: 'evil\0name' };
    await store().recordRefusal({ ...refusal, error: anError('Unavailable') });
    const parked = { ...refusal, artifactName: 'evil\uFFFDname', tenant: 'default', iteration: 0, costUsd: 0 };
    expect(await store().getRun(runId)).toEqual({ ...parked, state: 'parked', error: anError('Unavailable') });
    await store().recordRefusal({ ...refusal, error: anError('InvalidInput') });
    expect(await store().getRun(runId)).toEqual({ ...parked, state: 'failed', error: anError('InvalidInput'), closedAt: expect.stringMatching(/^\d{4}-.*Z$/) });
  });

  it('keeps how a run ended that never had an artifact, parked before or not', async () => {
    const { runId, workflowId, startedAt } = aRun();
    const closedAt = '2026-01-01T00:00:09.000Z';
    const known = { runId, workflowId, tenant: 'ann', artifactName: 'a task', startedAt };
    await store().closeUnopened({ ...known, state: 'cancelled', costUsd: 0.5, closedAt });
    expect(await store().getRun(runId)).toEqual({ ...known, state: 'cancelled', iteration: 0, costUsd: 0.5, closedAt });
    const other = { ...known, runId: `${runId}-parked` };
    await store().recordRefusal({ ...other, error: anError('Unavailable') });
    const end = { state: 'completed', outcome: 'aborted', costUsd: 0, error: anError('Unavailable', { step: 'open' }), closedAt } as const;
    await store().closeUnopened({ ...other, ...end });
    expect(await store().getRun(other.runId)).toEqual({ ...other, ...end, iteration: 0 });
    await store().closeUnopened({ ...other, state: 'cancelled', costUsd: 0, closedAt: startedAt });
    expect(await store().getRun(other.runId)).toMatchObject({ state: 'completed', closedAt });
  });

  it('keeps whose a refused run is', async () => {
    const run = aRun();
    await store().recordRefusal({ runId: run.runId, workflowId: run.workflowId, tenant: 'ann', startedAt: run.startedAt, artifactName: 'a.ts', error: anError() });
    expect(await store().getRun(run.runId)).toMatchObject({ tenant: 'ann', state: 'parked' });
  });

  it('forgets a refusal once the artifact opens', async () => {
    const run = aRun();
    await store().recordRefusal({ runId: run.runId, workflowId: run.workflowId, startedAt: run.startedAt, artifactName: 'a.ts', error: anError() });
    await store().startRun(run);
    expect(await store().getRun(run.runId)).toEqual({ ...run, state: 'reviewing', iteration: 0, costUsd: 0 });
  });

  it('keeps a run that was parked later when its start is repeated', async () => {
    const run = aRun();
    await store().startRun(run);
    await store().updateRun(run.runId, { state: 'parked', iteration: 2, error: anError() });
    await store().startRun(run);
    expect(await store().getRun(run.runId)).toMatchObject({ state: 'parked', iteration: 2, error: anError() });
  });

  it('never lets a late refusal reopen a run that has ended', async () => {
    const run = aRun();
    await store().startRun(run);
    await store().updateRun(run.runId, { state: 'completed', outcome: 'no_progress', closedAt: run.startedAt });
    await store().recordRefusal({ runId: run.runId, workflowId: run.workflowId, startedAt: run.startedAt, artifactName: 'a.ts', error: anError() });
    expect(await store().getRun(run.runId)).toMatchObject({ state: 'completed', outcome: 'no_progress' });
  });

  it('finds a run by its id, its workflow id or the beginning of its id', async () => {
    const [older, newer] = [aRun({ runId: 'find-me-1', workflowId: 'review-find' }), aRun({ runId: 'find-me-2', workflowId: 'review-find' })];
    await store().startRun(newer);
    await store().startRun(older);
    expect((await store().findRun('find-me-1')).runId).toBe('find-me-1');
    expect((await store().findRun('review-find')).runId).toBe('find-me-2');
    await store().startRun(aRun({ runId: 'find-other' }));
    expect((await store().findRun('find-o')).runId).toBe('find-other');
    await expect(store().findRun('find-')).rejects.toMatchObject({ kind: 'InvalidInput', code: 'RUN_AMBIGUOUS', message: expect.stringContaining('3 runs begin with "find-"') });
    for (const unknown of ['nothing', '', '%', "'", '\0', 'find-me-1x']) {
      await expect(store().findRun(unknown)).rejects.toMatchObject({ kind: 'InvalidInput', code: 'RUN_UNKNOWN' });
    }
  });

  it('lists runs newest first, a page at a time', async () => {
    const own = openStore({ url: await newUrl() });
    const startedAt = '2026-03-01T00:00:00.000Z';
    const all = [aRun({ startedAt, runId: 'p1' }), aRun({ startedAt, runId: 'p2' }), aRun({ startedAt: '2026-03-02T00:00:00.000Z', runId: 'p3' }), aRun({ startedAt: '2026-02-01T00:00:00.000Z', runId: 'p4', tenant: 'other' })];
    await Promise.all(all.map((run) => own.startRun(run)));
    await own.updateRun('p2', { state: 'parked' });
    const ids = async (query: Parameters<Store['listRuns']>[0]): Promise<string[]> => (await own.listRuns(query)).map(({ runId }) => runId);
    const first = await own.listRuns({ limit: 2 });
    expect(first.map(({ runId }) => runId)).toEqual(['p3', 'p2']);
    expect(first[0]).not.toHaveProperty('artifact');
    expect(await ids({ limit: 2, before: first[1]! })).toEqual(['p1', 'p4']);
    expect(await ids({ limit: 9, states: ['parked', 'paused'] })).toEqual(['p2']);
    expect(await ids({ limit: 9, states: [] })).toEqual([]);
    expect([(await ids({ limit: 0 })).length, (await ids({ limit: 1_000_000 })).length]).toEqual([1, 4]);
    expect(await ids({ limit: 9, tenant: 'other' })).toEqual(['p4']);
    await own.close();
  });
}

function anIteration(given: Partial<IterationRecord> = {}): IterationRecord {
  const categories = Object.fromEntries(scoredCategories.map((category) => [category, { score: 90.5, assessed: true, by: ['typescript'] }] as const)) as unknown as IterationRecord['categories'];
  return { runId: 'run-1', iteration: 1, revision: aRevision('r0'), score: 90.5, categories, findings: 3, accepted: true, changes: [], durationMs: 12.5, ...given };
}

function describeReviews(store: () => Store): void {
  it('keeps iterations in order and replaces one that is told again', async () => {
    const second = anIteration({ iteration: 2, score: null, accepted: false, refusedBecause: 'it no longer parses', changes: ['a', '"b"'], costUsd: 0.5 });
    await store().putIteration(second);
    await store().putIteration(anIteration({ findings: 9 }));
    await store().putIteration(anIteration());
    const withoutRun = ({ runId: _runId, ...rest }: IterationRecord): unknown => rest;
    expect(await store().listIterations('run-1')).toEqual([withoutRun(anIteration()), withoutRun(second)]);
    expect(await store().listIterations('run-2')).toEqual([]);
  });

  it('gives back findings of all reviewers worst first, and their reviews', async () => {
    const key = { runId: 'run-3', iteration: 1, revision: aRevision('r0') };
    const mild = aFinding({ id: 'mild', severity: 'low', suppressed: 'baseline' });
    const bad = aFinding({ id: 'bad', severity: 'critical', message: 'NUL \0 and half a pair \uD800', cwe: 'CWE-79', alsoReportedBy: ['ruff'], suggestion: 'do not' });
    const reviews = { static: aReview({ engines: [anEngine()], metrics: { linesOfCode: 3, complexityScore: 1, maintainabilityIndex: 80 } }), model: aReview({ reviewer: 'model', costUsd: 0.01 }) };
    await store().putReview({ ...key, reviewer: 'static', review: reviews.static, findings: [mild, mild] });
    await store().putReview({ ...key, reviewer: 'model', review: reviews.model, findings: [bad] });
    await store().putReview({ ...key, reviewer: 'another', review: aReview({ reviewer: 'another' }), findings: [aFinding({ id: 'middle', severity: 'medium' })] });
    expect(await store().listFindings(key)).toEqual([bad, aFinding({ id: 'middle', severity: 'medium' }), mild, mild]);
    expect(await store().listReviews(key)).toEqual([aReview({ reviewer: 'another' }), reviews.model, reviews.static]);
    expect(await store().listFindings({ ...key, iteration: 2 })).toEqual([]);
  });

  it('gives back the free words of those reviewers that have some', async () => {
    const key = { runId: 'run-words-free', iteration: 1, revision: aRevision('r0'), findings: [] };
    const evaluation = { conclusion: '良い', modelScore: 8.5, modelReady: null };
    await store().putReview({ ...key, reviewer: 'static', review: aReview() });
    await store().putReview({ ...key, reviewer: 'codex', review: aReview({ reviewer: 'codex' }), evaluation });
    expect(await store().listEvaluations(key)).toEqual({ codex: evaluation });
  });

  it('gives back findings whose words come from anywhere', async () => {
    const words = string({ unit: constantFrom('a', '\0', '\uD83D', '\uDE00', '"', "'", '\\', '\n', '工', '\u202E', '%'), maxLength: 12 });
    const key = { runId: 'run-words', iteration: 1, reviewer: 'static', revision: aRevision('r0') };
    await assert(asyncProperty(array(words, { minLength: 4, maxLength: 4 }), double({ min: 0, max: 1, noNaN: true }), async ([id = '', ruleId = '', message = '', path = ''], confidence) => {
      const finding = aFinding({ id, ruleId, message, suggestion: message, confidence: confidence + 0, place: { path, line: 1, column: 1, endLine: 1, endColumn: 2 } });
      await store().putReview({ ...key, review: aReview(), findings: [finding] });
      expect(await store().listFindings(key)).toEqual([finding]);
    }), { numRuns: 15, seed: 3 });
  });

  it('replaces a review that is told again', async () => {
    const key = { runId: 'run-4', iteration: 1, revision: aRevision('r0'), reviewer: 'static' };
    await store().putReview({ ...key, review: aReview({ durationMs: 1 }), findings: [aFinding({ id: 'old' }), aFinding({ id: 'older' })] });
    await store().putReview({ ...key, review: aReview({ durationMs: 2 }), findings: [aFinding({ id: 'new' })] });
    expect(await store().listFindings(key)).toEqual([aFinding({ id: 'new' })]);
    expect(await store().listReviews(key)).toEqual([aReview({ durationMs: 2 })]);
  });

  it('keeps one whole review when several attempts tell it at once', async () => {
    const key = { runId: 'run-5', iteration: 1, revision: aRevision('r0'), reviewer: 'static' };
    const attempt = (n: number): Promise<void> => store().putReview({ ...key, review: aReview({ durationMs: n }), findings: Array.from({ length: 700 }, (_, i) => aFinding({ id: `${n}-${i}` })) });
    await Promise.all([1, 2, 3, 4].map(attempt));
    const findings = await store().listFindings(key);
    const [review] = await store().listReviews(key);
    expect(findings).toHaveLength(700);
    expect(new Set(findings.map(({ id }) => id.split('-')[0]))).toEqual(new Set([String(review!.durationMs)]));
  });

  it('stores 10,000 findings within a second of computing', async () => {
    const findings = Array.from({ length: 10_000 }, (_, index) => aFinding({ id: `finding-${index}`, message: 'Unexpected any. '.repeat(6) }));
    const key = { runId: 'run-6', iteration: 1, revision: aRevision('r0'), reviewer: 'static' };
    const before = process.cpuUsage();
    await store().putReview({ ...key, review: aReview(), findings });
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(1000);
    expect(await store().listFindings(key)).toHaveLength(10_000);
  });
}

function describeReports(store: () => Store): void {
  it('keeps a report per format and replaces it', async () => {
    await store().putReport({ runId: 'run-1', format: 'json', content: '{}' });
    await store().putReport({ runId: 'run-1', format: 'html', content: '<p>\0 工房</p>' });
    await store().putReport({ runId: 'run-1', format: 'json', content: '{"a":1}' });
    expect(await store().getReport('run-1', 'json')).toBe('{"a":1}');
    expect(await store().getReport('run-1', 'html')).toBe('<p>\0 工房</p>');
    expect(await store().getReport('run-1', 'sarif')).toBeNull();
    expect(await store().listReportFormats('run-1')).toEqual(['html', 'json']);
  });

  it('keeps the first note of an effect and answers every later one with it', async () => {
    const first = { id: 'c1', branch: null };
    expect(await store().putEffect({ runId: 'run-1', kind: 'committed', value: first })).toEqual(first);
    expect(await store().putEffect({ runId: 'run-1', kind: 'committed', value: { id: 'c2', branch: 'main' } })).toEqual(first);
    expect(await store().getEffect('run-1', 'committed')).toEqual(first);
    expect(await store().getEffect('run-1', 'saved')).toBeNull();
  });
}

function describeBatches(store: () => Store): void {
  it('keeps a batch from its start to its end', async () => {
    const start = { runId: 'batch-1', workflowId: 'batch-w', request: { paths: ['src'] }, startedAt: '2026-01-01T00:00:00.000Z' };
    const summary: BatchSummary = { total: 1, ready: 1, belowTarget: 0, notJudged: 0, failed: 0, skipped: [{ path: 'x', because: 'y' }], startedAt: start.startedAt, closedAt: '2026-01-01T00:01:00.000Z' };
    const entries: BatchEntry[] = [{ path: 'src/a.ts', runId: 'r', state: 'completed', outcome: 'target_reached', ready: true, initialScore: 50, finalScore: 90, error: null }];
    await store().putBatch(start);
    expect(await store().getBatch('batch-1')).toEqual(start);
    await store().closeBatch({ runId: 'batch-1', summary, entries, closedAt: summary.closedAt });
    await store().putBatch(start);
    expect(await store().getBatch('batch-1')).toEqual({ ...start, summary, entries, closedAt: summary.closedAt });
    expect((await store().findBatch('batch-w'))?.runId).toBe('batch-1');
    expect((await store().findBatch('batch'))?.runId).toBe('batch-1');
    expect(await store().findBatch('none')).toBeNull();
    expect(await store().getBatch('none')).toBeNull();
    const later = { ...start, runId: 'later-1', startedAt: '2026-01-02T00:00:00.000Z' };
    await store().putBatch(later);
    expect(await store().listBatches(10)).toEqual([later, { ...start, summary, closedAt: summary.closedAt }]);
    expect(await store().listBatches(1)).toEqual([later]);
  });
}

function describeAnswers(store: () => Store): void {
  const answer = (key: string, given: Partial<AnswerRecord> = {}): AnswerRecord => ({
    key, provider: 'codex', model: 'gpt', text: '\uFEFF{"score": 8}\0', finish: 'stop', inputTokens: 100, outputTokens: 20, costUsd: 0.25, answeredAt: '2026-01-02T00:00:00.000Z', ...given,
  });

  it('keeps the first answer to a question', async () => {
    await store().putAnswer(answer('q1'));
    await store().putAnswer(answer('q1', { text: 'another' }));
    expect([await store().getAnswer('q1'), await store().getAnswer('none')]).toEqual([answer('q1'), null]);
  });

  it('forgets an answer of no use, but not what it cost, and takes a new one', async () => {
    await store().putAnswer(answer('q2', { answeredAt: '2026-02-01T00:00:00.000Z' }));
    await store().forgetAnswer('q2');
    expect(await store().getAnswer('q2')).toBeNull();
    await store().putAnswer(answer('q2', { text: 'better', answeredAt: '2026-02-02T00:00:00.000Z' }));
    expect(await store().getAnswer('q2')).toMatchObject({ text: 'better' });
    expect(await store().spentSince('2026-02-01T00:00:00.000Z')).toEqual({ usd: 0.5, tokens: 240 });
  });

  it('adds up what was spent since a time, tokens also where no price is known', async () => {
    await store().putAnswer(answer('q3', { answeredAt: '2026-03-01T10:00:00.000Z', costUsd: null }));
    await store().putAnswer(answer('q4', { answeredAt: '2026-03-01T11:00:00.000Z', inputTokens: null, outputTokens: null, costUsd: 1 }));
    expect(await store().spentSince('2026-03-01T00:00:00.000Z')).toEqual({ usd: 1, tokens: 120 });
    expect(await store().spentSince('2027-01-01T00:00:00.000Z')).toEqual({ usd: 0, tokens: 0 });
  });
}
