import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { createHttpProvider } from '#reviewers/providers/http/http-provider.ts';
import type { HttpProviderOptions } from '#reviewers/providers/http/endpoint.ts';

async function factsOf(options: Omit<HttpProviderOptions, 'model'>): Promise<object> {
  return createHttpProvider({ model: 'm', ...options }).facts();
}

const known = { kind: 'http', model: 'm', jail: null, problem: null };

test('Facts name the address that is asked and where the key comes from, never the key', async () => {
  expect([
    await factsOf({ id: 'openai', api: 'openai', apiKey: 'sk-0123456789', apiKeyName: 'OPENAI_API_KEY' }),
    await factsOf({ id: 'claude-api', api: 'anthropic', apiKey: ' sk-ant\n', apiKeyName: 'ANTHROPIC_API_KEY' }),
    await factsOf({ id: 'google', api: 'google', apiKey: 'AIza' }),
    await factsOf({ id: 'local', api: 'openai-compatible', baseUrl: 'http://127.0.0.1:1234/v1/' }),
    await factsOf({ id: 'router', api: 'openai-compatible', baseUrl: 'https://openrouter.ai/api/v1', apiKey: 'sk-or', apiKeyName: 'OPENROUTER_API_KEY' }),
  ]).toEqual([
    { ...known, id: 'openai', version: 'https://api.openai.com/v1', login: 'key in OPENAI_API_KEY' },
    { ...known, id: 'claude-api', version: 'https://api.anthropic.com/v1', login: 'key in ANTHROPIC_API_KEY' },
    { ...known, id: 'google', version: 'https://generativelanguage.googleapis.com/v1beta', login: 'key' },
    { ...known, id: 'local', version: 'http://127.0.0.1:1234/v1', login: 'no key needed' },
    { ...known, id: 'router', version: 'https://openrouter.ai/api/v1', login: 'key in OPENROUTER_API_KEY' },
  ]);
});

test('Facts say what is missing and what to do', async () => {
  expect([
    await factsOf({ id: 'openai', api: 'openai', apiKeyName: 'OPENAI_API_KEY' }),
    await factsOf({ id: 'openai', api: 'openai', apiKey: 'a b', apiKeyName: 'OPENAI_API_KEY' }),
    await factsOf({ id: 'local', api: 'openai-compatible' }),
  ]).toEqual([
    { ...known, id: 'openai', version: 'https://api.openai.com/v1', login: null, problem: 'openai cannot be asked without a key: set OPENAI_API_KEY in the environment.' },
    { ...known, id: 'openai', version: 'https://api.openai.com/v1', login: 'key in OPENAI_API_KEY', problem: 'openai cannot be asked: the key in OPENAI_API_KEY holds spaces or characters that no key has. Set it anew.' },
    { ...known, id: 'local', version: null, login: null, problem: 'The address of local is missing or unusable: set its base_url to http(s)://host/path without user name, query and fragment.' },
  ]);
});

test('No library is loaded before the first ask', () => {
  const script = `
    import { registerHooks } from 'node:module';
    const seen = [];
    registerHooks({ resolve: (name, context, next) => { seen.push(name); return next(name, context); } });
    const { createHttpProvider } = await import('#reviewers/providers/http/http-provider.ts');
    const provider = createHttpProvider({ id: 'x', api: 'openai-compatible', model: 'm', baseUrl: 'http://127.0.0.1:9/v1' });
    await provider.facts();
    const loaded = () => seen.filter((name) => name === 'ai' || name.startsWith('@ai-sdk/')).length;
    const before = loaded();
    await provider.ask({ instructions: 'i', prompt: 'p' }, { signal: AbortSignal.timeout(5000), timeoutMs: 5000 }).catch(() => undefined);
    console.log(before, loaded() > 0);
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect([stdout, stderr]).toEqual(['0 true\n', '']);
});
