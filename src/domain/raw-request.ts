interface RawRequest {
  readonly artifact?: { readonly path?: unknown; readonly name?: unknown; readonly task?: unknown; readonly task_sha256?: unknown } | null;
  readonly file_path?: unknown;
  readonly tenant?: unknown;
}

/** What a list of runs tells of a request that was never read: a name of at most 255 characters, and whose it is. Total. */
export function describeRaw(raw: unknown): { readonly artifactName: string; readonly tenant?: string } {
  const request = typeof raw === 'object' && raw !== null ? (raw as RawRequest) : {};
  return { artifactName: nameOf(request), ...tenantOf(request) };
}

function nameOf({ artifact, file_path: filePath }: RawRequest): string {
  const name = artifact?.path ?? artifact?.name ?? filePath;
  if (typeof name === 'string') return name.slice(0, 255);
  return artifact?.task === undefined && artifact?.task_sha256 === undefined ? 'unknown' : 'a task';
}

// Whoever started it has to find it, though nothing else of the request was understood.
function tenantOf({ tenant }: RawRequest): { tenant?: string } {
  return typeof tenant === 'string' && /^[A-Za-z0-9._-]{1,64}$/.test(tenant) ? { tenant } : {};
}
