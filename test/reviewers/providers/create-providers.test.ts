import { describe, expect, test } from 'vitest';
import { createProviders, queueLimits, type ProviderSources } from '#reviewers/providers/create-providers.ts';

const context = { signal: new AbortController().signal, timeoutMs: 1_000 };
const question = { instructions: 'Judge.', prompt: 'A text.' };

function entries(given: Partial<ProviderSources['settings']> = {}, rest: Partial<ProviderSources> = {}) {
  return createProviders({ settings: { providers: {}, models: {}, ...given }, environment: { PATH: '/nonexistent' }, scratchRoot: '/nonexistent', useMock: false, ...rest });
}

function entry(id: string, ...given: Parameters<typeof entries>) {
  return entries(...given).find(({ provider }) => provider.id === id)!;
}

describe('the models that a request may name', () => {
  test('are the agents, the vendors and those of the settings', () => {
    const named = entries({ models: { writer: { provider: 'local', model: 'm' }, codex: { provider: 'codex', model: 'gpt' } } });
    expect(named.map(({ provider }) => provider.id)).toEqual(['codex', 'claude', 'gemini', 'opencode', 'copilot', 'openai', 'anthropic', 'google', 'writer']);
  });

  test('are asked for by the name that the settings give', async () => {
    const models = { writer: { provider: 'claude', model: 'opus' }, openai: { provider: 'openai', model: 'gpt-5' }, mine: { provider: 'ollama', model: 'llama' } };
    const providers = { ollama: { baseUrl: 'http://127.0.0.1:11434/v1', perMinute: 6 } };
    const given = [{ models, providers }, { environment: { OPENAI_API_KEY: 'sk-test' } }] as const;
    expect(await entry('writer', ...given).provider.facts()).toMatchObject({ id: 'writer', kind: 'agent' });
    expect(await entry('openai', ...given).provider.facts()).toEqual({ id: 'openai', kind: 'http', version: 'https://api.openai.com/v1', model: 'gpt-5', login: 'key in OPENAI_API_KEY', jail: null, problem: null });
    expect(await entry('mine', ...given).provider.facts()).toMatchObject({ version: 'http://127.0.0.1:11434/v1', model: 'llama', problem: null });
    expect([entry('mine', ...given).queue, entry('openai', ...given).queue, queueLimits(given[0])]).toEqual(['llm-ollama', 'llm', { 'llm-ollama': 6 }]);
  });

  test('take their key from the variable that is named or set', async () => {
    const models = { google: { provider: 'google', model: 'gemini-pro' } };
    const loginOf = async (environment: Record<string, string>, apiKeyEnv?: string): Promise<string | null> =>
      (await entry('google', { models, providers: apiKeyEnv === undefined ? {} : { google: { apiKeyEnv } } }, { environment }).provider.facts()).login;
    expect([await loginOf({ GEMINI_API_KEY: 'a' }), await loginOf({ GOOGLE_GENERATIVE_AI_API_KEY: 'b' }), await loginOf({ OWN: 'c' }, 'OWN'), await loginOf({})]).toEqual([
      'key in GEMINI_API_KEY', 'key in GOOGLE_GENERATIVE_AI_API_KEY', 'key in OWN', null,
    ]);
  });

  test('without a name are not guessed', async () => {
    const { provider } = entry('anthropic', {}, { environment: { ANTHROPIC_API_KEY: 'x' } });
    await expect(provider.ask(question, context)).rejects.toMatchObject({ kind: 'Misconfigured', code: 'PROVIDER_NO_MODEL', message: 'No model is named for anthropic. Set llm.models.anthropic to { provider: anthropic, model: NAME } in your settings.' });
    expect((await provider.facts()).problem).toContain('No model is named');
  });

  test('are different questions wherever place or model differ', () => {
    const asked = (baseUrl: string, model: string): string => entry('w', { models: { w: { provider: 'p', model } }, providers: { p: { baseUrl } } }).asked;
    expect(new Set([asked('http://a/v1', 'm'), asked('http://b/v1', 'm'), asked('http://a/v1', 'n')]).size).toBe(3);
  });

  test('are all the mock, under their own names, where that is asked for', async () => {
    const mocked = entries({ models: { writer: { provider: 'p', model: 'm' } } }, { useMock: true });
    expect(mocked.map(({ provider }) => provider.id)).toEqual(['mock', 'codex', 'claude', 'gemini', 'opencode', 'copilot', 'openai', 'anthropic', 'google', 'writer']);
    expect(new Set(mocked.map(({ provider: { kind } }) => kind))).toEqual(new Set(['mock']));
    expect((await mocked[1]!.provider.ask(question, context)).model).toBe('mock');
  });
});
