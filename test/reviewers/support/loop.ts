import { kindOf, languageOf } from '#domain/artifact.ts';
import { compareFindings, scoredCategories } from '#domain/finding.ts';
import { tallyFindings, type Review, type ReviewerResult } from '#domain/review.ts';
import { scoreReviews, type Scorecard } from '#domain/scorecard.ts';
import type { Registry } from '#reviewers/registry.ts';

export interface Step {
  readonly text: string;
  readonly result: ReviewerResult;
  readonly scorecard: Scorecard;
  readonly changes: readonly string[];
}

/** Reviews and improves a text as the loop does, without its limits, until the static improver has nothing left. */
export async function runLoop(registry: Registry, name: string, text: string): Promise<[Step, ...Step[]]> {
  const language = languageOf(name, text);
  const input = { name, language, kind: kindOf(language), requested: scoredCategories };
  const context = () => ({ signal: new AbortController().signal, timeoutMs: 60_000 });
  const look = async (candidate: string, changes: readonly string[], before?: Step): Promise<Step> => {
    const result = await registry.reviewer('static').review({ ...input, text: candidate, ...(before === undefined ? {} : { previousText: before.text }) }, context());
    const scorecard = scoreReviews([asReview(result)], { sizeFactor: before?.result.sizeFactor ?? result.sizeFactor, requested: scoredCategories });
    return { text: candidate, result, scorecard, changes };
  };
  const steps: [Step, ...Step[]] = [await look(text, [])];
  for (;;) {
    const last = steps.at(-1)!;
    const findings = last.result.findings.toSorted(compareFindings);
    const improved = await registry.improver('static').improve({ ...input, text: last.text, findings, refused: [] }, context());
    if (improved.text === null) return steps;
    steps.push(await look(improved.text, improved.changes, { ...last, result: steps[0].result, text: last.text }));
  }
}

function asReview(result: ReviewerResult): Review {
  const { findings, ...rest } = result;
  const counts = { findingCount: findings.length, fixableCount: findings.filter(({ fixable }) => fixable).length };
  return { reviewer: 'static', version: '1', ...rest, damage: null, tallies: tallyFindings(findings), blockers: [], ...counts, durationMs: 0 };
}
