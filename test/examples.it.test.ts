import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { loadConfig } from '#config.ts';
import type { Report } from '#domain/report.ts';
import type { SnakeKeys } from '#domain/json-keys.ts';
import { workerStarter, type RunningWorkers } from '#worker.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
let home: string;
let workers: RunningWorkers;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'koubou-examples-'));
  const config = await loadConfig({ cwd: root, env: { KOUBOU_HOME: home, KOUBOU_TEMPORAL_TASK_QUEUE: 'koubou', USE_MOCK_EVALUATOR: 'true' } });
  workers = await workerStarter(config, { environment: {}, workspaceRoot: root })({ address: inject('temporalAddress'), namespace: 'default' });
});

afterAll(async () => {
  await workers.drain();
  rmSync(home, { recursive: true, force: true });
});

/** The script as a user runs it, with nothing but the plain temporal command. */
async function watched(request: string): Promise<SnakeKeys<Report>> {
  const env = { PATH: '/usr/bin:/bin', TEMPORAL: inject('temporalPath'), TEMPORAL_ADDRESS: inject('temporalAddress'), HOME: home };
  const { stdout } = await execa('sh', ['examples/watch-a-run.sh', request, `example-${request.replaceAll(/\W/g, '-')}`], { cwd: root, env, extendEnv: false });
  const answer = JSON.parse(stdout.slice(stdout.indexOf('{', stdout.indexOf('}') + 1))) as { result: SnakeKeys<Report> };
  return answer.result;
}

describe('the example script starts, watches and fetches a run with the plain temporal command', () => {
  test('for a file of the repository, which static fixes alone bring to the target', async () => {
    const report = await watched('examples/requests/review.json');
    expect([report.state, report.outcome, report.ready, report.artifact.path]).toEqual(['completed', 'target_reached', true, 'examples/checkout.ts']);
  });

  test("for seed 004's own payload, which scores near 100 because documentation costs nothing", async () => {
    const report = await watched('examples/requests/seed-004.json');
    expect([report.outcome, report.final_score, report.artifact.name]).toEqual(['target_reached', 100, 'code.py']);
    expect(report.findings.map(({ category }) => category)).toContain('documentation');
  });
});

describe('the example task', () => {
  test('is drafted under the name that it speaks of, here by the mock, and nothing is written', async () => {
    const report = await watched('examples/requests/task.json');
    expect([report.state, report.artifact.path, report.artifact.is_new, report.saved]).toEqual(['completed', 'docs/runbooks/restore-database.md', true, null]);
    expect([report.drafted?.by, report.drafted?.chosen.why, existsSync(join(root, 'docs/runbooks'))]).toEqual(['claude', 'The task names it.', false]);
  });
});

describe('the example batch', () => {
  test('reviews every example that an engine can judge', async () => {
    const env = { PATH: '/usr/bin:/bin', TEMPORAL_ADDRESS: inject('temporalAddress'), HOME: home };
    const { stdout } = await execa(inject('temporalPath'), ['workflow', 'execute', '--type', 'reviewBatch', '--task-queue', 'koubou', '--input-file', 'examples/requests/batch.json', '--output', 'json'], { cwd: root, env, extendEnv: false });
    const { result } = JSON.parse(stdout) as { result: { summary: { total: number; failed: number }; reviews: { path: string; outcome: string }[] } };
    expect(result.reviews.filter(({ path }) => !path.endsWith('.json')).map(({ path, outcome }) => [path, outcome])).toEqual([
      ['examples/checkout.ts', 'target_reached'],
      ['examples/guide.md', 'target_reached'],
      ['examples/inventory.py', 'target_reached'],
      ['examples/spec.ja.md', 'target_reached'],
      ['examples/spec.md', 'target_reached'],
    ]);
    expect(result.summary.failed).toBe(0);
  });
});
