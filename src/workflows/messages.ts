/** Names that live in workflow histories and scripts: renaming one is a migration. */
export const workflowTypes = { review: 'review', reviewBatch: 'reviewBatch', apply: 'apply' } as const;
export const progressQuery = 'progress';
export const decideUpdate = 'decide';
/** A review that waits for a person tells its batch, which then goes on without it. */
export const childWaitsSignal = 'childWaits';

/** Task queues are named by a prefix, which is the workflows' own queue ('koubou'). */
export const queueSuffixes = ['analysis', 'llm', 'workspace', 'report'] as const;

/** The queue of a kind of step: 'koubou' + 'workspace' → 'koubou-workspace'. */
export function stepQueue(prefix: string, suffix: string): string {
  return `${prefix}-${suffix}`;
}

/** Suffixes of the queues that providers with a limit of questions a minute have for themselves. */
export function limitedQueues(providers: Readonly<Record<string, { readonly perMinute?: number }>>): string[] {
  return Object.entries(providers).flatMap(([name, { perMinute }]) => (perMinute === undefined ? [] : [`llm-${name}`]));
}

/** Every task queue of one installation, the workflows' own first; `more` are the suffixes of providers that have their own. */
export function allQueues(prefix: string, more: readonly string[] = []): string[] {
  return [prefix, ...[...queueSuffixes, ...more].map((suffix) => stepQueue(prefix, suffix))];
}
