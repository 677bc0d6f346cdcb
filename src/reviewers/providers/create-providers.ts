import { AppError } from '#domain/errors.ts';
import { agentIds, createAgentProvider, type AgentId } from './agents/agent-provider.ts';
import type { HttpApi } from './http/endpoint.ts';
import { createHttpProvider } from './http/http-provider.ts';
import { createMockProvider } from './mock.ts';
import type { ModelProvider } from './provider.ts';

/** What the settings say of models. */
export interface ModelSettings {
  readonly providers: Readonly<Record<string, { readonly api?: HttpApi; readonly baseUrl?: string; readonly apiKeyEnv?: string; readonly executable?: string; readonly perMinute?: number }>>;
  /** Reviewer id to the model that answers for it. */
  readonly models: Readonly<Record<string, { readonly provider: string; readonly model: string }>>;
}

export interface ProviderSources {
  readonly settings: ModelSettings;
  /** The worker's own. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A folder of the worker's for the agents' private folders. */
  readonly scratchRoot: string;
  /** Folders whose programs are never run. */
  readonly untrustedFolders?: readonly string[];
  /** USE_MOCK_EVALUATOR: every model is the mock. */
  readonly useMock: boolean;
}

/** A model under the id that requests name. */
export interface ProviderEntry {
  readonly provider: ModelProvider;
  /** The model that is asked for; null leaves the choice to the agent. */
  readonly model: string | null;
  /** What decides an answer beside the question: where it is asked, and for which model. */
  readonly asked: string;
  /** Whether the provider itself says what an answer cost, or asks for nothing. */
  readonly pricesItself: boolean;
  /** 'llm', or 'llm-' and the provider's name where it is asked only so often. */
  readonly queue: 'llm' | `llm-${string}`;
}

/** How often the providers of the settings may be asked, by queue suffix. */
export function queueLimits({ providers }: ModelSettings): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(providers).flatMap(([name, { perMinute }]) => (perMinute === undefined ? [] : [[queueOf(name, perMinute), perMinute] as const])));
}

function queueOf(name: string, perMinute: number | undefined): ProviderEntry['queue'] {
  return perMinute === undefined ? 'llm' : `llm-${name}`;
}

const vendors: Readonly<Record<string, { readonly api: HttpApi; readonly keys: readonly string[] }>> = {
  openai: { api: 'openai', keys: ['OPENAI_API_KEY'] },
  anthropic: { api: 'anthropic', keys: ['ANTHROPIC_API_KEY'] },
  google: { api: 'google', keys: ['GEMINI_API_KEY', 'GOOGLE_GENERATIVE_AI_API_KEY'] },
};

/** Every model that a request may name: the agents, the vendors, and what the settings name beside them. */
export function createProviders(sources: ProviderSources): ProviderEntry[] {
  const { settings, useMock } = sources;
  const ids = [...new Set([...agentIds, ...Object.keys(vendors), ...Object.keys(settings.models)])];
  const mock: ProviderEntry = { provider: createMockProvider(), model: 'mock', asked: 'mock', queue: 'llm', pricesItself: true };
  if (useMock) return [mock, ...ids.map((id) => ({ ...mock, provider: named(mock.provider, id) }))];
  return ids.map((id) => entryOf(id, sources));
}

function entryOf(id: string, sources: ProviderSources): ProviderEntry {
  const { provider: name = id, model = null } = sources.settings.models[id] ?? {};
  const agent = agentIds.find((known) => known === name);
  return agent === undefined ? httpEntry({ id, name, model }, sources) : agentEntry({ id, agent, model }, sources);
}

function agentEntry({ id, agent, model }: { readonly id: string; readonly agent: AgentId; readonly model: string | null }, { settings, environment, scratchRoot, untrustedFolders }: ProviderSources): ProviderEntry {
  const { baseUrl, executable, perMinute } = settings.providers[agent] ?? {};
  const provider = createAgentProvider({
    id: agent,
    environment,
    scratchRoot,
    ...(untrustedFolders === undefined ? {} : { untrustedFolders }),
    ...(model === null ? {} : { model }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(executable === undefined ? {} : { executable }),
  });
  return { provider: named(provider, id), model, asked: JSON.stringify([agent, baseUrl ?? null, model]), queue: queueOf(agent, perMinute), pricesItself: agent === 'claude' };
}

function httpEntry({ id, name, model }: { readonly id: string; readonly name: string; readonly model: string | null }, sources: ProviderSources): ProviderEntry {
  const known = sources.settings.providers[name] ?? {};
  const api = known.api ?? vendors[name]?.api ?? 'openai-compatible';
  const place = { asked: JSON.stringify([api, known.baseUrl ?? null, model]), queue: queueOf(name, known.perMinute), pricesItself: false };
  if (model === null) return { provider: withoutModel(id), model, ...place };
  const { baseUrl } = known;
  const provider = createHttpProvider({ id, api, model, ...(baseUrl === undefined ? {} : { baseUrl }), ...keyOf(name, sources) });
  return { provider, model, ...place };
}

function keyOf(name: string, { settings, environment }: ProviderSources): { readonly apiKeyName?: string; readonly apiKey?: string } {
  const usual = vendors[name]?.keys ?? [];
  const apiKeyName = settings.providers[name]?.apiKeyEnv ?? usual.find((key) => environment[key]) ?? usual[0];
  if (apiKeyName === undefined) return {};
  const apiKey = environment[apiKeyName];
  return { apiKeyName, ...(apiKey === undefined ? {} : { apiKey }) };
}

// Under the id that requests name; the agent's own is only one of them.
function named(provider: ModelProvider, id: string): ModelProvider {
  return { ...provider, id, facts: async () => ({ ...(await provider.facts()), id }) };
}

// No model is ours to choose: it is the user's money.
function withoutModel(id: string): ModelProvider {
  const problem = `No model is named for ${id}. Set llm.models.${id} to { provider: ${id}, model: NAME } in your settings.`;
  return {
    id,
    kind: 'http',
    ask: () => Promise.reject(new AppError('Misconfigured', 'PROVIDER_NO_MODEL', problem)),
    facts: () => Promise.resolve({ id, kind: 'http', version: null, model: '', login: null, jail: null, problem }),
  };
}
