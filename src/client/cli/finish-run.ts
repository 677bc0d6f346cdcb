import { toCamelKeys, toSnakeKeys } from '#domain/json-keys.ts';
import type { Report } from '#domain/report.ts';
import { cancelledReport, loadBatchReport, loadReport } from '#client/run-report.ts';
import type { RunProgress } from '#client/await-run.ts';
import { visible } from '#reports/visible.ts';
import { exitCodeOf, exitCodes, type ExitCode } from './exit-code.ts';
import type { FollowedEnd, FollowedRun } from './follow-run.ts';
import type { ReadingSession } from './session.ts';
import { showBatch } from './show-batch.ts';
import { showReport, type ShowContext } from './show-report.ts';
import { tellFailure } from './tell-error.ts';

export interface FinishOptions extends ShowContext {
  readonly store: ReadingSession['store'];
  /** Of a batch without a single file. */
  readonly empty: ExitCode;
}

/** Shows what a wait came to, and gives the exit code. */
export async function finishRun(run: FollowedRun, end: FollowedEnd, options: FinishOptions): Promise<ExitCode> {
  switch (end.why) {
    case 'completed':
      return run.kind === 'batch' ? finishBatch(run, options) : showReport((await loadReport(options.store, run.runId)) ?? (toCamelKeys(end.result) as Report), options);
    case 'cancelled':
      return run.kind === 'batch' ? showCancelledBatch(run, options) : showReport(await cancelledReport(options.store, run), options);
    case 'failed': {
      const report = await loadReport(options.store, run.runId);
      return report === null ? tellFailure(end.error, { output: options.output, json: options.options.print === 'json', runId: run.runId }) : showReport(report, options);
    }
    default:
      return showStanding(run, end.progress, options);
  }
}

async function finishBatch({ runId }: FollowedRun, options: FinishOptions): Promise<ExitCode> {
  const batch = await options.store.getBatch(runId);
  if (batch !== null) return showBatch(await loadBatchReport(options.store, batch), options, options.empty);
  return tellFailure({ kind: 'Unavailable', code: 'BATCH_MISSING', message: 'The batch has ended, but this store does not hold it. Name the store of its workers in store.url.' }, { output: options.output, json: options.options.print === 'json', runId });
}

// Started by an older program, or kept in another store: then nothing was recorded of its end.
async function showCancelledBatch({ runId }: FollowedRun, options: FinishOptions): Promise<ExitCode> {
  const batch = await options.store.getBatch(runId);
  if (batch?.summary !== undefined) return showBatch(await loadBatchReport(options.store, batch), options, options.empty);
  if (options.options.print === 'json') options.output.json({ schema: 'koubou.batch/1', run_id: runId, state: 'cancelled', reports: [] });
  else options.output.print(`Cancelled. What its reviews have reached is kept: ${options.command} list\n`);
  return exitCodes.below;
}

/** A run that has not ended: where it stands and what can be done. */
export function showStanding(run: FollowedRun, progress: RunProgress | null, { output, options, command }: ShowContext): ExitCode {
  const state = progress?.state ?? 'queued';
  if (options.print === 'json') output.json(standingJson(run, progress));
  else output.print(standingText(run, progress, command));
  return exitCodeOf({ state, outcome: null, finalScore: null, error: null });
}

export function standingJson({ runId, workflowId }: FollowedRun, progress: RunProgress | null): object {
  return { schema: 'koubou.progress/1', run_id: runId, workflow_id: workflowId, ...(progress === null ? { state: 'queued' } : toSnakeKeys(progress)) };
}

function standingText({ runId }: FollowedRun, progress: RunProgress | null, command: string): string {
  const waiting = progress?.waitingFor;
  const next = (progress?.nextStep ?? `koubou wait ${runId}`).replace(/^koubou /, `${command} `);
  const state = (progress?.state ?? 'queued').replaceAll('_', ' ');
  return [`Run ${runId} is ${state}.`, ...(waiting === undefined ? [] : [visible(waiting)]), `Next: ${next}`, ''].join('\n');
}
