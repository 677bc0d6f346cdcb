import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { SnakeKeys } from '#domain/json-keys.ts';
import type { Report } from '#domain/report.ts';
import { markedProcesses } from '#io/jail-marker.ts';
import { jailTools } from '../../support/agents.ts';
import { makeCommand, type Command, type RunningCommand } from '../../support/command.ts';

type WireReport = SnakeKeys<Report>;

let koubou: Command;
let worker: RunningCommand;

const code = 'export function add(a, b) {\n  debugger;\n  const sum = a + b;\n  return sum;\n}\n';
const suite = "import { add } from '../src/add.js';\nimport assert from 'node:assert';\nimport { test } from 'node:test';\ntest('adds', () => assert.equal(add(1, 2), 3));\n";
const settings = (text = ''): string => `checks:\n  - { name: tests, command: [npm, test], timeout_ms: 60000 }\n  - { name: long, command: [sh, -c, 'setsid sleep 300 & sleep 300'] }\n  - { name: loud, command: [sh, -c, 'echo "$KEY_CANARY"; env | grep -E "CANARY|API_KEY"; echo NO_COLOR=$NO_COLOR; exit 1'] }\n${text}`;

beforeAll(async () => {
  koubou = makeCommand({
    PATH: `${process.env['PATH'] ?? ''}:${jailTools()}`, TEMPORAL_ADDRESS: inject('temporalAddress'), KOUBOU_TEMPORAL_TASK_QUEUE: `checks-${randomUUID().slice(0, 8)}`,
    KEY_CANARY: 'canary-of-the-worker-7', OPENAI_API_KEY: 'sk-test-not-a-key-7',
  });
  koubou.write('package.json', '{"type":"module","scripts":{"test":"node --test"}}\n');
  koubou.write('src/add.js', code);
  koubou.write('test/add.test.js', suite);
  koubou.write('koubou.yaml', settings());
  worker = await startWorker();
});

afterAll(async () => {
  worker.child.kill('SIGKILL');
  await koubou.dispose();
});

async function startWorker(): Promise<RunningCommand> {
  const started = koubou.start(['worker']);
  await started.printed('namespace default');
  return started;
}

describe('koubou review --check', () => {
  test('runs nothing of a project that nobody trusts, and names the command that trusts it', async () => {
    const { code: exit, stderr } = await koubou.run(['review', 'src/add.js', '--check', 'tests']);
    expect([exit, stderr]).toEqual([2, expect.stringContaining('koubou trust DIR')]);
  });

  test('runs the project’s own tests with each revision and tells it', async () => {
    await koubou.run(['trust', '.']);
    const { code: exit, stdout } = await koubou.run(['review', 'src/add.js', '--check', 'tests', '--target', '100', '--no-color']);
    expect([exit, stdout]).toEqual([0, expect.stringMatching(/^ {2}checks {7}tests passed$/m)]);
    expect(stdout).not.toContain('Panel');
    expect(koubou.read('src/add.js')).toBe(code);
  });

  test('refuses what the tests refuse: an edit that is fine by itself', async () => {
    koubou.write('test/add.test.js', `${suite}import { readFileSync } from 'node:fs';\ntest('stops there', () => assert.match(readFileSync('src/add.js', 'utf8'), /debugger/));\n`);
    const report = await koubou.json<WireReport>(['review', 'src/add.js', '--check', 'tests', '--target', '100']);
    expect([report.code, report.outcome, report.iterations[1]?.refused_because]).toEqual([1, 'nothing_to_improve', 'It breaks the check tests: passed before, fails now.']);
  });

  test('shows neither the environment of the worker nor its keys', async () => {
    const report = await koubou.json<WireReport>(['review', 'src/add.js', '--check', 'loud', '--no-improve']);
    const told = JSON.stringify(report);
    expect([report.code, report.findings[0]?.rule_id, /canary-of-the-worker|sk-test-not/.test(told), told.includes('NO_COLOR=1')]).toEqual([1, 'check/loud', false, true]);
  });
});

test('SIGKILL of the worker leaves no process of a check, and the next worker no folder', async () => {
  const { run_id: id } = await koubou.json<{ run_id: string }>(['review', 'src/add.js', '--check', 'long', '--no-improve', '--detach']);
  const runs = (): string[] => readdirSync(join(koubou.home, 'koubou/state/agents'));
  const running = (): readonly number[] => markedProcesses((marker) => marker.startsWith(`${worker.child.pid}.`));
  // The jail, its shell, the check's shell, and what that started: only a jail that stands ends with its worker.
  await expect.poll(() => running().length, { timeout: 20_000 }).toBeGreaterThan(3);
  const [folder] = runs();
  worker.child.kill('SIGKILL');
  await worker.ended;
  await expect.poll(running, { timeout: 2_000 }).toEqual([]);
  worker = await startWorker();
  await expect.poll(() => existsSync(join(koubou.home, 'koubou/state/agents', folder!)), { timeout: 5_000 }).toBe(false);
  await koubou.run(['cancel', id]);
  expect((await koubou.run(['wait', id, '--wait', '30s'])).code).toBe(1);
  await expect.poll(runs, { timeout: 5_000 }).toEqual([]);
});
