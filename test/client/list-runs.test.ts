import { describe, expect, test } from 'vitest';
import { batchLine } from '#client/batch-lines.ts';
import { mergeRuns, openLine } from '#client/list-runs.ts';
import type { OpenRun } from '#client/open-runs.ts';
import type { BatchHead, RunEntry } from '#store/store.ts';
import { runsTable } from '#client/cli/runs-table.ts';

const stored: RunEntry = {
  runId: 'run-1', workflowId: 'review-1', tenant: 'default', state: 'completed', outcome: 'target_reached', artifactName: 'a.ts', artifactPath: 'src/a.ts', targetScore: 85,
  iteration: 2, score: 90.5, initialScore: 71, costUsd: 0, startedAt: '2026-01-02T00:00:00.000Z', closedAt: '2026-01-02T00:01:00.000Z',
};
const open: OpenRun = { kind: 'review', runId: 'run-2', workflowId: 'review-2', state: 'parked', artifact: 'b.ts', targetScore: 80, score: 60, iteration: 3, startedAt: '2026-01-03T00:00:00.000Z' };
const { outcome: _outcome, closedAt: _closedAt, ...unfinished } = stored;

describe('a list of runs', () => {
  test('has what the store knows and what only the service knows, newest first', () => {
    expect(mergeRuns([stored], [open])).toEqual([
      { runId: 'run-2', workflowId: 'review-2', kind: 'review', state: 'parked', outcome: null, artifact: 'b.ts', initialScore: null, score: 60, targetScore: 80, iteration: 3, error: null, startedAt: open.startedAt, closedAt: null },
      { runId: 'run-1', workflowId: 'review-1', kind: 'review', state: 'completed', outcome: 'target_reached', artifact: 'src/a.ts', initialScore: 71, score: 90.5, targetScore: 85, iteration: 2, error: null, startedAt: stored.startedAt, closedAt: stored.closedAt },
    ]);
  });

  test('believes the service about an open run, once that has heard of it', () => {
    const running: RunEntry = { ...unfinished, state: 'reviewing' };
    const { score: _score, iteration: _iteration, ...unheard } = { ...open, runId: 'run-1' };
    expect(mergeRuns([running], [{ ...open, runId: 'run-1' }])).toMatchObject([{ state: 'parked', score: 60, iteration: 3 }]);
    expect(mergeRuns([running], [{ ...unheard, state: 'queued' }])).toMatchObject([{ state: 'reviewing', score: 90.5, iteration: 2 }]);
  });

  test('believes the store about a run that has ended', () => {
    expect(mergeRuns([stored], [{ ...open, runId: 'run-1' }])).toMatchObject([{ state: 'completed', score: 90.5 }]);
  });

  test('shows a run that is only queued with what it was asked for', () => {
    expect(openLine({ kind: 'batch', runId: 'r', workflowId: 'w', state: 'queued', startedAt: 't' })).toEqual({
      runId: 'r', workflowId: 'w', kind: 'batch', state: 'queued', outcome: null, artifact: '', initialScore: null, score: null, targetScore: null, iteration: 0, error: null, startedAt: 't', closedAt: null,
    });
  });
});

describe('a list with batches', () => {
  const head: BatchHead = { runId: 'batch-1', workflowId: 'w', request: { paths: ['src'], target_score: 90 }, startedAt: '2026-01-03T12:00:00.000Z' };
  const closedAt = '2026-01-03T12:01:00.000Z';
  const summary = { total: 1, ready: 0, belowTarget: 0, notJudged: 0, failed: 1, skipped: [], startedAt: head.startedAt, closedAt };

  test('tells how each ended, by what was asked for', () => {
    const line = { runId: 'batch-1', workflowId: 'w', kind: 'batch', outcome: null, artifact: 'src', initialScore: null, score: null, targetScore: 90, iteration: 0, error: null, startedAt: head.startedAt };
    expect(batchLine(head)).toEqual({ ...line, state: 'reviewing', closedAt: null });
    expect(batchLine({ ...head, summary, closedAt })).toEqual({ ...line, state: 'completed', closedAt });
    expect(batchLine({ ...head, summary: { ...summary, cancelled: true }, closedAt })).toEqual({ ...line, state: 'cancelled', closedAt });
    const error = { kind: 'InvalidInput', code: 'GIT_REF_UNKNOWN', message: 'There is no such ref.' } as const;
    expect(batchLine({ ...head, summary: { ...summary, error }, closedAt })).toEqual({ ...line, state: 'failed', error, closedAt });
    expect(batchLine({ ...head, request: 'nonsense' })).toMatchObject({ artifact: '', targetScore: null });
  });

  test('has each once, and believes the service about an open one', () => {
    const running: OpenRun = { kind: 'batch', runId: 'batch-1', workflowId: 'w', state: 'queued', artifact: 'src', startedAt: head.startedAt };
    expect(mergeRuns([stored], [running], [batchLine(head)]).map(({ runId, state }) => [runId, state])).toEqual([['batch-1', 'queued'], ['run-1', 'completed']]);
    expect(mergeRuns([stored], [running], [batchLine({ ...head, summary, closedAt })]).map(({ runId, state }) => [runId, state])).toEqual([['batch-1', 'completed'], ['run-1', 'completed']]);
    expect(mergeRuns([], [], [batchLine(head)]).map(({ state }) => state)).toEqual(['reviewing']);
  });
});

test('runs as a table', () => {
  const batch = openLine({ kind: 'batch', runId: 'run-3', workflowId: 'w', state: 'reviewing', artifact: 'src', startedAt: '2026-01-04T00:00:00.000Z' });
  expect(runsTable([batch, ...mergeRuns([stored, { ...unfinished, runId: 'run-4', state: 'waiting_for_decision', initialScore: 90.5 }], [])])).toBe(
    [
      'RUN    STATE                 SCORE       TARGET  STARTED                  ARTIFACT',
      'run-3  reviewing             –           –       2026-01-04 00:00:00 UTC  src (batch)',
      'run-4  waiting for decision  90.5        85      2026-01-02 00:00:00 UTC  src/a.ts',
      'run-1  target reached        71 -> 90.5  85      2026-01-02 00:00:00 UTC  src/a.ts',
      '',
    ].join('\n'),
  );
  expect(runsTable([])).toBe('');
  const refused = { kind: 'Conflict', code: 'FILE_CHANGED', message: 'A person changed the file.' } as const;
  expect(runsTable(mergeRuns([{ ...stored, error: refused }], [])).split('\n')[1]).toBe('run-1  target reached, but FILE_CHANGED  71 -> 90.5  85      2026-01-02 00:00:00 UTC  src/a.ts');
});
