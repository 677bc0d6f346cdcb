import path from 'node:path';
import { chooseRoot, type Root } from '#client/project-root.ts';
import { kindOfPath } from '#io/named-files.ts';

export interface RootSources {
  /** Absolute. */
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What --root says, each time it was given. */
  readonly given: readonly string[];
  readonly home?: string | undefined;
}

/**
 * The folders that paths of callers must lie in, chosen once when the process starts: those that were named, else the repository of
 * the client's project, which Claude Code tells in a variable and others by the folder they start us in. A whole disk and a whole home
 * are too much to be meant: a client that starts us there has no roots until it names some.
 *
 * Fails   InvalidInput ROOT_NOT_FOUND
 */
export function chooseRoots({ cwd, environment, given, home }: RootSources): Root[] {
  if (given.length > 0) return [...new Set(given)].map((folder) => chooseRoot(cwd, folder));
  const project = environment['CLAUDE_PROJECT_DIR'];
  const isTold = project !== undefined && path.isAbsolute(project) && kindOfPath(project) === 'folder';
  const root = chooseRoot(isTold ? project : cwd, undefined);
  return root.root === path.parse(root.root).root || root.root === home ? [] : [root];
}
