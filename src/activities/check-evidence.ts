import type { CheckResult } from '#domain/check.ts';
import type { ReviewInput } from '#reviewers/reviewer.ts';
import type { Dependencies } from './dependencies.ts';

/** What the user's own checks said of a revision, with the end of their output, for models to know. */
export async function evidenceFor({ store }: Dependencies, checks: readonly CheckResult[] = []): Promise<Pick<ReviewInput, 'evidence'>> {
  if (checks.length === 0) return {};
  const evidence = checks.map(async ({ name, outcome, output }) => ({ name, outcome, output: outcome === 'passed' ? '' : await store.getText(output) }));
  return { evidence: await Promise.all(evidence) };
}
