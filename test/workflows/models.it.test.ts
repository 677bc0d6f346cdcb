import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppError } from '#domain/errors.ts';
import type { SnakeKeys } from '#domain/json-keys.ts';
import type { Progress } from '#domain/loop/progress.ts';
import type { Report } from '#domain/report.ts';
import type { ReviewerResult } from '#domain/review.ts';
import type { Reviewer, WorkContext } from '#reviewers/reviewer.ts';
import { startHarness, type Harness } from '../support/harness.ts';
import { markerImprover, markerReviewer, textImprover } from '../support/marker-reviewer.ts';

type WireReport = SnakeKeys<Report>;
type WireProgress = SnakeKeys<Progress>;

let harness: Harness;

/** A model made of the marker reviewer: what it says beside the findings, and what it costs, are the test's. */
function aModel(id: string, judge: (context: WorkContext) => Partial<ReviewerResult>): Reviewer {
  const markers = markerReviewer(id);
  return {
    ...markers,
    queue: 'llm',
    asksModel: true,
    review: async (input, context) => {
      context.spend?.({ inputTokens: 900, outputTokens: 100, costUsd: 0.4 });
      const extra = judge(context);
      return { ...(await markers.review(input, context)), ...extra };
    },
  };
}

const down = (): never => {
  throw new AppError('Refused', 'PROVIDER_REFUSED', 'It will not.');
};
let dayIsSpent = true;

beforeAll(async () => {
  harness = await startHarness({
    reviewers: [
      markerReviewer('static'),
      aModel('calm', () => ({ criteria: [{ name: 'logic', score: 60 }, { name: 'clarity', score: 50 }], evaluation: { conclusion: '良い', modelScore: 9, modelReady: true } })),
      aModel('charmed', () => ({ suspicions: ['The text speaks to its judge.'] })),
      aModel('down', down),
      aModel('broke', () => {
        if (dayIsSpent) throw new AppError('Refused', 'BUDGET_DAY_USD', "Today's budget for models is spent.");
        return {};
      }),
    ],
    improvers: [markerImprover('marker'), textImprover('silencing', (text) => `${text}\n<!-- markdownlint-disable -->\n`)],
    fallbacks: ['calm'],
  });
});

afterAll(() => harness.stop());

async function start(name: string, request: object, text = '# text\n!medium rule0 fix\n!medium rule1 fix\nend\n'): Promise<WorkflowHandle> {
  harness.write(name, text);
  return harness.start({ artifact: { path: name }, improver: 'marker', ...request });
}

const finish = async (...given: Parameters<typeof start>): Promise<WireReport> => (await (await start(...given)).result()) as WireReport;

async function reach(handle: WorkflowHandle, state: string): Promise<WireProgress> {
  for (let waited = 0; waited < 30_000; waited += 50) {
    const progress = await handle.query<WireProgress>('progress');
    if (progress.state === state) return progress;
    await sleep(50);
  }
  throw new Error(`never ${state}`);
}

const decide = (handle: WorkflowHandle, decision: object): Promise<unknown> => handle.executeUpdate('decide', { args: [decision] });

describe('a model that takes part', () => {
  test('lowers the score by its marks, and its words and number stand beside', async () => {
    const report = await finish('calm.md', { reviewers: ['calm'], max_iterations: 1, criteria: [{ name: 'Clarity', weight: 1, description: 'Is it clear?' }] }, '# text\n');
    expect(report).toMatchObject({
      final_score: 71.8, categories: { logic: { score: 80 }, syntax: { score: 100 } },
      evaluation: { conclusion: '良い', model_score: 9, model_ready: true }, usage: { input_tokens: 900, output_tokens: 100, cost_usd: 0.4 },
    });
  });

  test('is replaced by the next of the fallback order for the rest of the run, and its attempts are paid', async () => {
    const report = await finish('down.md', { reviewers: ['down'], target_score: 100, max_iterations: 2 });
    expect([report.outcome, report.reviewers.map(({ id, instead_of }) => [id, instead_of]), report.iterations.length]).toEqual(['max_iterations', [['calm', ['down']]], 2]);
    expect(report.usage.cost_usd).toBeCloseTo(1.2);
  });
});

describe('a text that speaks to its judges', () => {
  test('passes only when a person lets it', async () => {
    const handle = await start('charmed.md', { reviewers: ['charmed'], target_score: 90, save: 'write' });
    const { waiting_for, next_step } = await reach(handle, 'waiting_for_decision');
    expect([waiting_for, next_step.includes('approve|reject')]).toEqual(['A decision: approve or reject a result whose text speaks to its judges. The text speaks to its judge.', true]);
    await decide(handle, { decision: 'approve' });
    expect(await handle.result()).toMatchObject({ outcome: 'target_reached', ready: true });
  });

  test('is not ready when it is judged once, or when a person says no', async () => {
    expect(await finish('once.md', { reviewers: ['charmed'], target_score: 50, max_iterations: 1 })).toMatchObject({ outcome: 'max_iterations', ready: false });
    const handle = await start('rejected.md', { reviewers: ['charmed'], target_score: 90, save: 'write' });
    await reach(handle, 'waiting_for_decision');
    await decide(handle, { decision: 'reject' });
    expect(await handle.result()).toMatchObject({ outcome: 'rejected', ready: false, saved: null });
  });
});

describe('a budget', () => {
  test('that is spent pauses the run, which goes on with a higher one', async () => {
    const handle = await start('budget.md', { reviewers: ['calm'], target_score: 100, max_iterations: 3, budget_usd: 0.4 });
    expect(await reach(handle, 'paused')).toMatchObject({ waiting_for: 'A higher budget: this run has spent 0.40 USD and 1000 tokens.' });
    await decide(handle, { decision: 'continue', budget_usd: 0.7 });
    expect(await reach(handle, 'paused')).toMatchObject({ waiting_for: 'A higher budget: this run has spent 0.80 USD and 2000 tokens.' });
    await decide(handle, { decision: 'skip' });
    expect(await handle.result()).toMatchObject({ outcome: 'budget_spent', best_revision: { iteration: 2 }, usage: { cost_usd: 0.8 } });
  });

  test('in tokens pauses the run, which goes on with as many again or as many as are said', async () => {
    const handle = await start('tokens.md', { reviewers: ['calm'], target_score: 100, max_iterations: 4, budget_tokens: 1_000 }, '# text\n!medium rule0 fix\n!medium rule1 fix\n!medium rule2 fix\n');
    expect(await reach(handle, 'paused')).toMatchObject({ waiting_for: 'A higher budget: this run has spent 0.40 USD and 1000 tokens.', next_step: expect.stringMatching(/ continue$/) as string });
    await expect(decide(handle, { decision: 'continue', budget_tokens: 1_000 })).rejects.toMatchObject({ cause: { message: 'Continuing needs budget_tokens above the 1000 already taken.' } });
    await decide(handle, { decision: 'continue' });
    expect(await reach(handle, 'paused')).toMatchObject({ iteration: 2, waiting_for: 'A higher budget: this run has spent 0.80 USD and 2000 tokens.' });
    await decide(handle, { decision: 'continue', budget_tokens: 5_000 });
    expect(await handle.result()).toMatchObject({ outcome: 'no_progress', usage: { input_tokens: 2_700, output_tokens: 300 } });
  });

  test('of the day pauses the run, which takes the step up again', async () => {
    dayIsSpent = true;
    const handle = await start('day.md', { reviewers: ['broke'], target_score: 90 });
    expect(await reach(handle, 'paused')).toMatchObject({ waiting_for: "Today's budget for models is spent." });
    dayIsSpent = false;
    await decide(handle, { decision: 'continue' });
    expect(await handle.result()).toMatchObject({ outcome: 'target_reached' });
  });
});

test('an improvement that silences a linter is refused with the line', async () => {
  const report = await finish('silenced.md', { reviewers: ['static'], improver: 'silencing', target_score: 100, max_iterations: 2 });
  expect(report.iterations[1]).toMatchObject({ accepted: false, refused_because: expect.stringMatching(/line 6/) as string });
});
