import type { Artifact } from './artifact.ts';
import { compareFindings, type Finding } from './finding.ts';
import type { Panel } from './panel.ts';
import type { ProjectContext } from './project-context.ts';
import { reportSchema, type DraftReport, type EngineReport, type Evaluation, type Report, type ReviewerReport } from './report.ts';
import type { EngineRun, Review } from './review.ts';
import type { RunSummary } from './run-summary.ts';
import { scoreModel } from './scorecard.ts';

export interface ReportParts {
  readonly runId: string;
  readonly workflowId: string;
  readonly artifact: Artifact;
  readonly summary: RunSummary;
  readonly startedAt: string;
  readonly closedAt: string;
  /** Of revision 0. */
  readonly initialFindings: readonly Finding[];
  /** Of the best revision, with its reviews. */
  readonly findings: readonly Finding[];
  readonly reviews: readonly Review[];
  /** A model's free words on the best revision, of the first reviewer that has some. */
  readonly evaluation?: Evaluation;
  /** The reviewers that the request asks for. */
  readonly asked?: readonly string[] | undefined;
  readonly diff: string;
  readonly drafted?: DraftReport;
  readonly context?: ProjectContext;
  readonly panel?: Panel | null;
}

/** Puts a run's parts together into what the user receives. Pure; order of findings: worst first. */
export function buildReport(parts: ReportParts): Report {
  const { summary, artifact } = parts;
  const open = new Set(parts.findings.map((finding) => finding.id));
  const { outcome, reason, ready, targetScore, initialScore, finalScore, categories, iterations, saved, commit, error, state } = summary;
  return {
    schema: reportSchema,
    runId: parts.runId,
    workflowId: parts.workflowId,
    state,
    outcome,
    reason,
    ready,
    targetScore,
    initialScore,
    finalScore,
    scoreModel,
    artifact: describeArtifact(artifact),
    categories,
    codeMetrics: parts.reviews.find((review) => review.metrics !== null)?.metrics ?? null,
    iterations,
    findings: parts.findings.toSorted(compareFindings),
    findingCount: parts.findings.filter((finding) => finding.suppressed === undefined).length,
    fixed: parts.initialFindings.filter((finding) => finding.suppressed === undefined && !open.has(finding.id)).toSorted(compareFindings),
    bestRevision: bestRevisionOf(summary, artifact),
    diff: parts.diff,
    saved,
    commit,
    reports: {},
    reviewers: describeReviewers(parts),
    ...(parts.evaluation === undefined ? {} : { evaluation: parts.evaluation }),
    ...(parts.panel == null ? {} : { panel: parts.panel }),
    ...(parts.context === undefined ? {} : { context: describeContext(parts.context) }),
    ...(parts.drafted === undefined ? {} : { drafted: parts.drafted }),
    error,
    usage: { inputTokens: summary.inputTokens, outputTokens: summary.outputTokens, costUsd: summary.costUsd },
    startedAt: parts.startedAt,
    closedAt: parts.closedAt,
  };
}

// What a model wrote from a task exists nowhere else: it is the best there is, also where nobody judged it.
function bestRevisionOf({ best }: RunSummary, { isNew, revision }: Artifact): Report['bestRevision'] {
  if (best !== null) return { iteration: best.iteration, ...best.revision };
  return isNew === true ? { iteration: 1, ...revision } : null;
}

const unknownArtifact: Artifact = {
  name: 'unknown', kind: 'document', language: 'unknown', bytes: 0, sha256: '',
  revision: { sha256: '', bytes: 0 }, shape: { bom: false, eol: 'lf', finalNewline: false },
};

/** The report of a run whose report step was skipped or never came: scores and reason, no findings. */
export function bareReport(parts: Pick<ReportParts, 'runId' | 'workflowId' | 'summary' | 'startedAt' | 'closedAt'> & { readonly artifact: Artifact | undefined }): Report {
  const { diff: _diff, ...report } = buildReport({ ...parts, artifact: parts.artifact ?? unknownArtifact, initialFindings: [], findings: [], reviews: [], diff: '' });
  return report;
}

function describeContext({ sha256: _sha256, ...context }: ProjectContext): NonNullable<Report['context']> {
  return context;
}

function describeArtifact({ name, path, kind, language, bytes, sha256, isNew }: Artifact): Report['artifact'] {
  return { name, ...(path === undefined ? {} : { path }), kind, language, bytes, sha256, ...(isNew === undefined ? {} : { isNew }) };
}

function describeReviewers({ reviews, asked = [] }: Pick<ReportParts, 'reviews' | 'asked'>): ReviewerReport[] {
  const insteadOf = asked.filter((id) => reviews.every(({ reviewer }) => reviewer !== id));
  const steppedIn = ({ reviewer, check }: Review): boolean => check === undefined && !asked.includes(reviewer);
  return reviews.map((review) => ({ ...describeReviewer(review), ...(insteadOf.length > 0 && steppedIn(review) ? { insteadOf } : {}) }));
}

function describeReviewer(review: Review): ReviewerReport {
  const engines = review.engines.map(describeEngine);
  const errors = engines.flatMap(({ id, error }) => (error === undefined ? [] : [`${id}: ${error}`]));
  return {
    id: review.reviewer,
    version: review.version,
    assessed: [...new Set(engines.flatMap((engine) => engine.assessed))],
    durationMs: Math.round(review.durationMs),
    ...(errors.length === 0 ? {} : { error: errors.join('; ') }),
    engines: review.check === undefined ? engines : [],
    ...(review.check === undefined ? {} : { outcome: review.check.outcome }),
  };
}

function describeEngine({ id, version, categories, durationMs, error }: EngineRun): EngineReport {
  return { id, version, assessed: error === undefined ? categories : [], durationMs: Math.round(durationMs), ...(error === undefined ? {} : { error }) };
}
