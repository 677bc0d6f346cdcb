import { bareReport } from '#domain/build-report.ts';
import type { RunSummary } from '#domain/run-summary.ts';
import { renderReport } from '#reports/registry.ts';
import type { Dependencies } from './dependencies.ts';
import type { OpenInput } from './open-artifact.ts';
import { asStep } from './working-time.ts';

export interface CloseUnopenedInput extends Omit<OpenInput, 'request'> {
  readonly artifactName: string;
  readonly tenant?: string;
  readonly summary: RunSummary;
  readonly closedAt: string;
}

/** The request was never read, so nobody knows which of them it asked for. */
const formats = ['json', 'markdown', 'html'];

/**
 * Keeps the end of a run that was cancelled or given up before there was anything to review, such as while a model wrote:
 * whoever was told its id has to find it. Idempotent.
 */
export function closeUnopened(deps: Dependencies) {
  return ({ summary, ...run }: CloseUnopenedInput): Promise<void> =>
    asStep(async () => {
      const { state, outcome, error, costUsd } = summary;
      const bare = bareReport({ ...run, artifact: undefined, summary });
      const report = { ...bare, artifact: { ...bare.artifact, name: run.artifactName } };
      for (const format of formats) await deps.store.putReport({ runId: run.runId, format, content: renderReport(format, report) });
      await deps.store.closeUnopened({ ...run, state, costUsd, ...(outcome === null ? {} : { outcome }), ...(error === null ? {} : { error }) });
    });
}
