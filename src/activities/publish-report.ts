import type { Artifact } from '#domain/artifact.ts';
import { buildReport } from '#domain/build-report.ts';
import { scoredCategories } from '#domain/finding.ts';
import { panelOf } from '#domain/panel.ts';
import type { ProjectContext } from '#domain/project-context.ts';
import type { DraftReport, Report } from '#domain/report.ts';
import type { ReviewRequest } from '#domain/request.ts';
import type { RunSummary } from '#domain/run-summary.ts';
import { toSnakeKeys } from '#domain/json-keys.ts';
import { unifiedDiff } from '#reports/diff.ts';
import { renderReport } from '#reports/registry.ts';
import type { Dependencies } from './dependencies.ts';
import { asStep } from './working-time.ts';

export interface PublishInput {
  readonly runId: string;
  readonly workflowId: string;
  readonly request: Pick<ReviewRequest, 'formats'> & Partial<Pick<ReviewRequest, 'reviewers'>>;
  readonly artifact: Artifact;
  readonly summary: RunSummary;
  readonly context?: ProjectContext;
  readonly startedAt: string;
  readonly closedAt: string;
  readonly drafted?: DraftReport;
}

/** Builds the report, renders it into the store, closes the run's record, and returns the workflow's own result (wire form). */
export function publishReport(deps: Dependencies) {
  return (input: PublishInput): Promise<unknown> =>
    asStep(async () => {
      const report = await assemble(deps, input);
      await Promise.all(input.summary.iterations.map((iteration) => deps.store.putIteration({ runId: input.runId, ...iteration })));
      for (const format of new Set([...input.request.formats, 'json'])) {
        await deps.store.putReport({ runId: input.runId, format, content: renderReport(format, report) });
      }
      await closeRun(deps, input);
      return toSnakeKeys(resultOf(report));
    });
}

async function assemble(deps: Dependencies, input: PublishInput): Promise<Report> {
  const { runId, artifact, summary } = input;
  const { best } = summary;
  const [initialFindings, initialReviews, findings, reviews, evaluations] = await Promise.all([
    deps.store.listFindings({ runId, iteration: 1 }),
    deps.store.listReviews({ runId, iteration: 1 }),
    deps.store.listFindings({ runId, iteration: best?.iteration ?? 1 }),
    deps.store.listReviews({ runId, iteration: best?.iteration ?? 1 }),
    deps.store.listEvaluations({ runId, iteration: best?.iteration ?? 1 }),
  ]);
  const evaluation = Object.values(evaluations)[0];
  const sizeFactor = Math.max(1, ...initialReviews.map((review) => review.sizeFactor));
  const panel = panelOf({ reviews, sizeFactor, requested: scoredCategories.filter((category) => summary.categories[category].assessed), evaluations });
  const changed = best !== null && best.revision.sha256 !== artifact.revision.sha256;
  const diff = changed ? await diffOf(deps, artifact, best.revision.sha256) : '';
  return buildReport({ ...input, asked: input.request.reviewers, initialFindings, findings, reviews, diff, panel, ...(evaluation === undefined ? {} : { evaluation }) });
}

async function diffOf(deps: Dependencies, artifact: Artifact, sha256: string): Promise<string> {
  const [before, after] = await Promise.all([deps.store.getText(artifact.revision.sha256), deps.store.getText(sha256)]);
  return unifiedDiff({ name: artifact.path ?? artifact.name, before, after });
}

function resultOf(report: Report): Report {
  const { diff: _diff, ...rest } = report;
  return { ...rest, findings: report.findings.slice(0, resultLimit), fixed: report.fixed.slice(0, resultLimit) };
}

const resultLimit = 100;

async function closeRun(deps: Dependencies, { runId, summary, closedAt }: PublishInput): Promise<void> {
  const { state, outcome, iterations, initialScore, finalScore, best, costUsd, error } = summary;
  await deps.store.updateRun(runId, {
    state,
    ...(outcome === null ? {} : { outcome }),
    iteration: iterations.length,
    score: finalScore,
    initialScore,
    ...(best === null ? {} : { bestSha256: best.revision.sha256 }),
    costUsd,
    ...(error === null ? {} : { error }),
    closedAt,
  });
}
