import type { CheckResult } from '#domain/check.ts';
import type { ReviewInput } from '#reviewers/reviewer.ts';
import type { Dependencies } from './dependencies.ts';
import { contextFor } from './project-context.ts';

export interface MaterialKept {
  /** Of what `gatherContext` stored. */
  readonly contextSha256?: string | undefined;
  /** Of the task that the artifact was written for. */
  readonly taskSha256?: string | undefined;
  /** What the user's own checks said of the revision. */
  readonly checks?: readonly CheckResult[] | undefined;
}

/** What reviewers and improvers are given beside the text, out of the store; nothing where there is none. */
export async function materialFor(deps: Dependencies, { contextSha256, taskSha256, checks = [] }: MaterialKept): Promise<Pick<ReviewInput, 'context' | 'task' | 'evidence'>> {
  const [context, task, evidence] = await Promise.all([contextFor(deps, contextSha256), taskFor(deps, taskSha256), evidenceFor(deps, checks)]);
  return { ...context, ...task, ...evidence };
}

async function taskFor({ store }: Dependencies, sha256: string | undefined): Promise<Pick<ReviewInput, 'task'>> {
  return sha256 === undefined ? {} : { task: await store.getText(sha256) };
}

// Of what failed the end of the output too, for models to know.
async function evidenceFor({ store }: Dependencies, checks: readonly CheckResult[]): Promise<Pick<ReviewInput, 'evidence'>> {
  if (checks.length === 0) return {};
  const evidence = checks.map(async ({ name, outcome, output }) => ({ name, outcome, output: outcome === 'passed' ? '' : await store.getText(output) }));
  return { evidence: await Promise.all(evidence) };
}
