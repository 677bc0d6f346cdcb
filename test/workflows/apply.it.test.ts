import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHarness, type Harness } from '../support/harness.ts';
import { markerImprover, markerReviewer } from '../support/marker-reviewer.ts';

let harness: Harness;

beforeAll(async () => {
  harness = await startHarness({ reviewers: [markerReviewer('marker')], improvers: [markerImprover('marker')] });
  const git = (...args: string[]) => execa('git', ['-C', harness.root, ...args]);
  await git('init', '-q', '-b', 'main');
  await git('config', 'user.name', 'Ann Author');
  await git('config', 'user.email', 'ann@example.invalid');
});

afterAll(() => harness.stop());

const text = '!medium a fix\n!medium b fix\nrest\n';

async function reviewed(path: string, more: object = {}): Promise<{ run_id: string; commit: { id: string; branch: string } | null }> {
  harness.write(path, text);
  return (await (await harness.start({ artifact: { path }, target_score: 98, ...more })).result()) as never;
}

const log = async (path: string): Promise<string[]> =>
  (await execa('git', ['-C', harness.root, 'log', '--format=%s|%an|%(trailers:key=Koubou-Iteration,valueonly,separator=%x2C)|%(trailers:key=Koubou-Score,valueonly,separator=%x2C)', '--', path])).stdout.split('\n');

describe('apply', () => {
  test('saves the best revision of a finished run, and saving again changes nothing', async () => {
    const { run_id } = await reviewed('a.md');
    expect(readFileSync(join(harness.root, 'a.md'), 'utf8')).toBe(text);
    const first = await (await harness.start({ run_id }, 'apply')).result();
    expect(readFileSync(join(harness.root, 'a.md'), 'utf8')).toBe('!medium b fix\nrest\n');
    expect(await (await harness.start({ run_id }, 'apply')).result()).toEqual(first);
  });

  test('commits what it saved, the artifact as it was first', async () => {
    const { run_id } = await reviewed('b.md');
    const result = (await (await harness.start({ run_id, commit: true }, 'apply')).result()) as { commit: { branch: string } };
    expect(result.commit.branch).toBe('main');
    const commits = await log('b.md');
    expect(commits).toHaveLength(2);
    expect(commits.map((line) => line.split('|').slice(1, 3))).toEqual([['Ann Author', '2'], ['Ann Author', '0']]);
  });

  test('refuses a run it does not know, one that was rejected, and a file that was edited meanwhile', async () => {
    const failure = async (request: object): Promise<unknown> => {
      const error = await (await harness.start(request, 'apply')).result().catch((thrown: unknown) => thrown);
      const cause = (error as WorkflowFailedError).cause as ApplicationFailure;
      return [cause.type, (cause.details?.[0] as { code: string } | undefined)?.code];
    };
    expect(await failure({ run_id: 'nonesuch' })).toEqual(['InvalidInput', 'RUN_UNKNOWN']);
    harness.write('r.md', text);
    const waiting = await harness.start({ artifact: { path: 'r.md' }, target_score: 98, save: 'write', approval: 'before_save' });
    await expect.poll(async () => ((await waiting.query('progress')) as { state: string }).state, { timeout: 20_000 }).toBe('waiting_for_decision');
    await waiting.executeUpdate('decide', { args: [{ decision: 'reject' }] });
    expect(await failure({ run_id: ((await waiting.result()) as { run_id: string }).run_id })).toEqual(['InvalidInput', 'RUN_REJECTED']);
    expect(readFileSync(join(harness.root, 'r.md'), 'utf8')).toBe(text);
    const { run_id } = await reviewed('c.md');
    writeFileSync(join(harness.root, 'c.md'), 'mine\n');
    expect(await failure({ run_id })).toEqual(['Conflict', 'FILE_CHANGED']);
    expect(readFileSync(join(harness.root, 'c.md'), 'utf8')).toBe('mine\n');
  });
});

describe('a review with save "commit"', () => {
  test('commits an artifact that was clean exactly once, with the trailers', async () => {
    harness.write('clean.md', text);
    await execa('git', ['-C', harness.root, 'add', 'clean.md']);
    await execa('git', ['-C', harness.root, 'commit', '-qm', 'Add clean.md', '--', 'clean.md']);
    const { commit } = await reviewed('clean.md', { save: 'commit' });
    const commits = await log('clean.md');
    expect([commit?.branch, commits.length, commits[0]?.split('|').slice(1, 3)]).toEqual(['main', 2, ['Ann Author', '2']]);
    expect((await execa('git', ['-C', harness.root, 'status', '--porcelain', '--', 'clean.md'])).stdout).toBe('');
  });
});
