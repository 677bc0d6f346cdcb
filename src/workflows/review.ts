import { allHandlersFinished, CancellationScope, condition, isCancellation, setHandler, workflowInfo, defineQuery, defineUpdate } from '@temporalio/workflow';
import { toSnakeKeys } from '#domain/json-keys.ts';
import { decide } from '#domain/loop/decide.ts';
import { progressOf } from '#domain/loop/progress.ts';
import { initialState, isOver, type LoopState } from '#domain/loop/state.ts';
import { bareReport } from '#domain/build-report.ts';
import { describeRaw } from '#domain/raw-request.ts';
import { summarizeRun } from '#domain/run-summary.ts';
import { handleDecision } from './decision.ts';
import { reportStep } from './activity-options.ts';
import { asWorkflowFailure, workflowFailure } from './failures.ts';
import { decideUpdate, progressQuery } from './messages.ts';
import { runLoop } from './review-loop.ts';
import { bindSteps, type ReviewRun } from './review-steps.ts';
import { tellArtifact, tellStanding, tellStory } from './visibility.ts';

/** Reviews one artifact and improves it until the target is reached or a named reason stops it. In and out: contracts §3, §4. */
export async function review(request: unknown): Promise<unknown> {
  const run = startRun(request);
  setHandler(defineQuery<unknown>(progressQuery), () => progress(run));
  handleDecision(defineUpdate<unknown, [unknown]>(decideUpdate), run, () => progress(run));
  try {
    const end = await work(run);
    await condition(allHandlersFinished);
    if (end.command.do === 'fail') throw workflowFailure(end.command.error);
    return run.result ?? toSnakeKeys(bareReport({ ...run, artifact: run.opened?.artifact, summary: summarizeRun(end), closedAt: new Date().toISOString() }));
  } catch (error) {
    throw asWorkflowFailure(error);
  }
}

function startRun(request: unknown): ReviewRun {
  const { firstExecutionRunId, workflowId, startTime } = workflowInfo();
  return { runId: firstExecutionRunId, workflowId, startedAt: startTime.toISOString(), request, drafted: null, others: null, doing: null, opened: null, state: initialState, pending: null, result: null };
}

async function work(run: ReviewRun): Promise<LoopState> {
  const steps = bindSteps(run, (state) => changed(run, state));
  try {
    const end = await runLoop(run.state, steps);
    if (end.command.do === 'fail') return await reportFailure(run, end);
    return run.opened === null ? await closeUnopened(run, end) : end;
  } catch (error) {
    if (!isCancellation(error)) throw error;
    // The partial report is still written; then the run is Canceled.
    await CancellationScope.nonCancellable(async () => {
      const end = await runLoop(decide(run.state, { type: 'cancelled' }), steps);
      if (run.opened === null) await closeUnopened(run, end);
    });
    throw error;
  }
}

// A run that fails after it opened leaves what it found; the failure itself must not be hidden by a second one.
async function reportFailure(run: ReviewRun, end: LoopState): Promise<LoopState> {
  if (run.opened !== null) await bindSteps(run, () => undefined).report(end).catch(() => undefined);
  return end;
}

// Nothing else tells the store of a run that never had an artifact; it ends all the same where that cannot be told.
async function closeUnopened({ request, runId, workflowId, startedAt }: ReviewRun, end: LoopState): Promise<LoopState> {
  const closing = reportStep('keep how it ended').closeUnopened({ ...describeRaw(request), runId, workflowId, startedAt, summary: summarizeRun(end), closedAt: new Date().toISOString() });
  await closing.catch(() => undefined);
  return end;
}

function changed(run: ReviewRun, state: LoopState): void {
  const before = run.state;
  run.state = state;
  if (before.iteration === 0 && run.opened !== null && state.iteration > 0) tellArtifact(run.opened.artifact, run.opened.request);
  if (isNews(before, state)) tellStanding(state);
  tellStory(state, run.opened?.artifact.name ?? 'opening the artifact');
}

// One history event each: a score with which the run goes on, a wait that begins or ends, the end (which tells the last score).
function isNews(before: LoopState, now: LoopState): boolean {
  const waits = (state: LoopState): boolean => state.command.do === 'wait';
  const goesOn = now.iterations.length > before.iterations.length && now.command.do === 'improve';
  return goesOn || waits(now) !== waits(before) || isOver(now);
}

function progress(run: ReviewRun): unknown {
  const { artifact } = run.opened ?? {};
  const { drafted, doing } = run;
  const draft = drafted === null ? {} : { drafted: { by: drafted.by, chosen: drafted.chosen } };
  const facts = { startedAt: run.startedAt, runId: run.runId };
  const place = artifact === undefined ? {} : { artifact: artifact.path ?? artifact.name, ...(artifact.root === undefined ? {} : { root: artifact.root }) };
  return toSnakeKeys(progressOf(run.state, { ...facts, ...place, ...draft, ...(doing === null ? {} : { phase: doing }) }));
}
