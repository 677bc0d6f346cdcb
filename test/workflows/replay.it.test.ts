import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startHarness, type Harness } from '../support/harness.ts';
import { failing, markerImprover, markerReviewer, slow, textImprover, unavailable } from '../support/marker-reviewer.ts';
import { files, modelImprover, scriptedDrafter } from '../support/scripted-drafter.ts';

/**
 * Histories of earlier code, one per outcome: they must replay on today's. After a deliberate change of the workflows
 * (with `patched`, or before a release) `KOUBOU_RECORD=1 npx vitest run test/workflows/replay.it.test.ts` records them anew,
 * and `KOUBOU_RECORD=NAME` one alone.
 */
const folder = fileURLToPath(new URL('../histories/', import.meta.url));
const poor = Array.from({ length: 12 }, (_, n) => `!medium rule${n} fix\n`).join('');

let harness: Harness;

beforeAll(async () => {
  let turn = 0;
  harness = await startHarness({
    reviewers: [markerReviewer('marker'), markerReviewer('down', failing(1_000, unavailable)), markerReviewer('down-3', failing(3, unavailable)), markerReviewer('slow', slow(30_000))],
    improvers: [markerImprover('marker'), textImprover('padding', (text) => `${text}x\n`), textImprover('bouncing', (text) => ((turn += 1) % 2 === 1 ? `${text}y\n` : text.replace('y\n', ''))), modelImprover('writer')],
    drafters: [scriptedDrafter('writer', () => files(['new/plan.md', '# Plan\n!medium rule0 fix\nend\n'], ['new/test.md', '# Test\n']))],
  });
  harness.write('poor.md', poor);
  harness.write('save-me.md', poor);
  harness.write('low.md', '!low x\n');
  harness.write('stuck.md', '!high x\n');
  harness.write('empty.md', '');
});

afterAll(() => harness.stop());

async function decideWhen(handle: WorkflowHandle, state: string, decision: string): Promise<void> {
  for (let waited = 0; waited < 30_000; waited += 100, await sleep(100)) {
    if ((await handle.query<{ state: string }>('progress')).state === state) return void (await handle.executeUpdate('decide', { args: [{ decision }] }));
  }
  throw new Error(`never ${state}`);
}

interface Scenario {
  readonly request: object;
  readonly type?: string;
  readonly act?: (handle: WorkflowHandle) => Promise<unknown>;
}

const scenarios: Record<string, Scenario> = {
  target_reached: { request: { artifact: { path: 'poor.md' }, target_score: 86 } },
  saved: { request: { artifact: { path: 'save-me.md' }, target_score: 84, save: 'write' } },
  max_iterations: { request: { artifact: { path: 'poor.md' }, target_score: 100, max_iterations: 2 } },
  timed_out: { request: { artifact: { path: 'poor.md' }, reviewers: ['slow'], iteration_timeout_ms: 400 } },
  no_progress: { request: { artifact: { path: 'poor.md' }, target_score: 100, improver: 'padding' } },
  oscillating: { request: { artifact: { path: 'poor.md' }, target_score: 100, improver: 'bouncing' } },
  nothing_to_improve: { request: { artifact: { path: 'stuck.md' } } },
  not_judged: { request: { artifact: { path: 'empty.md' } } },
  failed: { request: { artifact: { path: '../x.md' } } },
  rejected: { request: { artifact: { path: 'poor.md' }, target_score: 84, save: 'write', approval: 'before_save' }, act: (handle) => decideWhen(handle, 'waiting_for_decision', 'reject') },
  retried: { request: { artifact: { path: 'low.md' }, reviewers: ['down-3'] }, act: (handle) => decideWhen(handle, 'parked', 'retry') },
  aborted: { request: { artifact: { path: 'low.md' }, reviewers: ['down'] }, act: (handle) => decideWhen(handle, 'parked', 'abort') },
  cancelled: { request: { artifact: { path: 'low.md' }, reviewers: ['slow'] }, act: async (handle) => { await sleep(800); await handle.cancel(); } },
  drafted: { request: { artifact: { task: 'Write a plan and its test.' }, improver: 'writer', target_score: 100, save: 'write' } },
  batch: { type: 'reviewBatch', request: { requests: [{ artifact: { path: 'low.md' } }, { artifact: { path: 'nowhere.md' } }] } },
};

/** A history with the workflow id it belongs to: children are named after it. */
interface Recorded {
  readonly workflowId: string;
  readonly history: unknown;
}

async function play({ request, type, act }: Scenario): Promise<Recorded> {
  const handle = await harness.start(request, type);
  await act?.(handle);
  await handle.result().catch(() => undefined);
  return { workflowId: handle.workflowId, history: JSON.parse(historyToJSON(await handle.fetchHistory()), anonymous) as unknown };
}

// Neither the machine nor the folders it was recorded in belong into the repository.
function anonymous(key: string, value: unknown): unknown {
  if (key === 'stackTrace') return '';
  return key === 'identity' ? 'worker' : value;
}

function replay({ workflowId, history }: Recorded, code?: string): Promise<void> {
  const workflowBundle = code === undefined ? { codePath: inject('workflowBundlePath') } : { code };
  return Worker.runReplayHistory({ workflowBundle }, history, workflowId);
}

function stored(file: string): Recorded {
  return JSON.parse(readFileSync(`${folder}${file}`, 'utf8')) as Recorded;
}

describe('replay', () => {
  test('of what today\'s code recorded goes the same way, for every outcome', async () => {
    const histories = await Promise.all(Object.entries(scenarios).map(async ([name, scenario]) => [name, await play(scenario)] as const));
    const wanted = process.env['KOUBOU_RECORD'];
    mkdirSync(folder, { recursive: true });
    for (const [name, history] of histories) if (wanted === '1' || wanted === name) writeFileSync(`${folder}${name}.json`, `${JSON.stringify(history)}\n`);
    for (const [, history] of histories) await replay(history);
  });

  test.each(readdirSync(folder).filter((file) => file.endsWith('.json')))('of the stored history %s goes the same way', async (file) => {
    await replay(stored(file));
  });

  test('has a stored history for every outcome', () => {
    expect(readdirSync(folder).toSorted()).toEqual(Object.keys(scenarios).map((name) => `${name}.json`).toSorted());
  });

  test('fails on workflows that take their steps in another order', async () => {
    const code = readFileSync(inject('workflowBundlePath'), 'utf8');
    const reordered = code.replace(/run\.opened = await (\S+)\('open the artifact'\)/, "await $1('too early').loadRun({}); $&");
    expect(reordered).not.toBe(code);
    await expect(replay(stored('target_reached.json'), reordered)).rejects.toThrow(/[Nn]ondeterminism/);
  });
});
