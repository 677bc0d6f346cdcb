import type { ErrorSummary } from '#domain/errors.ts';
import type { Outcome, RunState } from '#domain/report.ts';
import type { RunEntry } from '#store/store.ts';
import type { OpenRun } from './open-runs.ts';

/** One line of a list of runs. */
export interface RunLine {
  readonly runId: string;
  readonly workflowId: string;
  readonly kind: 'review' | 'batch';
  readonly state: RunState;
  readonly outcome: Outcome | null;
  readonly artifact: string;
  readonly initialScore: number | null;
  readonly score: number | null;
  readonly targetScore: number | null;
  readonly iteration: number;
  /** Why a run failed, is parked, or did not save what it was to save. */
  readonly error: ErrorSummary | null;
  readonly startedAt: string;
  readonly closedAt: string | null;
}

/** What the store knows, brought up to date by what the service says of open runs; newest first. `batches` are those of the store. */
export function mergeRuns(stored: readonly RunEntry[], open: readonly OpenRun[], batches: readonly RunLine[] = []): RunLine[] {
  const openById = new Map(open.map((run) => [run.runId, run]));
  const ended = batches.filter(({ runId, closedAt }) => closedAt !== null || !openById.has(runId));
  const known = new Set([...stored, ...ended].map(({ runId }) => runId));
  const lines = [
    ...ended,
    ...stored.map((run) => lineOf(run, run.closedAt === undefined ? openById.get(run.runId) : undefined)),
    ...open.filter(({ runId }) => !known.has(runId)).map(openLine),
  ];
  return lines.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
}

const unknown = { outcome: null, initialScore: null, score: null, targetScore: null, error: null, closedAt: null };

function lineOf(run: RunEntry, open: OpenRun | undefined): RunLine {
  const { runId, workflowId, state, iteration, startedAt, outcome, initialScore, score, targetScore, error, closedAt } = run;
  const known = { runId, workflowId, kind: 'review', state, iteration, startedAt, artifact: run.artifactPath ?? run.artifactName } as const;
  // The service's index is told when something has been decided, the store as soon as the artifact is open.
  const now = open === undefined ? {} : { state: open.state === 'queued' ? state : open.state, score: open.score, iteration: open.iteration };
  return { ...unknown, ...known, ...present({ outcome, initialScore, score, targetScore, error, closedAt }), ...present(now) };
}

function present<Fields extends object>(fields: Fields): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };
}

/** A run that is known to the service alone: it has not opened its artifact yet, or lives in another store. */
export function openLine({ kind, runId, workflowId, state, artifact, score, targetScore, iteration, startedAt }: OpenRun): RunLine {
  return { ...unknown, runId, workflowId, kind, state, artifact: artifact ?? '', iteration: iteration ?? 0, startedAt, ...present({ score, targetScore }) };
}
