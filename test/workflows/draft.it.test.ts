import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SnakeKeys } from '#domain/json-keys.ts';
import type { Report } from '#domain/report.ts';
import { startHarness, type Harness } from '../support/harness.ts';
import { markerReviewer } from '../support/marker-reviewer.ts';
import { files, modelImprover, scriptedDrafter } from '../support/scripted-drafter.ts';

type WireReport = SnakeKeys<Report>;

let harness: Harness;
const text = '# plan\n!medium rule0 fix\n!medium rule1 fix\nend\n';

beforeAll(async () => {
  harness = await startHarness({
    reviewers: [markerReviewer('marker')],
    improvers: [modelImprover('writer')],
    drafters: [scriptedDrafter('writer', () => files(['docs/plan.md', text]))],
  });
});

afterAll(() => harness.stop());

const read = (path: string): string => readFileSync(join(harness.root, path), 'utf8');

describe('a task', () => {
  test('is drafted, reviewed, improved and saved as a new file', async () => {
    const handle = await harness.start({ artifact: { task: 'Write a plan.' }, target_score: 100, save: 'write' });
    const report = (await handle.result()) as WireReport;
    expect(report).toMatchObject({
      outcome: 'target_reached', artifact: { path: 'docs/plan.md', language: 'markdown', is_new: true }, saved: { path: 'docs/plan.md' },
      drafted: { by: 'writer', chosen: { name: 'docs/plan.md', language: 'markdown', why: 'The model named it.' }, files: [{ path: 'docs/plan.md', outcome: 'target_reached' }] },
      usage: { input_tokens: 100, output_tokens: 20, cost_usd: 0.25 },
    });
    expect(read('docs/plan.md')).toBe('# plan\nend\n');
  });
});
