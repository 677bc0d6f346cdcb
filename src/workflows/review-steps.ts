import { CancellationScope, condition, getExternalWorkflowHandle, workflowInfo } from '@temporalio/workflow';
import type { Command, LoopEvent, LoopState } from '#domain/loop/state.ts';
import { runState } from '#domain/loop/progress.ts';
import type { Decision, RunState } from '#domain/report.ts';
import { noUsage } from '#domain/review.ts';
import { summarizeRun } from '#domain/run-summary.ts';
import type { Drafted } from '#activities/draft-artifact.ts';
import type { Opened } from '#activities/open-artifact.ts';
import { reportStep, reviewerStep, workspaceStep } from './activity-options.ts';
import { asksForDraft, draftArtifact, withStoredTask } from './draft.ts';
import { draftReport, reviewOthers, type DraftedSet } from './drafted-set.ts';
import { readFailure, toEvent } from './failures.ts';
import { childWaitsSignal } from './messages.ts';
import type { LoopSteps } from './review-loop.ts';
import { reviewByPanel } from './review-panel.ts';

type CommandOf<Name extends Command['do']> = Extract<Command, { do: Name }>;

/** What the workflow keeps beside the loop's state. */
export interface ReviewRun {
  readonly runId: string;
  readonly workflowId: string;
  readonly startedAt: string;
  readonly request: unknown;
  /** What a model wrote for the run's task. */
  drafted: Drafted | null;
  others: DraftedSet | null;
  /** What is being done beside the loop's own command. */
  doing: 'draft' | 'others' | null;
  opened: Opened | null;
  state: LoopState;
  /** Set by the update `decide`, taken by the loop. */
  pending: Decision | null;
  result: unknown;
}

/** Binds each step of the loop to its activity, queue and time limit. */
export function bindSteps(run: ReviewRun, changed: (state: LoopState) => void): LoopSteps {
  return {
    open: () => open(run),
    review: (command, state) => reviewByPanel({ opened: openedOf(run), runId: run.runId, state, command }),
    improve: (command, state) => improve(run, command, state),
    wait: (_command, state) => wait(run, state),
    save: (command) => save(run, command),
    commit: (command, state) => commit(run, command, state),
    report: (state) => report(run, state),
    explain: (error, command) => toEvent({ ...readFailure(error), ...(isTimed(command) ? {} : { outOfTime: false }) }),
    changed,
  };
}

async function open(run: ReviewRun): Promise<LoopEvent> {
  const { request, runId, workflowId, startedAt } = run;
  const place = { runId, workflowId, startedAt };
  if (!asksForDraft(request)) {
    run.opened = await workspaceStep('open the artifact').openArtifact({ request, ...place });
    return { type: 'opened', request: run.opened.request, artifact: run.opened.artifact };
  }
  const drafted = (run.drafted ??= await during(run, 'draft', () => draftArtifact(run)));
  run.opened = await workspaceStep('open the draft').openArtifact({ request: withStoredTask(request, drafted), ...place, drafted });
  run.others = reviewOthers(run, run.opened, drafted);
  const { workedMs, usage = noUsage } = drafted;
  return { type: 'opened', request: run.opened.request, artifact: run.opened.artifact, workedMs, usage };
}

async function during<T>(run: ReviewRun, doing: NonNullable<ReviewRun['doing']>, work: () => Promise<T>): Promise<T> {
  run.doing = doing;
  try {
    return await work();
  } finally {
    run.doing = null;
  }
}

// Working time limits these alone; any other step that overruns has failed.
function isTimed(command: Command): boolean {
  return command.do === 'review' || command.do === 'improve';
}

async function improve(run: ReviewRun, command: CommandOf<'improve'>, state: LoopState): Promise<LoopEvent> {
  const { artifact, request, improverQueue, attemptMs, heartbeatTimeoutMs, context } = openedOf(run);
  const limit = Math.min(command.remainingMs, attemptMs[request.improver] ?? command.remainingMs);
  const step = reviewerStep({ queue: improverQueue, summary: `improve #${state.iteration} by ${request.improver}`, attemptMs: limit, heartbeatTimeoutMs });
  const improved = await step.improve({
    runId: run.runId,
    improver: request.improver,
    from: command.from,
    reviewedIn: state.best?.iteration ?? 1,
    refused: state.refused,
    artifact,
    requested: request.requested,
    ...(context === undefined ? {} : { contextSha256: context.sha256 }),
    remainingMs: command.remainingMs,
    attemptMs: limit,
  });
  return { type: 'improved', ...improved };
}

async function wait(run: ReviewRun, state: LoopState): Promise<LoopEvent> {
  await tellBatch(runState(state));
  await condition(() => run.pending !== null);
  const decision = run.pending!;
  run.pending = null;
  return { type: 'decided', decision };
}

// A batch that is gone has nobody to tell.
async function tellBatch(state: RunState): Promise<void> {
  const { parent, workflowId } = workflowInfo();
  if (parent === undefined) return;
  await getExternalWorkflowHandle(parent.workflowId).signal(childWaitsSignal, { workflow_id: workflowId, state }).catch(() => undefined);
}

// Effects are short and exactly once: a cancellation that comes during one takes hold after it.
async function save(run: ReviewRun, { revision }: CommandOf<'save'>): Promise<LoopEvent> {
  const { artifact, heartbeatTimeoutMs } = openedOf(run);
  const saved = await CancellationScope.nonCancellable(() =>
    workspaceStep('save the best revision', heartbeatTimeoutMs).saveRevision({ runId: run.runId, artifact, revision }),
  );
  return { type: 'saved', ...saved };
}

async function commit(run: ReviewRun, { revision }: CommandOf<'commit'>, state: LoopState): Promise<LoopEvent> {
  const { artifact, heartbeatTimeoutMs } = openedOf(run);
  const { score, initialScore, iteration } = standing(state);
  const at = run.startedAt;
  const committed = await CancellationScope.nonCancellable(() =>
    workspaceStep('commit it', heartbeatTimeoutMs).commitRevision({ runId: run.runId, artifact, revision, iteration, score, initialScore, at }),
  );
  return { type: 'committed', ...committed };
}

function standing(state: LoopState): { score: number | null; initialScore: number | null; iteration: number } {
  return { score: state.best?.scorecard.score ?? null, initialScore: state.initial?.scorecard.score ?? null, iteration: state.best?.iteration ?? 1 };
}

async function report(run: ReviewRun, state: LoopState): Promise<LoopEvent> {
  const { artifact, request, heartbeatTimeoutMs, context } = openedOf(run);
  const { runId, workflowId, startedAt } = run;
  const summary = summarizeRun(state);
  const drafted = await during(run, 'others', () => draftReport(run, summary));
  const closedAt = new Date().toISOString();
  run.result = await reportStep('write the report', heartbeatTimeoutMs).publishReport({
    runId, workflowId, startedAt, closedAt, artifact, request: { formats: request.formats, reviewers: request.reviewers }, summary,
    ...(context === undefined ? {} : { context }),
    ...(drafted === undefined ? {} : { drafted }),
  });
  return { type: 'reported' };
}

function openedOf(run: ReviewRun): Opened {
  if (run.opened === null) throw new Error('A step ran before the artifact was opened.');
  return run.opened;
}
