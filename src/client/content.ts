import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { bounds } from '#domain/limits.ts';
import { hashOfFile, stampOfFolder } from '#io/named-files.ts';
import type { WireBatchRequest, WireRequest } from '#wire/request.ts';

/** What the artifact of a request holds at this moment; undefined where it cannot be read from here. */
export function contentOfReview({ artifact, root }: Pick<WireRequest, 'artifact' | 'root'>): string | undefined {
  if ('sha256' in artifact) return artifact.sha256;
  if ('task_sha256' in artifact) return artifact.task_sha256;
  if ('task' in artifact) return createHash('sha256').update(artifact.task).digest('hex');
  if ('text' in artifact) return createHash('sha256').update(artifact.text).digest('hex');
  if (root === undefined) return undefined;
  return hashOfFile(join(root, artifact.path), bounds.maxArtifactBytes) ?? undefined;
}

/** The same for a batch: what its files hold, and of folders when something below them last changed; a huge one is new each time. */
export function contentOfBatch(request: WireBatchRequest): string | undefined {
  if ('requests' in request) return digest(request.requests.map(contentOfReview));
  const { root } = request;
  if (root === undefined) return undefined;
  const paths = 'paths' in request ? request.paths : ['.'];
  return digest(paths.map((path) => hashOfFile(join(root, path), bounds.maxArtifactBytes) ?? stampOfFolder(join(root, path)) ?? randomUUID()));
}

function digest(parts: readonly (string | undefined)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
