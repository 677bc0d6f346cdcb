import path from 'node:path';
import { AppError } from '#domain/errors.ts';
import { realFolder } from '#io/named-files.ts';
import type { Root } from '#client/project-root.ts';

/**
 * What was typed, as a path relative to the root with '/': the form in which requests carry paths. '.' is the root itself.
 *
 * Fails   InvalidInput PATH_TRAVERSAL, PATH_ABSOLUTE (outside the root), PATH_EMPTY
 */
export function relativePath(typed: string, cwd: string, root: Root): string {
  if (typed === '') throw new AppError('InvalidInput', 'PATH_EMPTY', 'A path is empty. Name a file or a folder.');
  const absolute = path.resolve(cwd, typed);
  // A folder may be known by two names, one of them through a link.
  const candidates = [path.relative(root.root, absolute), path.relative(realFolder(root.root), path.join(realFolder(path.dirname(absolute)), path.basename(absolute)))];
  const inside = candidates.find((candidate) => !path.isAbsolute(candidate) && candidate.split(path.sep)[0] !== '..');
  if (inside === undefined) throw outside(typed, root);
  return inside === '' ? '.' : inside.split(path.sep).join('/');
}

function outside(typed: string, { root, because }: Root): AppError {
  const why = because === '--root' ? 'named by --root' : `the ${because}`;
  const message = `${JSON.stringify(typed).slice(1, -1)} lies outside the root ${root} (${why}). Widen it with --root DIR.`;
  return new AppError('InvalidInput', path.isAbsolute(typed) ? 'PATH_ABSOLUTE' : 'PATH_TRAVERSAL', message);
}
