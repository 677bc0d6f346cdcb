import { AppError } from '#domain/errors.ts';
import type { StartedRun } from '#client/start-run.ts';
import type { RunProgress, WaitEnd } from '#client/await-run.ts';
import type { Call } from './call.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import type { Interruption } from './interrupt.ts';
import { showProgress } from './progress-display.ts';
import type { Session } from './session.ts';

export type FollowedRun = Pick<StartedRun, 'kind' | 'runId' | 'workflowId'>;

/** How a wait ended that was not interrupted. */
export type FollowedEnd = Exclude<WaitEnd, { readonly why: 'interrupted' }>;

export interface FollowOptions {
  readonly name: string;
  readonly waitMs?: number | undefined;
  readonly interruption: Interruption;
  readonly onProgress?: (progress: RunProgress) => void;
}

/** How long a second Ctrl-C is waited for (contracts §2). */
const lingerMs = 3_000;

/** Watches a run with live progress until it ends, needs a person, or the time is over; an interruption gives an exit code. */
export async function followRun(call: Call, session: Session, run: FollowedRun, options: FollowOptions): Promise<FollowedEnd | ExitCode> {
  const { output } = call;
  const { reviews } = session;
  const display = showProgress(output, options.name);
  const tellStall = async (): Promise<void> => {
    const sentence = await reviews.silentQueues();
    if (sentence !== '') output.warn(sentence);
  };
  const end = await reviews
    .wait(run, {
      onProgress: (progress: RunProgress) => {
        options.onProgress?.(progress);
        display.update(progress);
      },
      onStall: () => void tellStall().catch(() => undefined),
      waitMs: options.waitMs,
      signal: options.interruption.signal,
    })
    .finally(() => display.end())
    .catch((error: unknown) => {
      output.warn(`The run is not lost; come back to it with: ${call.program.command} wait ${run.runId}`);
      throw error;
    });
  return end.why === 'interrupted' ? leave(call, session, run, options.interruption) : end;
}

async function leave({ output, program }: Call, { reviews }: Session, run: FollowedRun, interruption: Interruption): Promise<ExitCode> {
  const { command } = program;
  output.warn(`\nThe run goes on without you: ${run.runId}`);
  output.warn(`  ${command} wait ${run.runId}     come back to it\n  ${command} cancel ${run.runId}   stop it`);
  if (interruption.by() === 'SIGINT') output.warn(`Ctrl-C again within ${lingerMs / 1_000} s stops it now.`);
  if (await interruption.again(lingerMs)) {
    const stopped = await reviews.cancel(run).then(() => true, hadEnded);
    output.warn(stopped ? 'The run is being stopped; what it has reached is kept.' : 'The run had ended already.');
  }
  return exitCodes.interrupted;
}

function hadEnded(error: unknown): false {
  if (error instanceof AppError && error.code === 'RUN_NOT_OPEN') return false;
  throw error;
}
