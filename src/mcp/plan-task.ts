import { checkTask } from '#domain/task.ts';
import { checkFreePath } from '#client/artifact-paths.ts';
import { chooseWriter } from '#client/choose-writer.ts';
import type { SharedRequest } from '#client/request-settings.ts';
import type { WireRequest } from '#wire/request.ts';
import { placeBelowRoots, type PathBelow } from './paths.ts';
import type { McpRoot } from './server-options.ts';
import type { ToolCall } from './tools/tool.ts';

/** What is to be written, and where. */
export interface TaskWish {
  readonly task: string;
  /** The path of the new file; chosen by the writer where absent. */
  readonly name: string | undefined;
}

/** The root that a new file goes to: that of its name, else the first. Fails with InvalidInput ROOT_NOT_ALLOWED, PATH_EMPTY. */
export function placeOfTask({ service }: ToolCall, { name }: TaskWish): PathBelow {
  return placeBelowRoots(name ?? '.', service.roots);
}

/**
 * The request of a file that is to be written. `shared` is what settings and call say beside.
 *
 * Fails   InvalidInput TASK_EMPTY, TASK_TOO_LARGE, PATH_TAKEN and the path rule's codes · Misconfigured TASK_NEEDS_MODEL
 */
export async function planTask(call: ToolCall, { task, name }: TaskWish, { place, shared }: { readonly place: PathBelow; readonly shared: SharedRequest }): Promise<WireRequest> {
  checkTask(task);
  const settings = await place.root.settings();
  if (name !== undefined) checkFreePath(place.path, settings);
  const writer = await chooseWriter(settings, shared, () => usable(call, place.root));
  return { ...shared, ...writer, artifact: { task, ...(name === undefined ? {} : { name: place.path }) } };
}

async function usable({ service }: ToolCall, root: McpRoot): Promise<string[]> {
  const first = await service.usualReviewer(root);
  return first === 'static' ? [] : [first];
}
