import path from 'node:path';
import { AppError } from '#domain/errors.ts';
import { checkFolderPath, shownPath } from '#domain/path-rule.ts';
import { kindOfPath, realFolder } from '#io/named-files.ts';
import type { SessionSettings } from '#client/session-settings.ts';
import type { McpRoot } from './server-options.ts';

/** A path that a caller gave, in the root it lies in. */
export interface PathBelow {
  readonly root: McpRoot;
  /** Relative to the root, with '/'; '.' is the root itself. */
  readonly path: string;
}

/**
 * Finds the root of a path. A relative one belongs to the first root that holds such a file; an absolute one has to lie in a root by
 * its letters. Nothing is normalised: what has '..' in it is refused by the path rule.
 *
 * Fails   InvalidInput ROOT_NOT_ALLOWED, PATH_EMPTY
 */
export function placeBelowRoots(given: string, roots: readonly McpRoot[]): PathBelow {
  if (given === '') throw new AppError('InvalidInput', 'PATH_EMPTY', 'A path is empty.');
  if (roots.length === 0) {
    throw new AppError('InvalidInput', 'ROOT_NOT_ALLOWED', 'This server was started without a folder that files may be read from; the user has to name one: `koubou mcp --root DIR`.');
  }
  const plain = given.length > 1 ? given.replace(/^\.\/+/, '').replace(/\/$/, '') : given;
  if (path.isAbsolute(plain)) return placeOfAbsolute(plain, roots);
  const holding = roots.length > 1 ? roots.find(({ folder }) => kindOfPath(path.join(folder, plain)) !== null) : undefined;
  return { root: holding ?? roots[0]!, path: plain === '' ? '.' : plain };
}

function placeOfAbsolute(given: string, roots: readonly McpRoot[]): PathBelow {
  for (const root of roots) {
    for (const folder of [root.folder, realFolder(root.folder)]) {
      if (given === folder) return { root, path: '.' };
      if (given.startsWith(`${folder}/`)) return { root, path: given.slice(folder.length + 1) };
    }
  }
  throw new AppError('InvalidInput', 'ROOT_NOT_ALLOWED', `The path ${shownPath(given)} lies outside the roots of this server.`);
}

/** Refuses what is neither a file nor a folder below the root, before a run is started for it. */
export function checkPathBelow({ root, path: given }: PathBelow, { config }: SessionSettings): void {
  const { allowedDirectories, forbidden } = config.settings.save;
  checkFolderPath(given, { allowedDirectories, forbidden });
  if (kindOfPath(path.join(root.folder, given)) === null) throw new AppError('InvalidInput', 'NOT_FOUND', `There is nothing at ${shownPath(given)} below the root.`);
}
