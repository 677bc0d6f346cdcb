import { createHash } from 'node:crypto';

export interface RequestPlace {
  readonly tenant: string;
  /** The machine whose files are meant. */
  readonly host: string;
  /** Absolute; '' for an artifact without a file. */
  readonly root: string;
  /** What the artifact holds at this moment (a SHA-256, or for folders a digest of all); absent where it cannot be read. */
  readonly content?: string | undefined;
}

export interface Identity {
  /** '<kind>-' and the first 20 hex digits of `hash`. */
  readonly workflowId: string;
  /** Hex SHA-256; kept in the memo, so that two requests with the same 20 digits are told apart. */
  readonly hash: string;
}

/** They say how a result is shown or when it is worked on, not what it is: requests that differ in them alone join. */
const fieldsThatDoNotCount: readonly string[] = ['formats', 'priority', 'tenant', 'root'];

/** What makes two requests the same: the same words about the same content in the same place. */
export function identify(kind: 'review' | 'batch', request: Readonly<Record<string, unknown>>, place: RequestPlace): Identity {
  const counted = Object.fromEntries(Object.entries(request).filter(([field]) => !fieldsThatDoNotCount.includes(field)));
  const { tenant, host, root, content = null } = place;
  const hash = createHash('sha256').update(canonicalJson({ kind, tenant, host, root, content, request: counted })).digest('hex');
  return { workflowId: `${kind}-${hash.slice(0, 20)}`, hash };
}

/** JSON with sorted keys and no spaces; fields that are undefined are left out. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  const sorted = fields.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`).join(',')}}`;
}
