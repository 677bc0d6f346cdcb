import { AppError } from '#domain/errors.ts';
import { checkTask } from '#domain/task.ts';
import { checkFreePath } from '#client/artifact-paths.ts';
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

function freePath(name: string, settings: CallSettings): string {
  checkFreePath(name, settings);
  return name;
}
