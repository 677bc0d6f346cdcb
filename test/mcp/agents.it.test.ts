import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { makeCommand, type Command, type RunningCommand } from '#test/support/command.ts';
import { startFakeModel, type FakeModel } from '#test/support/fake-model/fake-model.ts';
import { agentSettings, mcpAgents, toolCaller, type McpAgent, type Step } from '#test/support/mcp-agents.ts';

// The real agents as clients of the real server, set up by `koubou mcp install` in a fresh home; the model on loopback calls the tools.

let koubou: Command;
let model: FakeModel;

beforeAll(() => {
  koubou = makeCommand({ KOUBOU_TEMPORAL: inject('temporalPath') });
  koubou.write('spec.md', readFileSync(new URL('../../examples/spec.md', import.meta.url), 'utf8'));
  mkdirSync(join(koubou.project, '.git'));
});

afterAll(() => koubou.dispose());

beforeEach(async () => {
  model = await startFakeModel();
  for (const [file, text] of Object.entries(agentSettings(model.url))) {
    mkdirSync(dirname(join(koubou.home, file)), { recursive: true });
    writeFileSync(join(koubou.home, file), text);
  }
});

afterEach(() => model.close());

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

async function ask(agent: McpAgent, steps: readonly Step[]): Promise<Ended> {
  const { code, stderr } = await koubou.run(['mcp', 'install', '--client', agent.id, '--yes']);
  expect(code, stderr).toBe(0);
  return start(agent, { steps, args: agent.args('Review spec.md with koubou.') });
}

interface Start {
  readonly steps: readonly Step[];
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

function start(agent: McpAgent, { steps, args, env: more = {} }: Start): Promise<Ended> {
  model.follow(toolCaller(steps));
  const [command, ...first] = agent.command as readonly [string, ...string[]];
  // Whatever else they want to reach ends at the model.
  const proxies = { HTTPS_PROXY: model.url, HTTP_PROXY: model.url, NO_PROXY: '127.0.0.1,localhost' };
  const env = { PATH: '/usr/bin:/bin', HOME: koubou.home, LANG: 'C.UTF-8', TERM: 'dumb', ...proxies, ...agent.environment(model.url), ...more };
  const child = spawn(command, [...first, ...args], { cwd: koubou.project, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part: string) => (output += part));
  return new Promise((resolve) => child.on('close', (ended) => resolve({ code: ended, output })));
}

interface Run {
  readonly run_id: string;
  readonly workflow_id: string;
  readonly state: string;
  readonly outcome: string;
  readonly artifact: string;
}

async function runs(): Promise<Run[]> {
  return (await koubou.json<{ runs: Run[] }>(['list'])).runs;
}

/** What the last question to the model holds: all that was said before. */
function heard(): string {
  return model.requests.at(-1)!.body;
}

const loop: readonly Step[] = [
  { tool: 'review_start', args: { path: 'spec.md', target_score: 95 } },
  { tool: 'review_wait', args: { run_id: '{run_id}' } },
  { tool: 'review_result', args: { run_id: '{run_id}' } },
];

describe.each(mcpAgents.map((agent) => [agent.id, agent] as const))('%s', (id, agent) => {
  test.skipIf(agent.command.length === 0)('starts a review, waits for it and reads its result', async () => {
    const before = new Set((await runs()).map(({ run_id: run }) => run));
    const { code, output } = await ask(agent, loop);
    expect([code, output.includes('done')], output.slice(-3000)).toEqual([0, true]);
    const [run, ...others] = (await runs()).filter(({ run_id: found }) => !before.has(found));
    expect([others, run?.state, run?.artifact]).toEqual([[], 'completed', 'spec.md']);
    // Each call's answer reached the model, in the agent's own form.
    expect(heard().split(run!.run_id).length).toBeGreaterThan(3);
    expect(heard()).toContain('# Review of `spec.md`');
    expect(model.requests).toHaveLength(loop.length + 1);
  });

  test.skipIf(agent.command.length === 0)('keeps what its own settings held', async () => {
    await koubou.run(['mcp', 'install', '--client', id, '--yes']);
    for (const [file, text] of Object.entries(agentSettings(model.url)).filter(([name]) => name.includes(id))) {
      const now = readFileSync(join(koubou.home, file), 'utf8');
      for (const line of text.split('\n').filter((one) => one.includes('mine') || one.includes('"security"') || one.includes('model_provider'))) expect(now).toContain(line);
    }
  });
});

describe('over HTTP, with the token of a variable,', () => {
  const token = 'agents-0123456789abcdef';
  let server: RunningCommand;
  let url = '';

  beforeAll(async () => {
    server = koubou.start(['mcp', '--http', '0', '--root', koubou.project], { env: { KOUBOU_MCP_TOKEN: token } });
    url = /(http:\S+\/mcp)/.exec(await server.said('/mcp\n'))![1]!;
  });

  afterAll(async () => {
    server.child.kill('SIGTERM');
    expect((await server.ended).code).toBe(0);
  });

  test.for(mcpAgents)('$id calls a tool', async (agent, { skip }) => {
    if (agent.command.length === 0) skip();
    expect((await koubou.run(['mcp', 'install', '--client', agent.id, '--http', url, '--yes'])).code).toBe(0);
    const { code, output } = await start(agent, { steps: [{ tool: 'review_list', args: {} }], args: agent.args('List the runs of koubou.'), env: { KOUBOU_MCP_TOKEN: token } });
    expect([code, output.includes('done')], output.slice(-3000)).toEqual([0, true]);
    expect(heard()).toMatch(/spec\.md/);
  });
});

const claude = mcpAgents.find(({ id }) => id === 'claude')!;

describe('claude -p in a fresh home', () => {
  test.skipIf(claude.command.length === 0)('judges the example specification and reviews it; the run stands in the Web UI', async () => {
    const evaluate: Step = { tool: 'evaluate_document', args: { path: 'spec.md', document_type: 'specification', reviewer: 'static' } };
    const { code, output } = await ask(claude, [evaluate, { tool: 'review_start', args: { path: 'spec.md', target_score: 96 } }, ...loop.slice(1)]);
    expect([code, JSON.parse(output)], output.slice(-3000)).toEqual([0, expect.objectContaining({ result: 'done', is_error: false, num_turns: 5, permission_denials: [] })]);
    expect(heard()).toMatch(/ready_for_implementation\\+":(true|false)/);
    const [latest] = await runs();
    const { ui_url: ui } = await koubou.json<{ ui_url: string }>(['status']);
    // What the page itself asks for.
    const shown = await fetch(`${ui}/api/v1/namespaces/default/workflows/${latest!.workflow_id}?execution.runId=${latest!.run_id}`);
    expect([shown.status, await shown.json()]).toEqual([200, expect.objectContaining({ workflowExecutionInfo: expect.objectContaining({ status: 'WORKFLOW_EXECUTION_STATUS_COMPLETED', type: { name: 'review' } }) as object })]);
    expect((await fetch(ui)).status).toBe(200);
  });
});

describe('the plugin of Claude Code', () => {
  test.skipIf(claude.command.length === 0)('brings the server and a command that may call it', async () => {
    const home = join(koubou.home, 'plugin');
    mkdirSync(join(home, 'bin'), { recursive: true });
    symlinkSync(fileURLToPath(new URL('../../bin/koubou.js', import.meta.url)), join(home, 'bin', 'koubou'));
    const env = { HOME: home, PATH: `${join(home, 'bin')}:${dirname(process.execPath)}:/usr/bin:/bin`, KOUBOU_HOME: join(koubou.home, 'koubou'), KOUBOU_TEMPORAL: inject('temporalPath') };
    const args = ['-p', '--output-format', 'json', '--model', 'claude-sonnet-4-5', '--plugin-dir', fileURLToPath(new URL('../../integrations/claude-plugin', import.meta.url)), '/koubou:review spec.md'];
    const { code, output } = await start(claude, { steps: loop, args, env });
    expect([code, JSON.parse(output)], output.slice(-3000)).toEqual([0, expect.objectContaining({ result: 'done', num_turns: 4, permission_denials: [] })]);
    expect(model.requests[0]!.body).toContain('Review with Koubou: spec.md');
    expect(heard()).toContain('# Review of `spec.md`');
  });
});
