import type { Dependencies } from './dependencies.ts';

/** The task that an artifact was written for, as reviewers and improvers are given it; nothing where there is none. */
export async function taskFor({ store }: Dependencies, { taskSha256 }: { readonly taskSha256?: string | undefined }): Promise<{ readonly task?: string }> {
  return taskSha256 === undefined ? {} : { task: await store.getText(taskSha256) };
}
