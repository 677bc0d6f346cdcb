import { stateOfBatch } from '#domain/batch.ts';
import { toSnakeKeys } from '#domain/json-keys.ts';
import type { Report } from '#domain/report.ts';
import { loadReport } from '#client/run-report.ts';
import { visible } from '#reports/visible.ts';
import { scoreWord } from '#reports/wording.ts';
import type { Store } from '#store/store.ts';
import type { RunPlace } from '#client/run-place.ts';
import type { Call } from './call.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { showStanding } from './finish-run.ts';
import { reportOptions } from './report-options.ts';
import { openReadingSession, type ReadingSession } from './session.ts';
import { findShownRun, finishOptions } from './shown-run.ts';
import { progressText } from './progress-text.ts';

/** `koubou status ID`: where a run stands and what comes next. Its exit code is 0 whatever that is. */
export async function statusOfRun(call: Call): Promise<ExitCode> {
  const reading = await openReadingSession(call);
  try {
    const place = await findShownRun(call, reading);
    const progress = place.closed ? null : ((await reading.session?.reviews.progress(place)) ?? null);
    if (place.closed) await showClosed(call, reading, place);
    else if (progress === null) await showStored(call, reading, place);
    else {
      if (!call.flags.has('json')) call.output.print(`${progressText({ progress, name: progress.artifact ?? `run ${place.runId}` })}\n`);
      showStanding(place, progress, finishOptions(call, reading, reportOptions(call.flags, call.program.facts.cwd, [])));
    }
    return exitCodes.done;
  } finally {
    await reading.close();
  }
}

async function showClosed({ output, flags, program }: Call, { store }: ReadingSession, { kind, runId, workflowId }: RunPlace): Promise<void> {
  const next = `${program.command} result ${runId}`;
  const { facts, text } = await (kind === 'batch' ? closedBatch(store, runId) : closedReview(store, runId));
  if (flags.has('json')) output.json({ schema: 'koubou.progress/1', run_id: runId, workflow_id: workflowId, ...toSnakeKeys(facts), next_step: next });
  else output.print([`Run ${runId} ${text}`, `Next: ${next}`, ''].join('\n'));
}

interface Closed {
  readonly facts: object;
  readonly text: string;
}

async function closedBatch(store: Store, runId: string): Promise<Closed> {
  const { summary } = (await store.getBatch(runId)) ?? {};
  const state = stateOfBatch(summary ?? {});
  if (summary?.error !== undefined) return { facts: { state, error: summary.error }, text: `is failed. ${visible(summary.error.message)}` };
  return { facts: { state, summary: summary ?? null }, text: `is ${state}: ${summary?.ready ?? 0} of ${summary?.total ?? 0} at the target.` };
}

async function closedReview(store: Store, runId: string): Promise<Closed> {
  const report = await loadReport(store, runId);
  if (report === null) return closedWithoutReport(store, runId);
  return { facts: { state: report.state, ...standingOf(report) }, text: `is ${report.state}${scoreText(report)}. ${visible(report.reason)}` };
}

async function closedWithoutReport(store: Store, runId: string): Promise<Closed> {
  const { state = 'failed', error = null } = (await store.getRun(runId)) ?? {};
  return { facts: { state, error }, text: error === null ? `is ${state}.` : `is ${state}. ${visible(error.message)}` };
}

function scoreText({ initialScore, finalScore, targetScore }: Report): string {
  return finalScore === null ? '' : `, score ${scoreWord(initialScore)} -> ${scoreWord(finalScore)} of ${scoreWord(targetScore)}`;
}

function standingOf({ outcome, ready, reason, initialScore, finalScore, targetScore, iterations, startedAt, closedAt, saved, commit, error }: Report): object {
  const scores = iterations.map(({ score }) => score);
  return { outcome, ready, reason, initialScore, finalScore, targetScore, iteration: iterations.length, scores, saved, commit, error, startedAt, closedAt };
}

// No worker answers: what the store knows is the best there is.
async function showStored({ output, flags, program }: Call, { store }: ReadingSession, { runId, workflowId }: RunPlace): Promise<void> {
  const run = await store.getRun(runId);
  const state = run?.state ?? 'queued';
  const next = `${program.command} wait ${runId}`;
  if (flags.has('json')) return output.json({ schema: 'koubou.progress/1', run_id: runId, workflow_id: workflowId, state, iteration: run?.iteration ?? 0, score: run?.score ?? null, next_step: next });
  output.print(`Run ${runId} was last known to be ${state.replaceAll('_', ' ')}; no worker answers.\nNext: ${next}\n`);
}
