import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { findCommand } from '#io/service-process.ts';
import { processIdentity } from '#io/process-identity.ts';
import { makeCommand, type Command, type RunningCommand } from '../../support/command.ts';

let koubou: Command;
let up: RunningCommand;
let upText = '';

beforeAll(async () => {
  koubou = makeCommand({ KOUBOU_TEMPORAL: inject('temporalPath'), KOUBOU_LLM_PROVIDERS: '{"codex":{"per_minute":10}}' });
  koubou.write('a.ts', 'export const a = 1;\n');
  up = koubou.start(['up']);
  upText = await up.printed('export TEMPORAL_ADDRESS=');
});
afterAll(async () => {
  up.child.kill('SIGTERM');
  await up.ended;
  await koubou.dispose();
});

describe('koubou up', () => {
  test('says where it is, with the line for the plain temporal command', () => {
    expect(upText).toMatch(/^Koubou is up\.\n {2}Temporal {2}127\.0\.0\.1:\d+ \(server [\d.]+, namespace default\)\n {2}Web UI {4}http:\/\/127\.0\.0\.1:\d+\n {2}Queues {4}koubou, koubou-analysis, koubou-llm, koubou-workspace, koubou-report, koubou-llm-codex\n/);
  });

  test('a second one says where the first is, attached or not', async () => {
    const second = await koubou.run(['up']);
    expect([second.code, second.stdout]).toEqual([0, expect.stringContaining(`(process ${up.child.pid})`)]);
    const detached = await koubou.json<{ pid: number; started_now: boolean }>(['up', '--detach']);
    expect(detached).toMatchObject({ code: 0, pid: up.child.pid, started_now: false });
  });

  test('what it exports means the service itself, not another one', async () => {
    const [, address = ''] = /export TEMPORAL_ADDRESS=(\S+)/.exec(upText) ?? [];
    const status = await koubou.json(['status'], { env: { TEMPORAL_ADDRESS: address } });
    expect(status).toMatchObject({ address, pid: up.child.pid, state: 'live' });
    const { code, stderr, stdout } = await koubou.run(['review', 'a.ts'], { env: { TEMPORAL_ADDRESS: address } });
    expect([code, stderr.includes('started again'), stdout.includes('Web UI')]).toEqual([0, false, true]);
  });
});

test('status tells the service as the contract has it', async () => {
  const status = await koubou.json<{ queues: { name: string; pollers: number }[] }>(['status']);
  expect(status.queues.map(({ name, pollers }) => [name, pollers > 0])).toEqual(['koubou', 'koubou-analysis', 'koubou-llm', 'koubou-workspace', 'koubou-report', 'koubou-llm-codex'].map((name) => [name, true]));
  expect(status).toMatchObject({
    address: expect.stringMatching(/^127\.0\.0\.1:\d+$/), namespace: 'default', ui_url: expect.stringMatching(/^http:\/\/127/), pid: up.child.pid, version: expect.stringMatching(/^\d+\.\d+\.\d+\+/), runs: [],
  });
});

test('status on a running service loads no worker and no engine', async () => {
  const coverage = join(koubou.home, 'coverage');
  await koubou.run(['status'], { env: { NODE_V8_COVERAGE: coverage } });
  const loaded = readdirSync(coverage).flatMap((file) => (JSON.parse(readFileSync(join(coverage, file), 'utf8')) as { result: { url: string }[] }).result.map(({ url }) => url));
  const forbidden = ['@temporalio/worker', '/reviewers/', 'execa', 'kysely', '/yaml/', 'worker.ts', '/reports/html'];
  expect(loaded.length).toBeGreaterThan(20);
  expect(loaded.filter((url) => forbidden.some((part) => url.includes(part)))).toEqual([]);
});

test('doctor finds nothing wrong', async () => {
  const { code, checks } = await koubou.json<{ checks: { name: string; ok: string; detail: string }[] }>(['doctor']);
  expect([code, checks.filter(({ ok }) => ok === 'fail')]).toEqual([0, []]);
  expect(checks.find(({ name }) => name === 'queues')?.ok).toBe('ok');
});

test('worker serves the queues it is told to until it is interrupted', async () => {
  const worker = koubou.start(['worker', '--queues', 'koubou-report,koubou-llm-codex']);
  expect(await worker.printed('namespace default')).toMatch(/connected to 127\.0\.0\.1:\d+, namespace default, for koubou-report, koubou-llm-codex\.\n/);
  worker.child.kill('SIGINT');
  expect(await worker.ended).toMatchObject({ code: 0 });
});

test('reviewers names what is there', async () => {
  const { reviewers } = await koubou.json<{ reviewers: { id: string; role: string; languages: string[]; asks_model: boolean; problem?: string | null }[] }>(['reviewers']);
  expect(reviewers.slice(0, 2).map(({ id, role, asks_model: asks }) => [id, role, asks])).toEqual([['static', 'reviewer', false], ['static', 'improver', false]]);
  expect([...new Set(reviewers.slice(2).map(({ id }) => id))]).toEqual(['codex', 'claude', 'gemini', 'opencode', 'copilot', 'openai', 'anthropic', 'google']);
  expect(reviewers.find(({ id }) => id === 'openai')?.problem).toMatch(/^No model is named for openai\./);
  expect(reviewers[0]?.languages).toEqual(expect.arrayContaining(['typescript', 'python', 'markdown']));
});

test('through npm start, paths mean the folder the user stands in', async () => {
  const packageRoot = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
  const npm = { npm_lifecycle_event: 'start', npm_package_json: join(packageRoot, 'package.json'), INIT_CWD: koubou.project };
  const { code, stdout } = await koubou.run(['review', 'a.ts'], { cwd: packageRoot, env: npm });
  expect([code, stdout]).toEqual([0, expect.stringContaining('  a.ts, 1 iteration')]);
  const foreign = await koubou.json(['review', 'a.ts'], { cwd: packageRoot, env: { ...npm, npm_lifecycle_event: 'test' } });
  expect(foreign).toMatchObject({ code: 2, error: { code: 'NOT_FOUND' } });
});

test.skipIf(findCommand('script', process.env['PATH'] ?? '') === null)('on a terminal one live line is redrawn and taken away', async () => {
  koubou.write('live.ts', 'export const live = 1;\n');
  const launcher = fileURLToPath(new URL('../../../bin/koubou.js', import.meta.url));
  const { execFileSync } = await import('node:child_process');
  const environment = { PATH: process.env['PATH'] ?? '', HOME: koubou.home, KOUBOU_HOME: join(koubou.home, 'koubou'), KOUBOU_TEMPORAL: inject('temporalPath'), TERM: 'xterm', COLUMNS: '100' };
  const screen = execFileSync('script', ['-qec', `'${process.execPath}' '${launcher}' review live.ts --no-improve`, '/dev/null'], { cwd: koubou.project, env: environment, encoding: 'utf8' });
  expect(screen).toContain('\r\u001b[2K⠋ queued · 0 s  live.ts');
  expect(screen).toContain('\u001b[32m');
  expect(screen.slice(screen.lastIndexOf('\u001b[2K'))).toContain('Target reached');
});

test('down ends everything that up started, and a second one has nothing to do', async () => {
  const record = JSON.parse(readFileSync(join(koubou.home, 'koubou/state/service.json'), 'utf8')) as { pid: number; server_pid: number };
  expect(await koubou.run(['down'])).toMatchObject({ code: 0, stdout: expect.stringContaining('has stopped') });
  expect((await up.ended).code).toBe(0);
  expect([processIdentity(record.pid), processIdentity(record.server_pid), existsSync(join(koubou.home, 'koubou/state/service.json'))]).toEqual([null, null, false]);
  expect(await koubou.json(['down'])).toMatchObject({ code: 0, ended: 'was_gone', message: 'No service is running.' });
});
