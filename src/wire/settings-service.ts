import { createHash } from 'node:crypto';
import type { Environment } from './settings-environment.ts';
import { settingKeys, type FlatSettings } from './settings-keys.ts';
import type { Layer, Origin } from './settings-layers.ts';

// What a request carries itself, or only the client looks at: resident workers need not know it.
const ofRequests: readonly string[] = ['review', 'reviewers', 'improver', 'save.mode', 'mcp', 'reports', 'evaluation.target_score'];

const providerVariables = /_API_KEY$|_AUTH_TOKEN$|^(?:HTTPS?|NO|ALL)_PROXY$|^(?:ANTHROPIC|AWS|AZURE|CLAUDE|CODEX|GEMINI|GOOGLE|MISTRAL|OLLAMA|OPENAI|OPENROUTER|XAI)_/i;

/** The variables that workers hand on to providers, as hashes by name; `api_key_env` of the settings names more. */
export function hashProviders(environment: Environment, values: FlatSettings): Record<string, string> {
  const providers = Object.values((values.get('llm.providers') ?? {}) as Record<string, { readonly api_key_env?: string }>);
  const named = new Set(providers.map(({ api_key_env }) => api_key_env));
  const names = Object.keys(environment).filter((name) => !name.startsWith('TEMPORAL_') && (providerVariables.test(name) || named.has(name)));
  return Object.fromEntries(names.toSorted().map((name) => [name, hash(environment[name] ?? '')]));
}

/** One hash over all that resident workers were started with: where it differs, they are restarted. 64 hex digits. */
export function fingerprint(layer: Layer, providerHashes: Readonly<Record<string, string>>): string {
  const values = [...layer].filter(([key]) => concernsService(key)).map(([key, { value }]) => [key, value] as const);
  return hash(JSON.stringify([values.toSorted(([a], [b]) => (a < b ? -1 : 1)), providerHashes]));
}

const fromThisCommand: readonly Origin[] = ['project file', 'file of --config', 'flag'];

/** The environment for a service that this command starts: what only this command knows becomes KOUBOU_… variables. */
export function serviceEnvironment(environment: Environment, layer: Layer): Record<string, string> {
  const own = settingKeys.flatMap(({ key, variable }) => {
    const setting = layer.get(key);
    return setting !== undefined && concernsService(key) && fromThisCommand.includes(setting.origin) ? [[variable, toText(setting.value)] as const] : [];
  });
  const inherited = Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...Object.fromEntries(inherited), ...Object.fromEntries(own) };
}

function concernsService(key: string): boolean {
  return !ofRequests.some((group) => key === group || key.startsWith(`${group}.`));
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
