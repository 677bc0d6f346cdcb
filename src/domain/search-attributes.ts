/** The kinds of search attribute in use, by the names that `temporal operator search-attribute create --type` takes. */
export type SearchAttributeType = 'Keyword' | 'Double' | 'Int';

export interface SearchAttribute {
  readonly name: string;
  readonly type: SearchAttributeType;
}

/**
 * What lists, scripts and the Web UI may filter runs by. The names live in every run: renaming one is a migration.
 * A server that does not know one of them leaves runs hanging, so each start of a service or a worker looks first.
 */
export const searchAttributes = {
  status: { name: 'KoubouStatus', type: 'Keyword' },
  outcome: { name: 'KoubouOutcome', type: 'Keyword' },
  artifact: { name: 'KoubouArtifact', type: 'Keyword' },
  tenant: { name: 'KoubouTenant', type: 'Keyword' },
  score: { name: 'KoubouScore', type: 'Double' },
  target: { name: 'KoubouTarget', type: 'Double' },
  iteration: { name: 'KoubouIteration', type: 'Int' },
} as const satisfies Readonly<Record<string, SearchAttribute>>;

export const searchAttributeList: readonly SearchAttribute[] = Object.values(searchAttributes);
