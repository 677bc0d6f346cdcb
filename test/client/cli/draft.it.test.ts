import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { SnakeKeys } from '#domain/json-keys.ts';
import type { Report } from '#domain/report.ts';
import { installedAgent, jailTools } from '../../support/agents.ts';
import { makeCommand, type Command } from '../../support/command.ts';
import { startFakeModel, type FakeModel } from '../../support/fake-model/fake-model.ts';
import type { Asked, Reply } from '../../support/fake-model/script.ts';
import { openRepository, type TestRepository } from '../../support/git-repository.ts';

type WireReport = SnakeKeys<Report>;

const vague = 'The job runs often enough.';
const exact = 'The job runs every 15 minutes.';
const plan = (title: string): string => `# ${title}\n\n${vague}\n`;
const goodPlan = (title: string): string => plan(title).replace(vague, exact);
const criteria = (score: number) => Object.fromEntries(['syntax', 'logic', 'performance', 'security'].map((name) => [name, { score, reason: 'As it says.' }]));

/** Writes one file a task, two where the task speaks of a test. */
function draft({ body }: Asked): Reply {
  const files = [{ path: 'ops/backup.md', text: plan('Backups') }];
  return { json: { files: body.includes('with its test') ? [...files, { path: 'ops/backup-test.md', text: goodPlan('Test of backups') }] : files } };
}

function judge({ body }: Asked): Reply {
  const nonce = /nonce: the word ([0-9a-f]{16})/.exec(body)?.[1] ?? '';
  const isVague = body.includes(vague);
  const findings = isVague ? [{ quote: vague, line: 3, category: 'logic', severity: 'high', message: 'How often is not said.', suggestion: 'Name a number.' }] : [];
  const score = isVague ? 6 : 9;
  return { json: { nonce, findings, criteria: criteria(score), strengths: [], weaknesses: [], recommendations: [], technical_notes: '', conclusion: 'Read.', rationale: 'As it says.', score, ready: !isVague } };
}

const edit: Reply = { text: `Change: name a number\n<<<<<<< SEARCH\n${vague}\n=======\n${exact}\n>>>>>>> REPLACE` };

let koubou: Command;
let model: FakeModel;
let repository: TestRepository;

beforeAll(async () => {
  model = await startFakeModel({
    script: (asked) => {
      if (asked.body.includes('Write what this task asks for.')) return draft(asked);
      return asked.body.includes('SEARCH') ? edit : judge(asked);
    },
  });
  const agents = (['codex', 'claude'] as const).flatMap((id) => (installedAgent(id) === null ? [] : [[id, { executable: installedAgent(id) }]]));
  koubou = makeCommand({
    PATH: `${process.env['PATH'] ?? ''}:${jailTools()}`, KOUBOU_TEMPORAL: inject('temporalPath'), NO_PROXY: '127.0.0.1',
    CODEX_API_KEY: 'sk-test-not-a-key-1', OPENAI_BASE_URL: `${model.url}/v1`, ANTHROPIC_API_KEY: 'sk-test-not-a-key-2', ANTHROPIC_BASE_URL: model.url,
    KOUBOU_LLM_PROVIDERS: JSON.stringify({ local: { base_url: `${model.url}/v1` }, ...Object.fromEntries(agents) }), KOUBOU_LLM_MODELS: JSON.stringify({ local: { provider: 'local', model: 'fake' } }),
  });
  repository = openRepository(koubou.project);
  repository.git('init', '-q', '-b', 'main');
  repository.git('config', 'user.name', 'Ann');
  repository.git('config', 'user.email', 'ann@example.org');
  repository.commitAll();
});

afterAll(async () => {
  await koubou.dispose();
  await model.close();
});

describe('koubou review --task', () => {
  test('drafts, reviews, improves and saves, and says on standard error what it chose', async () => {
    const { code, stdout, stderr } = await koubou.run(['review', '--task', 'Plan the backups.', '--reviewer', 'local', '--improver', 'local', '--write']);
    expect([code, stderr.match(/^Drafted .*$/gm)]).toEqual([0, ['Drafted ops/backup.md (markdown) by local. The model named it.']]);
    expect(stdout).toContain('Result  Saved ops/backup.md\n');
    expect(koubou.read('ops/backup.md')).toBe(goodPlan('Backups'));
  });

  test('takes the name that is given, from where the user stands, and commits the new file', async () => {
    koubou.write('docs/.keep', '');
    const { code, stderr } = await koubou.run(['review', '--task', 'Plan the backups.', '--name', 'plan.md', '--commit'], { cwd: join(koubou.project, 'docs') });
    expect([code, stderr.match(/^Drafted .*$/gm)]).toEqual([0, ['Drafted docs/plan.md (markdown) by local. The name was given.']]);
    expect([repository.git('log', '-1', '--format=%s', '--name-status'), koubou.read('docs/plan.md')]).toEqual(['Add plan.md: score 100\n\nA\tdocs/plan.md', plan('Backups')]);
    expect(await koubou.run(['review', '--task', 'Plan the backups.', '--name', 'docs/plan.md'])).toMatchObject({ code: 2, stderr: expect.stringContaining('[PATH_TAKEN]') });
  });

  test('can be come back to, for the text and for saving it', async () => {
    const { stdout } = await koubou.run(['review', '--task', 'Plan the backups.', '--name', 'later.md', '--improver', 'local', '--detach']);
    const runId = stdout.trim();
    expect(await koubou.json(['wait', runId])).toMatchObject({ code: 0, artifact: { path: 'later.md', is_new: true }, drafted: { by: 'local' } });
    expect([await koubou.run(['result', runId, '--text']), existsSync(join(koubou.project, 'later.md'))]).toMatchObject([{ stdout: plan('Backups') }, false]);
    await koubou.run(['apply', runId]);
    expect(koubou.read('later.md')).toBe(plan('Backups'));
  });

  test('reviews every file of a set and ends as the worst of them', async () => {
    const report = await koubou.json<WireReport>(['review', '--task', 'Plan the backups with its test.', '--name', 'set/backup.md', '--reviewer', 'local', '--no-improve']);
    expect([report.code, report.drafted?.files.map(({ path, ready }) => [path, ready])]).toEqual([1, [['set/backup.md', false], ['ops/backup-test.md', true]]]);
  });

  test.skipIf(installedAgent('codex') === null || installedAgent('claude') === null)('is written by the real claude and judged by the real codex', async () => {
    const report = await koubou.json<WireReport>(['review', '--task', 'Plan the backups.', '--name', 'agents/plan.md', '--reviewer', 'codex', '--improver', 'claude', '--write']);
    expect(report).toMatchObject({ code: 0, outcome: 'target_reached', drafted: { by: 'claude' }, reviewers: [{ id: 'codex' }], saved: { path: 'agents/plan.md' } });
    expect(koubou.read('agents/plan.md')).toBe(goodPlan('Backups'));
  });
});
