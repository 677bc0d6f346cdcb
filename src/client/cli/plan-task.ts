import path from 'node:path';
import { AppError } from '#domain/errors.ts';
import { checkPath, shownPath } from '#domain/path-rule.ts';
import { checkTask, pathTaken } from '#domain/task.ts';
import { kindOfPath } from '#io/named-files.ts';
import { chooseWriter } from '#client/choose-writer.ts';
import type { SharedRequest } from '#client/request-settings.ts';
import type { WireRequest } from '#wire/request.ts';
import type { Call } from './call.ts';
import type { CallSettings } from './call-settings.ts';
import { relativePath } from './paths.ts';

/**
 * The request of `koubou review --task`: where neither flags nor settings name a model, the first that can be asked writes and improves.
 *
 * Fails   InvalidInput TASK_EMPTY, TASK_TOO_LARGE, INPUT_INVALID, PATH_TAKEN and the path rule's codes · Misconfigured TASK_NEEDS_MODEL
 */
export async function taskRequest(call: Call, settings: CallSettings, shared: SharedRequest): Promise<WireRequest> {
  const { flags, program } = call;
  const task = flags.text('task') ?? '';
  checkTask(task);
  if (flags.has('watch')) throw new AppError('InvalidInput', 'INPUT_INVALID', '--watch watches files; it cannot watch --task.');
  const typed = flags.text('name');
  const name = typed === undefined ? {} : { name: freePath(relativePath(typed, program.facts.cwd, settings.root), settings) };
  return { ...shared, ...(await chooseWriter(settings, shared, () => program.usableModels(settings.config))), artifact: { task, ...name } };
}

// The files of a named service may lie on another machine: only the letters of the path are looked at then.
function freePath(name: string, { root, config, external }: CallSettings): string {
  const { allowedDirectories, allowedExtensions, forbidden } = config.settings.save;
  checkPath(name, { allowedDirectories, allowedExtensions, forbidden });
  if (!external && kindOfPath(path.join(root.root, name)) !== null) throw pathTaken(shownPath(name));
  return name;
}
