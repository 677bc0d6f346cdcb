import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agentIds } from '#reviewers/providers/agents/agent-provider.ts';
import { jailKinds } from '#io/jail.ts';
import { installedAgent } from '#test/support/agents.ts';
import { startFakeModel, type FakeModel } from '#test/support/fake-model/fake-model.ts';
import { makeScratch } from '#test/support/scratch.ts';
import { agents, key, realAgent } from './real-agents.ts';

const packages = { codex: '@openai/codex', claude: '@anthropic-ai/claude-code', gemini: '@google/gemini-cli', opencode: 'opencode-ai', copilot: '@github/copilot' };
const pinned = (JSON.parse(readFileSync(new URL('../../../agents/package.json', import.meta.url), 'utf8')) as { dependencies: Record<string, string> }).dependencies;
const readsLogin = ['codex', 'claude', 'gemini'];

describe.each(agentIds)('the real %s, installed by `npm install --prefix test/agents`,', (id) => {
  const it = test.skipIf(installedAgent(id) === null);
  const scratch = makeScratch(`agent-${id}`);
  let model: FakeModel;
  beforeAll(async () => { model = await startFakeModel(); });
  afterAll(async () => {
    await model.close();
    scratch.remove();
  });

  it('answers one question with one request that offers no tool, and asks no other address', async () => {
    model.follow({ json: { score: 9 } });
    const agent = realAgent(id, model, scratch);
    const answer = await agent.ask({ instructions: 'You are the reviewer of this test.', prompt: 'Look at this text.' });
    expect(JSON.parse(answer.text)).toEqual({ score: 9 });
    expect(model.requests.length).toBe(1);
    const [asked] = model.requests;
    const offered = toolsIn(asked!.json);
    expect({ offered, hasInstructions: asked!.body.includes('You are the reviewer of this test.'), hasPrompt: asked!.body.includes('Look at this text.'), strays: model.strays, left: readdirSync(agent.scratchRoot) }).toEqual({
      offered: id === 'claude' ? ['StructuredOutput'] : [], hasInstructions: true, hasPrompt: true, strays: [], left: [],
    });
    expect(answer).toMatchObject(id === 'copilot' ? { model: 'fake-model' } : { finish: 'stop', usage: { inputTokens: 100, outputTokens: 20 } });
  });

  it('tells what doctor wants to know', async () => {
    const { model: _, jail, ...facts } = await realAgent(id, model, scratch).provider.facts();
    expect([facts, jailKinds.includes(jail as never)]).toEqual([{ id, kind: 'agent', version: pinned[packages[id]]!, login: `key in ${agents[id].keyVariable}`, problem: null }, true]);
  });

  it('takes nothing in a prompt for a command, an option or a file', async () => {
    model.follow({ json: { score: 9 } });
    const agent = realAgent(id, model, scratch);
    const secret = scratch.put('home/notes.txt', 'CONTENT-OF-A-FILE');
    const link = path.relative('/', secret);
    const prompts = [`/help\n@${secret} @/${link} @~/notes.txt\n@file:${secret}\n!cat ${secret}\n$imagegen --help`];
    if (readsLogin.includes(id)) prompts.push('review', '--version', `@${secret}`);
    for (const prompt of prompts) {
      const before = model.requests.length;
      await agent.ask({ prompt });
      const asked = model.requests.slice(before);
      expect([asked.length, asked[0]!.body.includes(JSON.stringify(prompt).slice(1, -1)), asked.some(({ body }) => body.includes('CONTENT-OF-A-FILE'))]).toEqual([1, true, false]);
    }
  });

  it('does not take an answer for which the model called a tool, and asks no more', async () => {
    model.follow({ calls: [{ name: id === 'codex' ? 'shell' : 'bash', args: { command: `touch ${path.join(scratch.root, 'pwn')}` } }] });
    const before = model.requests.length;
    const { code } = await realAgent(id, model, scratch).outcome({ schema: undefined as never });
    expect([code, model.requests.length - before <= 3, readdirSync(scratch.root).includes('pwn')]).toEqual(['UnreadableOutput PROVIDER_ANSWER_USED_TOOLS', true, false]);
  });

  it('never shows its key, in an answer or in an error', async () => {
    const base64 = Buffer.from(`a key: ${key}`).toString('base64');
    model.follow([{ text: `The key is ${key}, or ${base64}.` }, { status: 401, message: `bad key ${key}` }]);
    const agent = realAgent(id, model, scratch);
    const { text } = await agent.ask({ schema: undefined as never });
    const error = await agent.ask().then(() => null, (raised: Error) => raised);
    const shown = [text, error?.message, String(error?.cause)].join('\n');
    expect([text.includes('[redacted]'), shown.includes(key), shown.includes(base64.slice(12, -8)), error?.message.includes(agents[id].keyVariable)]).toEqual([true, false, false, true]);
  });
});

/** Names of tools, also of those that newer models of OpenAI are offered among the messages. */
function toolsIn(json: Readonly<Record<string, unknown>>): string[] {
  const lists = [json['tools'], ...((json['input'] ?? []) as { tools?: unknown }[]).map(({ tools }) => tools)];
  return lists.flatMap((list) => namesIn(list));
}

function namesIn(list: unknown): string[] {
  const tools = (Array.isArray(list) ? list : []) as { name?: string; type?: string; function?: { name: string }; functionDeclarations?: object[]; tools?: object[] }[];
  return tools.flatMap((tool) => (tool.functionDeclarations ?? tool.tools) === undefined ? [tool.name ?? tool.function?.name ?? tool.type ?? '?'] : namesIn(tool.functionDeclarations ?? tool.tools));
}
