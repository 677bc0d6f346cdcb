import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { markedProcesses } from '#io/jail-marker.ts';
import { jailKinds } from '#io/jail.ts';
import { createModelReviewer } from '#reviewers/judging/model-reviewer.ts';
import { loadReviewPrompts } from '#reviewers/judging/review-prompts.ts';
import { createAgentProvider } from '#reviewers/providers/agents/agent-provider.ts';
import { createValueRedactor } from '#reviewers/providers/redact-values.ts';
import { withoutSecrets } from '#reviewers/providers/without-secrets.ts';
import { installedAgent } from '#test/support/agents.ts';
import { tracesOf } from '#test/support/canary.ts';
import { startFakeModel, type FakeModel } from '#test/support/fake-model/fake-model.ts';
import type { Reply } from '#test/support/fake-model/script.ts';
import { makeScratch } from '#test/support/scratch.ts';
import { key, realAgent } from './real-agents.ts';

/** The tool that each agent would run a shell with, were it not told to have none. */
const shells = { codex: 'shell', claude: 'Bash', gemini: 'run_shell_command', opencode: 'bash', copilot: 'bash' } as const;
const isSlow = (id: string): boolean => ['opencode', 'copilot'].includes(id);
const ids = Object.keys(shells) as (keyof typeof shells)[];

describe.each(ids)('the real %s', (id) => {
  const it = test.skipIf(installedAgent(id) === null);
  const scratch = makeScratch(`attacks-${id}`);
  let model: FakeModel;
  beforeAll(async () => { model = await startFakeModel(); });
  afterAll(async () => {
    await model.close();
    scratch.remove();
  });

  it('secret-09, proc-01: whose model wants a shell runs nothing, and its answer is not taken', async () => {
    const pwn = path.join(scratch.outside, 'pwn');
    const call = { name: shells[id], args: { command: id === 'codex' ? ['sh', '-c', `env; touch ${pwn}`] : `env; touch ${pwn}`, description: 'look' } };
    model.follow([{ calls: [call] }, { text: '{"score": 9}' }]);
    const outcome = await realAgent(id, model, scratch).outcome();
    const asked = model.requests.map(({ body }) => body).join('\n');
    expect([outcome.code, Object.entries(tracesOf(key)).filter(([, trace]) => asked.includes(trace)), readdirSync(scratch.outside)]).toEqual([expect.stringMatching(/^UnreadableOutput PROVIDER_ANSWER_(?:USED_TOOLS|INVALID|MISSING)$/), [], []]);
  });

  it('secret-01, secret-07: whose model or server tells the key hands none on, in an answer or an error', async () => {
    const agent = realAgent(id, model, scratch);
    const guarded = withoutSecrets(agent.provider, createValueRedactor([key]));
    const everything = Object.values(tracesOf(key)).join(' ');
    const replies: readonly Reply[] = [{ text: everything, unitsPerEvent: 3 }, { json: { score: 9, said: everything } }, { status: 500, message: everything }, { status: 401, message: `authorization: Bearer ${key}` }];
    for (const reply of isSlow(id) ? replies.slice(1, 3) : replies) {
      model.follow(reply);
      const told: unknown = await guarded.ask({ instructions: 'i', prompt: 'p' }, { signal: new AbortController().signal, timeoutMs: 60_000 }).catch((error: unknown) => error);
      const shown = told instanceof Error ? `${told.message} ${told.stack} ${String(told.cause)}` : JSON.stringify(told);
      const { 'the first half': _, 'the second half': __, 'a part of base64': ___, ...whole } = tracesOf(key);
      expect(Object.entries(whole).filter(([, trace]) => shown.includes(trace)).map(([name]) => name)).toEqual([]);
    }
  });

  // The slower ones try two.
  it.each(['review', '@/etc/passwd', ...(isSlow(id) ? [] : ['-h', '--version', '/help', 'exec; touch pwn', '$(touch pwn) `touch pwn`'])])('proc-03: takes the prompt %j for a prompt', async (prompt) => {
    model.follow({ json: { score: 9 } });
    const before = model.requests.length;
    expect(JSON.parse((await realAgent(id, model, scratch).ask({ prompt })).text)).toEqual({ score: 9 });
    const asked = model.requests.slice(before).map(({ body }) => body).join('\n');
    expect([asked.includes(JSON.stringify(prompt).slice(1, -1)), asked.includes('root:x:0')]).toEqual([true, false]);
  });

  it('proc-04: takes a prompt of 3 MiB whole', async () => {
    model.follow({ json: { score: 9 } });
    const prompt = `${'0123456789abcde\n'.repeat(196_608)}the very end`;
    const { code } = await realAgent(id, model, scratch).outcome({ prompt });
    const arrived = model.requests.some(({ body }) => body.length > prompt.length && body.includes('the very end'));
    // What is too long for the model is told as such, by some before it is asked.
    expect([code === 'ANSWER' && arrived, code]).toEqual(code === 'ANSWER' ? [true, code] : [false, 'InvalidInput PROVIDER_PROMPT_TOO_LONG']);
  });
});

describe('a program in the place of an agent', () => {
  const scratch = makeScratch('attacks-stub');
  afterAll(() => scratch.remove());
  const stub = (name: string, script: string): string => {
    const file = scratch.put(name, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    return file;
  };
  const of = (executable: string, more: object = {}) => createAgentProvider({ id: 'claude', executable, environment: { HOME: scratch.outside, ANTHROPIC_API_KEY: key }, scratchRoot: scratch.root, ...more });
  const ours = (marker: string): boolean => marker.startsWith(`${process.pid}.`);

  test.skipIf(process.platform !== 'linux').each(jailKinds)('proc-05: is gone with all that it started in sessions of their own, and that ignores SIGTERM, in a jail of at best the kind %s', async (kind) => {
    const provider = of(stub('forks.sh', "trap '' TERM INT HUP\nsetsid sleep 999 &\nsetsid sh -c \"trap '' TERM; sleep 999\" &\n(sleep 999 &)\nsleep 999"), { jails: [kind] });
    const controller = new AbortController();
    const asking = provider.ask({ instructions: 'i', prompt: 'p' }, { signal: controller.signal, timeoutMs: 60_000 });
    await expect.poll(() => markedProcesses(ours).length, { timeout: 10_000 }).toBeGreaterThan(3);
    const started = performance.now();
    controller.abort(new Error('cancelled'));
    await expect(asking).rejects.toThrow('cancelled');
    expect([markedProcesses(ours), performance.now() - started < 5_000]).toEqual([[], true]);
  });

  test('proc-10: has an environment of a few known names', async () => {
    const file = path.join(scratch.root, 'seen');
    const hostile = Object.fromEntries(['LD_PRELOAD', 'NODE_OPTIONS', 'GIT_CONFIG_COUNT', 'GIT_DIR', 'BASH_ENV', 'PYTHONSTARTUP', 'ENV', 'AWS_SECRET_ACCESS_KEY', 'OPENAI_ORG'].map((name) => [name, '/none']));
    const provider = of(stub('env.sh', `env > "$HOME/../seen"; cp "$HOME/../seen" ${file} 2>/dev/null; env`), { environment: { ...hostile, HOME: scratch.outside, ANTHROPIC_API_KEY: key, LANG: 'C.UTF-8' }, jails: ['process group'] });
    await provider.ask({ instructions: 'i', prompt: 'p' }, { signal: new AbortController().signal, timeoutMs: 10_000 }).catch(() => undefined);
    const names = readFileSync(file, 'utf8').split('\n').map((line) => line.split('=')[0]!).filter(Boolean);
    expect(names.filter((name) => name in hostile)).toEqual([]);
    expect(names.filter((name) => !/^CLAUDE_|^DISABLE_|^ENABLE_|^MAX_/.test(name)).toSorted()).toEqual(['ANTHROPIC_API_KEY', 'HOME', 'KOUBOU_AGENT_RUN', 'LANG', 'NO_COLOR', 'PATH', 'PWD', 'TERM', 'TMPDIR', 'XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME']);
  });

  test('proc-09: is never taken from a folder that is reviewed, whatever PATH says', async () => {
    stub('project/bin/claude', `touch ${scratch.outside}/pwn`);
    const provider = of('claude', { environment: { HOME: scratch.outside, PATH: `${scratch.root}/project/bin:.:relative`, ANTHROPIC_API_KEY: key }, untrustedFolders: [`${scratch.root}/project`] });
    await expect(provider.ask({ instructions: 'i', prompt: 'p' }, { signal: new AbortController().signal, timeoutMs: 10_000 })).rejects.toMatchObject({ code: 'PROVIDER_NOT_FOUND' });
    await sleep(100);
    expect(readdirSync(scratch.outside)).toEqual([]);
  });
});

test('proc-01: a name that a shell would obey is a line of the prompt', async () => {
  const scratch = makeScratch('attacks-name');
  const asked: string[] = [];
  const provider = { id: 'codex', kind: 'agent' as const, ask: async ({ prompt }: { prompt: string }) => { asked.push(prompt); throw new Error('enough'); }, facts: () => Promise.reject(new Error('none')) };
  const reviewer = createModelReviewer({ provider, version: '1', queue: 'llm', mode: 'flexible', prompts: loadReviewPrompts({}).prompts });
  const name = `a; touch ${scratch.outside}/pwn #.md`;
  await expect(reviewer.review({ name, language: 'markdown', kind: 'document', text: '# A\n', requested: ['logic'] }, { signal: new AbortController().signal, timeoutMs: 1_000 })).rejects.toThrow('enough');
  expect([asked[0]!.includes(name), readdirSync(scratch.outside)]).toEqual([true, []]);
  scratch.remove();
});

test('proc-01: no shell is asked for anywhere in the sources', () => {
  const source = fileURLToPath(new URL('../../../../src', import.meta.url));
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const shelled = files.filter((file) => /shell:\s*true\b|import \{[^}]*\bexec(?:Sync)?\b[^}]*\} from 'node:child_process'/.test(readFileSync(path.join(source, file), 'utf8')));
  expect([files.length > 100, shelled]).toEqual([true, []]);
});

test('Every row of the attacks on agents is the title of a test', () => {
  const test = fileURLToPath(new URL('../../../', import.meta.url));
  const rows = readFileSync(path.join(test, 'fixtures/attacks/agents.jsonl'), 'utf8').trim().split('\n').map((line) => (JSON.parse(line) as { id: string }).id);
  const proofs = ['reviewers/providers/agents/attacks.it.test.ts', 'reviewers/providers/agents/hostile.it.test.ts', 'client/cli/secrets.it.test.ts', 'reviewers/providers/http/answers.test.ts'].map((file) => readFileSync(path.join(test, file), 'utf8')).join('\n');
  expect(rows.filter((id) => !new RegExp(`['\`][^'\`]*${id}[,: ]`).test(proofs))).toEqual([]);
});
