import type { Artifact, Revision } from '#domain/artifact.ts';
import { AppError } from '#domain/errors.ts';
import type { ScoredCategory } from '#domain/finding.ts';
import { noUsage, type Usage } from '#domain/review.ts';
import type { Refusal } from '#domain/loop/state.ts';
import type { Dependencies } from './dependencies.ts';
import { materialFor } from './material.ts';
import { withinTime, type TimeLimits } from './working-time.ts';

export interface ImproveInput extends TimeLimits {
  readonly runId: string;
  readonly improver: string;
  /** The best revision so far and the iteration that reviewed it. */
  readonly from: Revision;
  readonly reviewedIn: number;
  readonly refused: readonly Refusal[];
  readonly artifact: Pick<Artifact, 'name' | 'path' | 'language' | 'kind' | 'taskSha256'>;
  readonly requested: readonly ScoredCategory[];
  /** Of what `gatherContext` stored. */
  readonly contextSha256?: string;
}

export interface Improved {
  /** Null where the improver can act on nothing. */
  readonly revision: Revision | null;
  readonly changes: readonly string[];
  readonly workedMs: number;
  readonly usage?: Usage;
}

/** At most so many lines about changes go into history, each cut to `changeLength`. */
const changeLimit = 50;
const changeLength = 200;

/** Lets the improver write the next revision from the best one's findings, and stores it. */
export function improve(deps: Dependencies) {
  return async (input: ImproveInput): Promise<Improved> => {
    const { value, workedMs, usage } = await withinTime(input, async (context) => {
      const [text, all, reviews] = await Promise.all([
        deps.store.getText(input.from.sha256),
        deps.store.listFindings({ runId: input.runId, iteration: input.reviewedIn }),
        deps.store.listReviews({ runId: input.runId, iteration: input.reviewedIn }),
      ]);
      const { name, path, language, kind, taskSha256 } = input.artifact;
      const findings = all.filter((finding) => finding.suppressed === undefined);
      const { requested, refused, contextSha256 } = input;
      const material = await materialFor(deps, { contextSha256, taskSha256, checks: reviews.flatMap((review) => review.check ?? []) });
      const improver = deps.registry.improver(input.improver);
      const result = await improver.improve({ name: path ?? name, language, kind, text, requested, findings, refused, ...material }, context);
      return { ...result, revision: await storeText(deps, result.text, text) };
    });
    const changes = value.changes.slice(0, changeLimit).map((change) => change.slice(0, changeLength));
    return { revision: value.revision, changes, workedMs, ...(usage === noUsage ? {} : { usage }) };
  };
}

async function storeText(deps: Dependencies, next: string | null, before: string): Promise<Revision | null> {
  if (next === null || next === before) return null;
  if (Buffer.byteLength(next) > deps.maxArtifactBytes) throw new AppError('UnreadableOutput', 'OUTPUT_TOO_LARGE', `The improver wrote more than ${deps.maxArtifactBytes} bytes.`);
  return deps.store.putText(next);
}
