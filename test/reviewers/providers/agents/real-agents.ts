import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createAgentProvider, type AgentId, type AgentOptions } from '#reviewers/providers/agents/agent-provider.ts';
import type { AskContext, ModelAnswer, ModelProvider, ModelRequest } from '#reviewers/providers/provider.ts';
import { summarizeError } from '#domain/errors.ts';
import { installedAgent, jailTools } from '#test/support/agents.ts';
import type { FakeModel } from '#test/support/fake-model/fake-model.ts';
import type { Scratch } from '#test/support/scratch.ts';

export const schema = { type: 'object', properties: { score: { type: 'number' } }, required: ['score'], additionalProperties: false };
export const key = 'sk-test-0123456789-not-a-real-key';

/** How each agent is told its key and the address of the scripted model. */
export const agents: Readonly<Record<AgentId, { readonly keyVariable: string; environment(url: string): Record<string, string>; options?(url: string): Partial<AgentOptions> }>> = {
  codex: { keyVariable: 'CODEX_API_KEY', environment: (url) => ({ CODEX_API_KEY: key, OPENAI_BASE_URL: `${url}/v1` }) },
  claude: { keyVariable: 'ANTHROPIC_API_KEY', environment: (url) => ({ ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: url }) },
  gemini: { keyVariable: 'GEMINI_API_KEY', environment: (url) => ({ GEMINI_API_KEY: key, GOOGLE_GEMINI_BASE_URL: url }) },
  opencode: { keyVariable: 'OPENAI_API_KEY', environment: () => ({ OPENAI_API_KEY: key }), options: (url) => ({ model: 'openai/gpt-5.5', baseUrl: `${url}/v1` }) },
  copilot: { keyVariable: 'COPILOT_PROVIDER_API_KEY', environment: (url) => ({ COPILOT_PROVIDER_API_KEY: key, COPILOT_PROVIDER_BASE_URL: `${url}/v1`, COPILOT_MODEL: 'fake-model' }) },
};

export interface RealAgent {
  readonly provider: ModelProvider;
  /** The home of the user who runs the worker. */
  readonly home: string;
  readonly scratchRoot: string;
  ask(request?: Partial<ModelRequest>, context?: Partial<AskContext>): Promise<ModelAnswer>;
  /** The code of what was raised and its message, or the answer as JSON. */
  outcome(request?: Partial<ModelRequest>, context?: Partial<AskContext>): Promise<{ readonly code: string; readonly message: string; readonly retryAfterMs: number | undefined }>;
}

/** A real agent that knows no address but the scripted model's, which is its proxy too: whoever else it wants to reach shows among the strays. */
export function realAgent(id: AgentId, model: FakeModel, scratch: Scratch, options: Partial<AgentOptions> = {}): RealAgent {
  const [home, scratchRoot] = [path.join(scratch.root, 'home'), path.join(scratch.root, 'runs')];
  for (const folder of [home, scratchRoot]) mkdirSync(folder, { recursive: true });
  const proxy = { HTTPS_PROXY: model.url, HTTP_PROXY: model.url, NO_PROXY: '127.0.0.1' };
  const provider = createAgentProvider({
    id,
    executable: installedAgent(id)!,
    scratchRoot,
    jailTools: jailTools(),
    ...agents[id].options?.(model.url),
    ...options,
    environment: { PATH: '/usr/bin:/bin', HOME: home, ...proxy, ...agents[id].environment(model.url), ...options.environment },
  });
  const ask: RealAgent['ask'] = (request, context) =>
    provider.ask({ instructions: 'You are the reviewer.', prompt: 'Look at this.', schema, ...request }, { signal: new AbortController().signal, timeoutMs: 60_000, ...context });
  const outcome: RealAgent['outcome'] = async (request, context) => {
    try {
      return { code: 'ANSWER', message: JSON.stringify(await ask(request, context)), retryAfterMs: undefined };
    } catch (error) {
      const { kind, code, message } = summarizeError(error);
      return { code: `${kind} ${code}`, message, retryAfterMs: (error as { retryAfterMs?: number }).retryAfterMs };
    }
  };
  return { provider, home, scratchRoot, ask, outcome };
}
