import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { installedAgent } from '../../support/agents.ts';
import { filesWith, formsOfCanary, tracesOf } from '../../support/canary.ts';
import { makeCommand, type Command } from '../../support/command.ts';
import { startFakeModel, type FakeModel } from '../../support/fake-model/fake-model.ts';
import type { Asked, Reply } from '../../support/fake-model/script.ts';
import { makeScratch } from '../../support/scratch.ts';

const canary = 'sk-canary-7Qx2Zr9Kp4Wm8Tv1Yb6';
const forms = formsOfCanary(canary);
const words = tracesOf(canary);
const everything = Object.values(forms).join(' and ');
const text = '# Plan\n\nThe service answers fast enough.\n';
const criteria = Object.fromEntries(['syntax', 'logic', 'performance', 'security'].map((name) => [name, { score: 6, reason: everything }]));

/** A model that tells whatever it was let in with, in every field and form, a few characters an event. */
function hostileJudge({ body, headers }: Asked): Reply {
  const nonce = /nonce: the word ([0-9a-f]{16})/.exec(body)?.[1] ?? '';
  const said = `${everything} ${headers.authorization ?? ''} ${String(headers['x-api-key'])}`;
  const finding = { quote: 'fast enough', line: 3, category: 'performance', severity: 'medium', message: `Say how fast. ${said}`, suggestion: said };
  const unproved = { ...finding, quote: canary, message: said, category: said, severity: said };
  const answer = { nonce, findings: [finding, unproved], criteria, strengths: [said], weaknesses: [said], recommendations: [said], technical_notes: said, conclusion: said, rationale: said, score: 6, ready: false };
  const escaped = JSON.stringify(answer).replaceAll(canary, forms['JSON escapes']!);
  return { text: escaped, unitsPerEvent: 7, model: `model-${canary}` };
}

function hostileImprover({ body }: Asked): Reply {
  const edit = (after: string): string => `Change: ${everything}\n<<<<<<< SEARCH\nThe service answers fast enough.\n=======\n${after}\n>>>>>>> REPLACE`;
  return { text: edit(body.includes('could not be applied') || body.includes('only [redacted] is left') ? 'The service answers within 200 ms.' : `Its key is ${canary}, ${forms['base64']}.`), unitsPerEvent: 3 };
}

const hostile = (asked: Asked): Reply => (asked.body.includes('SEARCH') ? hostileImprover(asked) : hostileJudge(asked));
const failing = (): Reply => ({ status: 500, message: everything, headers: { 'x-said': canary } });

/** Prints its key in many ways and fails. */
const stub = '#!/bin/sh\nenv >&2\nprintf "%s" "$ANTHROPIC_API_KEY" | base64 >&2\nenv\nprintf \'{"type":"result","is_error":true,"subtype":"error","api_error_status":500,"result":"%s"}\\n\' "$ANTHROPIC_API_KEY"\nexit 1\n';

const scratch = makeScratch('canary');
let koubou: Command;
let model: FakeModel;
/** Of every command: what people and scripts saw. */
const shown: Record<string, string> = {};
const runs: { readonly run_id: string; readonly workflow_id: string }[] = [];

async function run(name: string, args: readonly string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await koubou.run([...args, '--json', '--debug']);
  shown[name] = stdout + stderr;
  const report = JSON.parse(stdout) as Record<string, unknown> & (typeof runs)[number];
  runs.push(report);
  return { ...report, code };
}

beforeAll(async () => {
  model = await startFakeModel({ script: hostile });
  const executable = scratch.put('stub.sh', stub);
  chmodSync(executable, 0o755);
  const providers = { local: { base_url: `${model.url}/v1`, api_key_env: 'HOUSE_CODE' }, claude: { executable }, codex: { executable: installedAgent('codex') ?? 'codex' } };
  koubou = makeCommand({
    KOUBOU_TEMPORAL: inject('temporalPath'), HOUSE_CODE: canary, CODEX_API_KEY: canary, ANTHROPIC_API_KEY: canary, OPENAI_BASE_URL: `${model.url}/v1`, HTTPS_PROXY: `http://user:${canary}@127.0.0.1:9`, NO_PROXY: '127.0.0.1',
    KOUBOU_LLM_PROVIDERS: JSON.stringify(providers), KOUBOU_LLM_MODELS: JSON.stringify({ local: { provider: 'local', model: 'fake' } }),
  });
});

afterAll(async () => {
  await koubou.dispose();
  await model.close();
  scratch.remove();
});

test('secret-01, secret-03: A run whose model tells the key it was asked with goes on, and what it writes to a file holds no key', async () => {
  const path = koubou.write('plan.md', text);
  const report = await run('a run', ['review', 'plan.md', '--reviewer', 'local', '--improver', 'local', '--max-iterations', '2', '--write', '--out', koubou.project, '--format', 'json', '--format', 'markdown', '--format', 'html', '--format', 'sarif']);
  expect(report).toMatchObject({ saved: { path: 'plan.md' }, findings: expect.arrayContaining([expect.objectContaining({ message: expect.stringContaining('Say how fast. [redacted] and [redacted]') })]) });
  expect(readFileSync(path, 'utf8')).toBe(text.replace('fast enough', 'within 200 ms'));
  expect(model.requests[0]?.headers.authorization).toBe(`Bearer ${canary}`);
});

test.each([['its server', 'local', 'local failed or is overloaded (HTTP 500)'], ['its agent', 'claude', 'Claude has no capacity at the moment']])('secret-07: A run whose model fails and tells the key is parked: %s', async (_what, reviewer, reason) => {
  koubou.write(`fails-${reviewer}.md`, text);
  model.follow(failing);
  const report = await run(`a failing run of ${reviewer}`, ['review', `fails-${reviewer}.md`, '--reviewer', reviewer]);
  model.follow(hostile);
  expect(report).toMatchObject({ code: 1, state: 'parked', waiting_for: expect.stringContaining(reason) });
});

test.skipIf(installedAgent('codex') === null)('So it is with a real agent', async () => {
  koubou.write('agent.md', text);
  expect(await run('a run of codex', ['review', 'agent.md', '--reviewer', 'codex', '--no-improve'])).toMatchObject({ findings: expect.arrayContaining([expect.objectContaining({ message: expect.stringContaining('Say how fast. [redacted] and [redacted]') })]) });
});

const lines = ['MIIEowIBAAKCAQEAu3Hs5Lk8Nd1Fg6Jx0Ra7c0dEfGhIjKlMnOpQrStUvWxYz012', 'vYb6c0dEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGhIjKlMnOpQrStUv9Qw'];
const privateKey = ['-----BEGIN RSA PRIVATE KEY-----', ...lines, ...lines.toReversed(), '-----END RSA PRIVATE KEY-----'].join('\n');
const token = `ghp_${'3Hs5Lk8Nd1Fg6Jx0Ra7c0dEfGhIjKlMnOpQr'}`;

/** A model that copies the secrets of the text into everything it says. */
function copyist(asked: Asked): Reply {
  const said = `It holds ${privateKey} and ${token}.`;
  const nonce = /nonce: the word ([0-9a-f]{16})/.exec(asked.body)?.[1] ?? '';
  const finding = { quote: 'fast enough', line: 3, category: 'logic', severity: 'medium', message: said, suggestion: said };
  return { json: { nonce, findings: [finding], criteria, strengths: [said], weaknesses: [said], recommendations: [said], technical_notes: said, conclusion: said, rationale: said, score: 6, ready: false } };
}

test('secret-05: A private key and a token in the reviewed text are in no report, no history and no output, though the model copies them', async () => {
  koubou.write('held.md', `${text}\n\`\`\`\n${privateKey}\n\`\`\`\n\nAsk with ${token}.\n`);
  model.follow(copyist);
  const report = await run('a run over secrets', ['review', 'held.md', '--reviewer', 'local', '--reviewer', 'static', '--no-improve', '--out', `${koubou.project}/held`, '--format', 'json', '--format', 'markdown', '--format', 'html', '--format', 'sarif', '--format', 'junit']);
  model.follow(hostile);
  expect(report).toMatchObject({ evaluation: { conclusion: 'It holds ***\n***\n***\n***\n***\n*** and ***.' } });
  const held = Object.fromEntries([privateKey, ...lines, token, lines[0]!.slice(8, 40), token.slice(8, 32), 'BEGIN RSA PRIVATE KEY'].map((part) => [part.slice(0, 12), part]));
  const history = await historyOf(String(report['run_id']));
  expect(Object.values(held).filter((part) => history.includes(part) || shown['a run over secrets']!.includes(part))).toEqual([]);
  expect(filesWith([`${koubou.project}/held`], held)).toEqual([]);
});

test('Afterwards nobody finds the key, in no form and in no half: in no file, no output and no history', async () => {
  const calls = [['parked'], ['list'], ...runs.flatMap(({ run_id: id }) => [['result', id, '--messages'], ['status', id]])];
  for (const call of calls) shown[call.join(' ')] = (await koubou.run(call)).stdout;
  for (const { run_id: id } of runs) shown[`history of ${id}`] = await historyOf(id);
  const told = Object.entries(shown).flatMap(([name, output]) => Object.entries(words).filter(([, word]) => output.includes(word)).map(([form]) => `${form} in ${name}`));
  const folders = [koubou.project, koubou.home];
  expect([told, filesWith(folders, words)]).toEqual([[], []]);
  const histories = Object.entries(shown).filter(([name]) => name.startsWith('history')).map(([, history]) => history);
  expect(histories.map((history) => /ActivityTaskCompleted|ACTIVITY_TASK_COMPLETED/i.test(history) && history.includes('"sha256"'))).toEqual(runs.map(() => true));
  expect(filesWith(folders, { mark: '[redacted]' }).map((line) => basename(line)).toSorted()).toEqual(expect.arrayContaining([expect.stringMatching(/\.db(?:-wal)?$/)]));
}, 300_000);

/** What `temporal workflow show` prints, its payloads decoded. */
async function historyOf(runId: string): Promise<string> {
  const { address } = await koubou.json<{ address: string }>(['status']);
  const workflow = runs.find(({ run_id }) => run_id === runId)!.workflow_id;
  const json = execFileSync(inject('temporalPath'), ['workflow', 'show', '-w', workflow, '-r', runId, '--address', address, '--output', 'json'], { encoding: 'utf8', maxBuffer: 100_000_000 });
  const decoded = Array.from(json.matchAll(/"data": ?"([A-Za-z0-9+/=]+)"/g), ([, data]) => Buffer.from(data!, 'base64').toString('utf8'));
  return `${json}\n${decoded.join('\n')}`;
}
