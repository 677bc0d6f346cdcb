import type { RunProgress } from '#client/await-run.ts';
import type { RunPlace } from '#client/run-place.ts';
import { cancelledReport, loadReport } from '#client/run-report.ts';
import { stateOfBatch } from '#domain/batch.ts';
import type { ErrorSummary } from '#domain/errors.ts';
import type { Finding } from '#domain/finding.ts';
import { toSnakeKeys } from '#domain/json-keys.ts';
import { closedStates, type Report, type RunState } from '#domain/report.ts';
import { visibleLine } from '#reports/visible.ts';
import type { RunRecord, Store } from '#store/store.ts';
import { batchCounts, nextStepOfBatch, readEndedBatch } from './batch-standing.ts';
import { withoutPaths } from './hide-paths.ts';
import { decisionsIn, nextStepIn } from './waiting.ts';

/** Where a run stands, in the form in which tools answer. */
export interface Standing extends Readonly<Record<string, unknown>> {
  readonly run_id: string;
  readonly state: RunState;
  readonly next_step: string;
}

export type StandingPlace = Pick<RunPlace, 'kind' | 'runId' | 'workflowId'>;

/** The worst findings are told at once; the report has them all. */
const toldFindings = 10;
const toldReviews = 50;

/** Of a run that has not ended. `progress` is null where no worker answers: then the store tells what it last knew. */
export async function openStanding(store: Store, place: StandingPlace, progress: RunProgress | null): Promise<Standing> {
  if (progress === null) return storedStanding(store, place);
  const { state, score, targetScore, iteration, maxIterations, scores, waitingFor, artifact, done, total } = progress;
  return standing(place, state, {
    artifact,
    ...(total === undefined ? { score, targetScore, iteration, maxIterations, scores } : { done, total }),
    ...(waitingFor === undefined ? {} : { waitingFor: withoutPaths(visibleLine(waitingFor)), decisions: decisionsIn(state) }),
  });
}

async function storedStanding(store: Store, place: StandingPlace): Promise<Standing> {
  const run = place.kind === 'review' ? await store.getRun(place.runId) : null;
  const { state = 'queued', artifactPath, artifactName, score = null, targetScore, iteration, error } = run ?? {};
  return standing(place, state, { artifact: artifactPath ?? artifactName, score, targetScore, iteration, error: errorOf(error) });
}

/** Of a run that has ended, from the store alone. */
export async function closedStanding(store: Store, place: StandingPlace): Promise<Standing> {
  if (place.kind === 'batch') return batchStanding(store, place);
  const [report, run] = await Promise.all([loadReport(store, place.runId), store.getRun(place.runId)]);
  if (report !== null) return reportStanding(place, report);
  if (run?.state === 'cancelled') return reportStanding(place, await cancelledReport(store, place));
  return bareStanding(place, run);
}

// It failed before it could write a report, or wrote it into another store.
function bareStanding(place: StandingPlace, run: RunRecord | null): Standing {
  const { state = 'failed', artifactPath, artifactName, score = null, error = reportMissing } = run ?? {};
  return standing(place, closedStates.includes(state) ? state : 'failed', { artifact: artifactPath ?? artifactName, score, error: errorOf(error) });
}

const reportMissing: ErrorSummary = { kind: 'Unavailable', code: 'REPORT_MISSING', message: 'The run has ended, but its report is not in this store.' };

function reportStanding(place: StandingPlace, report: Report): Standing {
  const { outcome, ready, reason, finalScore, initialScore, targetScore, iterations, findings, findingCount, fixed, bestRevision, saved, commit, error, artifact, state } = report;
  return standing(place, closedStates.includes(state) ? state : 'completed', {
    artifact: artifact.path ?? artifact.name,
    outcome, ready,
    reason: withoutPaths(visibleLine(reason)),
    score: finalScore,
    initialScore, targetScore,
    iterations: iterations.length,
    findings: findingCount,
    topFindings: findings.filter(({ suppressed }) => suppressed === undefined).slice(0, toldFindings).map(shortFinding),
    fixed: fixed.length,
    isImproved: (bestRevision?.iteration ?? 1) > 1,
    saved, commit,
    error: errorOf(error),
  });
}

function shortFinding({ severity, place, message, ruleId, suggestion }: Finding): object {
  return { severity, line: place.line, message: visibleLine(message), rule: ruleId, ...(suggestion === undefined ? {} : { suggestion: visibleLine(suggestion) }) };
}

async function batchStanding(store: Store, place: StandingPlace): Promise<Standing> {
  const batch = await readEndedBatch(store, place.runId);
  if (batch === null) return standing(place, 'cancelled', {});
  const { summary, entries, waiting } = batch;
  const { total, ready, belowTarget, notJudged, failed, skipped, error } = summary;
  const reviews = entries.slice(0, toldReviews).map((entry) => ({ path: entry.path, runId: entry.runId, state: entry.state, outcome: entry.outcome, ready: entry.ready, score: entry.finalScore, error: errorOf(entry.error) }));
  const facts = { reason: error === undefined ? batchCounts(batch) : undefined, total, ready, belowTarget, notJudged, failed, ...(waiting === 0 ? {} : { waiting }), skipped: skipped.length, reviews, error: errorOf(error) };
  return { ...standing(place, stateOfBatch(summary), facts), next_step: nextStepOfBatch(place.runId, batch) };
}

function errorOf(error: ErrorSummary | null | undefined): object | undefined {
  if (error === null || error === undefined) return undefined;
  return { code: error.code, message: withoutPaths(visibleLine(error.message)), ...(error.step === undefined ? {} : { step: error.step }) };
}

function standing({ kind, runId }: StandingPlace, state: RunState, facts: object): Standing {
  return { run_id: runId, state, next_step: nextStepIn(state, runId), kind, ...toSnakeKeys(facts) };
}
