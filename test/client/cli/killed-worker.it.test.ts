import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { SnakeKeys } from '#domain/json-keys.ts';
import type { Report } from '#domain/report.ts';
import { markedProcesses } from '#io/jail-marker.ts';
import { installedAgent, jailTools } from '../../support/agents.ts';
import { makeCommand, type Command, type RunningCommand } from '../../support/command.ts';
import { startFakeModel, type FakeModel } from '../../support/fake-model/fake-model.ts';
import type { Asked, Reply } from '../../support/fake-model/script.ts';

type WireReport = SnakeKeys<Report>;

const criteria = Object.fromEntries(['syntax', 'logic', 'performance', 'security'].map((name) => [name, { score: 9, reason: 'As it says.' }]));

function goodAnswer({ body }: Asked): Reply {
  const nonce = /nonce: the word ([0-9a-f]{16})/.exec(body)?.[1] ?? '';
  return { json: { nonce, findings: [], criteria, strengths: ['"It answers within 200 ms" is exact.'], weaknesses: [], recommendations: [], technical_notes: '', conclusion: 'Good.', rationale: 'It is exact.', score: 9, ready: true } };
}

let koubou: Command;
let model: FakeModel;
let worker: RunningCommand | null = null;
let connection: Connection;

beforeAll(async () => {
  [model, connection] = await Promise.all([startFakeModel(), Connection.connect({ address: inject('temporalAddress') })]);
  const providers = { local: { base_url: `${model.url}/v1` }, ...Object.fromEntries((['codex', 'claude'] as const).flatMap((id) => (installedAgent(id) === null ? [] : [[id, { executable: installedAgent(id) }]]))) };
  koubou = makeCommand({
    PATH: `${process.env['PATH'] ?? ''}:${jailTools()}`, TEMPORAL_ADDRESS: inject('temporalAddress'), KOUBOU_TEMPORAL_TASK_QUEUE: `killed-${randomUUID().slice(0, 8)}`,
    CODEX_API_KEY: 'sk-test-not-a-key-1', OPENAI_BASE_URL: `${model.url}/v1`, ANTHROPIC_API_KEY: 'sk-test-not-a-key-2', ANTHROPIC_BASE_URL: model.url, NO_PROXY: '127.0.0.1',
    KOUBOU_LLM_PROVIDERS: JSON.stringify(providers), KOUBOU_LLM_MODELS: JSON.stringify({ local: { provider: 'local', model: 'fake' } }),
  });
});

afterAll(async () => {
  worker?.child.kill('SIGKILL');
  await koubou.dispose();
  await Promise.all([model.close(), connection.close()]);
});

async function startWorker(): Promise<RunningCommand> {
  worker = koubou.start(['worker']);
  await worker.printed('namespace default');
  return worker;
}

/** As a machine without power does it. Returns the processes of agents that it leaves behind. */
async function kill({ child, ended }: RunningCommand): Promise<() => readonly unknown[]> {
  const ofWorker = () => markedProcesses((marker) => marker.startsWith(`${child.pid}.`));
  child.kill('SIGKILL');
  await ended;
  return ofWorker;
}

/** What the step of a run last told the service, as JSON. */
async function heartbeatOf(workflowId: string): Promise<string> {
  const { raw } = await new Client({ connection }).workflow.getHandle(workflowId).describe();
  return Buffer.from(raw.pendingActivities?.[0]?.heartbeatDetails?.payloads?.[0]?.data ?? []).toString('utf8');
}

const judges = ['local', 'codex', 'claude'] as const;

describe.each(judges)('a worker that is killed while %s is asked', (reviewer) => {
  const it = test.skipIf(reviewer !== 'local' && (installedAgent(reviewer) === null || process.platform !== 'linux'));

  it('leaves no process, and the run goes on: what was answered before is neither asked nor counted twice', async () => {
    koubou.write(`${reviewer}.md`, '# Plan\n\nIt answers within 200 ms.\n');
    // The first answer is of no use, so a second question follows; it stays without an answer when the worker dies.
    model.follow([{ text: 'I have looked at it.' }, ...(reviewer === 'claude' ? [{ text: 'I have looked at it.' }] : []), { silentAfter: 1 }]);
    const from = model.requests.length;
    const asked = () => model.requests.slice(from);
    const first = reviewer === 'claude' ? 2 : 1;
    const killed = await startWorker();
    const { run_id: id, workflow_id: workflow } = await koubou.json<{ run_id: string; workflow_id: string }>(['review', `${reviewer}.md`, '--reviewer', reviewer, '--no-improve', '--detach']);
    await expect.poll(() => asked().length, { timeout: 60_000 }).toBe(first + 1);
    // What an answer cost is told with the next heartbeat.
    await expect.poll(() => heartbeatOf(workflow), { timeout: 10_000 }).toContain(`"inputTokens":${100 * first},`);
    model.follow(goodAnswer);
    const left = await kill(killed);
    await expect.poll(left, { timeout: 1_000 }).toEqual([]);
    await expect.poll(() => asked().at(-1)!.aborted, { timeout: 5_000 }).toBe(true);

    const next = await startWorker();
    expect((await koubou.run(['wait', id, '--wait', '60s'])).code).toBe(0);
    const report = await koubou.json<WireReport>(['result', id]);
    expect({ outcome: report.outcome, score: report.final_score, usage: { input_tokens: report.usage.input_tokens, output_tokens: report.usage.output_tokens } }).toEqual({
      outcome: 'target_reached', score: 95, usage: { input_tokens: 100 * (first + 1), output_tokens: 20 * (first + 1) },
    });
    const questions = asked().map(({ body }) => body.length);
    expect([questions.length, questions.filter((length) => length === questions[0]).length]).toEqual([first + 2, 1]);
    next.child.kill('SIGTERM');
    await next.ended;
  });
});
