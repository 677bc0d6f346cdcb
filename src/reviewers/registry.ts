import { AppError } from '#domain/errors.ts';
import { createEnginePool, type PoolOptions } from './engines/pool.ts';
import { rememberAnswers } from './engines/remembering-pool.ts';
import type { Drafter } from './improving/draft.ts';
import type { Improver, Reviewer } from './reviewer.ts';
import { createStaticImprover } from './static-improver.ts';
import { createStaticReviewer } from './static-reviewer.ts';

/** Every reviewer and improver that a request may name. */
export interface Registry {
  /** Fails with Misconfigured REVIEWER_UNKNOWN, naming those that exist. */
  reviewer(id: string): Reviewer;
  /** Fails like `reviewer`. */
  improver(id: string): Improver;
  /** Writes from a task, or null where the id asks no model. Every model can. */
  drafter(id: string): Drafter | null;
  ids(): { readonly reviewers: readonly string[]; readonly improvers: readonly string[] };
}

export interface RegistryParts {
  readonly reviewers: readonly Reviewer[];
  readonly improvers: readonly Improver[];
  readonly drafters?: readonly Drafter[];
}

export function createRegistry({ reviewers, improvers, drafters = [] }: RegistryParts): Registry {
  return {
    reviewer: (id) => find('reviewer', reviewers, id),
    improver: (id) => find('improver', improvers, id),
    drafter: (id) => drafters.find((drafter) => drafter.id === id) ?? null,
    ids: () => ({ reviewers: reviewers.map(({ id }) => id), improvers: improvers.map(({ id }) => id) }),
  };
}

/** The registry a worker runs with; its engines load when they are first needed. Close it to end their threads. */
export function createDefaultRegistry(options: PoolOptions = {}, models: RegistryParts = { reviewers: [], improvers: [] }): Registry & { close(): Promise<void> } {
  const pool = rememberAnswers(createEnginePool(options));
  const registry = createRegistry({ reviewers: [createStaticReviewer(pool), ...models.reviewers], improvers: [createStaticImprover(pool), ...models.improvers], ...(models.drafters === undefined ? {} : { drafters: models.drafters }) });
  return { ...registry, close: () => pool.close() };
}

function find<Part extends { readonly id: string }>(what: string, parts: readonly Part[], id: string): Part {
  const found = parts.find((part) => part.id === id);
  if (found !== undefined) return found;
  const known = parts.map((part) => part.id).join(', ');
  throw new AppError('Misconfigured', 'REVIEWER_UNKNOWN', `There is no ${what} '${id}'. There is: ${known === '' ? 'none' : known}.`);
}
