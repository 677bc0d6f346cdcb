import type { ReviewerResult } from '#domain/review.ts';
import { analyze } from './analyze.ts';
import { rulesVersion, type EngineEntry } from './engines/engine.ts';
import type { EnginePool } from './engines/pool.ts';
import type { Reviewer } from './reviewer.ts';

/** The reviewer that asks no model: every engine of the language, in threads of their own. */
export function createStaticReviewer(pool: EnginePool): Reviewer {
  return {
    id: 'static',
    version: versionOf(pool.engines),
    queue: 'analysis',
    asksModel: false,
    review: async (input, context): Promise<ReviewerResult> => {
      const { findings, ...rest } = await analyze(pool, input, context);
      return { ...rest, findings: findings.map(({ finding }) => finding) };
    },
  };
}

/** Two equal versions find the same in the same text: 'rules 1, secretlint 13.0.7, …'. */
export function versionOf(entries: readonly EngineEntry[]): string {
  return [`rules ${rulesVersion}`, ...entries.map(({ id, version }) => `${id} ${version}`)].join(', ');
}
