import type { Artifact } from '#domain/artifact.ts';
import { checkAttemptMs, defaultCheckTimeoutMs } from '#domain/check.ts';
import { AppError } from '#domain/errors.ts';
import type { Dependencies } from './dependencies.ts';

/**
 * How long an attempt of each named check may take; undefined where none is named. Their commands stay here.
 *
 * Fails   InvalidInput CHECK_NEEDS_FILE · as `Checks.find`
 */
export async function placeChecks(deps: Dependencies, names: readonly string[], { path, root }: Pick<Artifact, 'path' | 'root'>): Promise<Readonly<Record<string, number>> | undefined> {
  if (names.length === 0) return undefined;
  if (path === undefined || root === undefined) throw new AppError('InvalidInput', 'CHECK_NEEDS_FILE', 'A check runs in a project, and a text without a path has none. Name a file, or leave the checks out.');
  const found = await Promise.all(names.map((name) => deps.checks.find(name, root)));
  return Object.fromEntries(found.map(({ name, timeoutMs = defaultCheckTimeoutMs }) => [name, checkAttemptMs(timeoutMs)]));
}
