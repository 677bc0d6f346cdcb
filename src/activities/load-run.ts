import type { Artifact, Revision } from '#domain/artifact.ts';
import { AppError } from '#domain/errors.ts';
import { applyRequestSchema } from '#wire/request.ts';
import { parseInput } from '#wire/problems.ts';
import type { Dependencies } from './dependencies.ts';
import { asStep } from './working-time.ts';

export interface LoadedRun {
  readonly runId: string;
  readonly commit: boolean;
  readonly artifact: Artifact;
  /** Null where the best revision is the artifact as it was. */
  readonly best: { readonly revision: Revision; readonly iteration: number } | null;
  readonly score: number | null;
  readonly initialScore: number | null;
}

/** Validates the one argument of the workflow `apply` and finds the finished run's best revision. Fails with InvalidInput RUN_UNKNOWN, RUN_NOT_FINISHED, RUN_REJECTED. */
export function loadRun(deps: Dependencies) {
  return (raw: unknown): Promise<LoadedRun> =>
    asStep(async () => {
      const { run_id, commit } = parseInput(applyRequestSchema, raw, 'The apply request');
      const run = await deps.store.findRun(run_id);
      if (run.artifact === undefined || run.closedAt === undefined) {
        throw new AppError('InvalidInput', 'RUN_NOT_FINISHED', `Run ${run.runId} has no finished result to apply; koubou status ${run.runId} tells where it stands.`);
      }
      if (run.outcome === 'rejected') {
        throw new AppError('InvalidInput', 'RUN_REJECTED', `Run ${run.runId} was rejected, so nothing of it is saved. Its text can still be had: koubou result ${run.runId} --text`);
      }
      const iterations = await deps.store.listIterations(run.runId);
      return {
        runId: run.runId,
        commit: commit === true,
        artifact: run.artifact,
        best: bestOf(run.artifact, iterations.find(({ revision }) => revision.sha256 === run.bestSha256)),
        score: run.score ?? null,
        initialScore: run.initialScore ?? null,
      };
    });
}

// A draft is worth saving as it was written too, also where no reviewer came to it.
function bestOf({ isNew, revision: first }: Artifact, best: { readonly revision: Revision; readonly iteration: number } | undefined): LoadedRun['best'] {
  if (best === undefined) return isNew === true ? { revision: first, iteration: 1 } : null;
  return isNew === true || best.revision.sha256 !== first.sha256 ? { revision: best.revision, iteration: best.iteration } : null;
}
