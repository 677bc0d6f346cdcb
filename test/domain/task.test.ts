import { expect, test } from 'vitest';
import { AppError } from '#domain/errors.ts';
import { checkTask, pathTaken, taskNeedsModel } from '#domain/task.ts';

function refusal(task: string): string {
  try {
    checkTask(task);
    return 'accepted';
  } catch (error) {
    return error instanceof AppError ? `${error.kind} ${error.code}` : String(error);
  }
}

test.each([
  ['Write a plan.', 'accepted'],
  ['計画を書く', 'accepted'],
  ['x'.repeat(262_144), 'accepted'],
  ['x'.repeat(262_145), 'InvalidInput TASK_TOO_LARGE'],
  ['あ'.repeat(100_000), 'InvalidInput TASK_TOO_LARGE'],
  ['', 'InvalidInput TASK_EMPTY'],
  [' \n\t', 'InvalidInput TASK_EMPTY'],
])('the task %.20j… is %s', (task, expected) => {
  expect(refusal(task)).toBe(expected);
});

test('a name that is taken and a model that is missing say what to do', () => {
  expect([pathTaken('"a.md"').message, taskNeedsModel().message]).toEqual([
    'There is a file "a.md" already, and a draft never takes the place of one. Review that file, or choose another name.',
    'Only a model can write from a task, and none is named. Name one with --improver ID (such as codex or claude), or in your settings under llm.models and llm.fallback; koubou reviewers lists them.',
  ]);
});
