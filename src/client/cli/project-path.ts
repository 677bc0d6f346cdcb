import path from 'node:path';
import { AppError } from '#domain/errors.ts';
import { kindOfPath } from '#io/named-files.ts';
import type { Call } from './call.ts';
import type { CallSettings } from './call-settings.ts';
import { relativePath } from './paths.ts';

/**
 * The folder of --project-path as requests carry it, with the root that it lies in.
 *
 * In      anywhere  the artifact is a text without a path, so that the project itself may be the root
 * Fails   InvalidInput NOT_FOUND (no folder), PATH_TRAVERSAL, PATH_ABSOLUTE (outside the root)
 */
export function projectPath({ flags, program }: Call, { root, external }: CallSettings, { anywhere = false } = {}): { readonly project_path?: string; readonly root?: string } {
  const typed = flags.text('project-path');
  if (typed === undefined) return {};
  const absolute = path.resolve(program.facts.cwd, typed);
  // The files of a named service may lie on another machine.
  if (external === undefined && kindOfPath(absolute) !== 'folder') throw new AppError('InvalidInput', 'NOT_FOUND', `--project-path ${JSON.stringify(typed)} is no folder. Name the folder of the project.`);
  return anywhere ? { root: absolute, project_path: '.' } : { project_path: relativePath(typed, program.facts.cwd, root) };
}
