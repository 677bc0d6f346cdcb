import { AppError } from '#domain/errors.ts';
import { checkPath, shownPath, type PathRules } from '#domain/path-rule.ts';
import { openFolder, openRoot, statIfPresent, type OpenRoot, type PathConfinement } from './roots.ts';

export interface NewFileRequest {
  /** Absolute. */
  readonly root: string;
  /** Relative to the root, with '/'. */
  readonly path: string;
  readonly rules: PathRules;
  readonly confinement?: PathConfinement;
}

export interface NewFilePlace {
  /** The root's own path, links resolved: what saving has to be given. */
  readonly root: string;
  readonly path: string;
  /** Something lies there already, be it a file, a folder or a link. */
  readonly isTaken: boolean;
}

/**
 * Looks where a file is to be made; nothing is made yet.
 *
 * Fails   InvalidInput: the path rule's codes, ROOT_NOT_FOUND, PATH_SYMLINK, NOT_A_FOLDER (a folder of the path is a file) ·
 *         Misconfigured NOT_READABLE
 */
export function placeNewFile(request: NewFileRequest): NewFilePlace {
  const segments = checkPath(request.path, request.rules);
  const root = openRoot(request.root, request.confinement);
  try {
    return { root: root.canonical, path: request.path, isTaken: isTaken(root, segments) };
  } finally {
    root.close();
  }
}

// Down the path as far as it exists.
function isTaken(root: OpenRoot, segments: readonly string[]): boolean {
  for (const [depth, segment] of segments.entries()) {
    const folder = openFolder(root, segments.slice(0, depth));
    if (folder === null) throw notFolder(segments.slice(0, depth));
    const stats = statIfPresent(folder.at(segment));
    folder.close();
    if (stats === null) return false;
  }
  return true;
}

function notFolder(segments: readonly string[]): AppError {
  return new AppError('InvalidInput', 'NOT_A_FOLDER', `${shownPath(segments.join('/'))} is a file, so nothing can be put below it. Choose another name.`);
}
