import type { Language } from '#domain/artifact.ts';
import { engines } from './engines/list.ts';
import { createProviders, type ProviderSources } from './providers/create-providers.ts';
import { createDefaultRegistry } from './registry.ts';

/** One reviewer or improver, for people. */
export interface ReviewerFact {
  readonly id: string;
  readonly role: 'reviewer' | 'improver';
  readonly version: string;
  readonly languages: readonly string[];
  readonly asksModel: boolean;
  readonly model?: string;
  readonly login?: string | null;
  /** What is missing and what to do; null where it can be asked. */
  readonly problem?: string | null;
}

/** All reviewers and improvers: the static ones, then every model with what stands in its way. */
export async function listReviewers(sources: ProviderSources): Promise<ReviewerFact[]> {
  const registry = createDefaultRegistry();
  const { reviewers, improvers } = registry.ids();
  const facts = [...reviewers.map((id) => ({ role: 'reviewer' as const, ...registry.reviewer(id) })), ...improvers.map((id) => ({ role: 'improver' as const, ...registry.improver(id) }))];
  await registry.close();
  const languages = judgedLanguages();
  const models = await Promise.all(createProviders(sources).map(({ provider }) => provider.facts()));
  return [
    ...facts.map(({ id, role, version, asksModel }) => ({ id, role, version, languages, asksModel })),
    ...models.flatMap(({ id, version, model, login, problem }) => (['reviewer', 'improver'] as const).map((role) => ({ id, role, version: version ?? '', languages: ['any'], asksModel: true, model, login, problem }))),
  ];
}

/** Ids of the models that can be asked: those of `preferred` first. */
export async function usableModels(sources: ProviderSources, preferred: readonly string[]): Promise<string[]> {
  const facts = await Promise.all(createProviders(sources).map(({ provider }) => provider.facts()));
  const usable = facts.filter(({ problem }) => problem === null).map(({ id }) => id);
  return [...preferred.filter((id) => usable.includes(id)), ...usable.filter((id) => !preferred.includes(id))];
}

// An engine that looks at every text for secrets judges no language.
function judgedLanguages(): string[] {
  const named = new Set(engines.flatMap(({ judges }) => Object.keys(judges)));
  return [...named].filter((language) => engines.some(({ judges }) => judges[language as Language]?.some((category) => category !== 'security')));
}
