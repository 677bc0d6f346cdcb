import { AppError } from './errors.ts';
import { bounds } from './limits.ts';

/** Checks a task as it was written, wherever it comes from. Fails with InvalidInput TASK_EMPTY, TASK_TOO_LARGE. */
export function checkTask(task: string): void {
  if (task.trim() === '') throw new AppError('InvalidInput', 'TASK_EMPTY', 'The task is empty. Say what is to be written.');
  if (new TextEncoder().encode(task).length > bounds.maxInlineTextBytes) {
    throw new AppError('InvalidInput', 'TASK_TOO_LARGE', 'A task may hold 256 KiB. Say in it what is to be written, and leave long material in files of the project.');
  }
}

/** A draft never takes the place of a file. `shown` is the path as messages show it. */
export function pathTaken(shown: string): AppError {
  return new AppError('InvalidInput', 'PATH_TAKEN', `There is a file ${shown} already, and a draft never takes the place of one. Review that file, or choose another name.`);
}

/** Nobody is named who could write from a task. */
export function taskNeedsModel(): AppError {
  return new AppError('Misconfigured', 'TASK_NEEDS_MODEL', 'Only a model can write from a task, and none is named. Name one with --improver ID (such as codex or claude), or in your settings under llm.models and llm.fallback; koubou reviewers lists them.');
}
