import { errorPolicies, type ErrorSummary } from '#domain/errors.ts';
import type { Outcome, RunState } from '#domain/report.ts';

/** Every exit code of the command line. */
export const exitCodes = {
  /** Target reached, or the command did what it was for. */
  done: 0,
  /** Finished below the target, parked, rejected or cancelled; or an effect that was asked for did not happen. */
  below: 1,
  /** Nothing could be judged: bad input, bad settings, no service. */
  nothing: 2,
  /** Still running, waiting or paused when --wait was over. */
  stillOpen: 3,
  /** Ctrl-C: the run goes on. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const byState: Readonly<Record<RunState, ExitCode>> = {
  completed: exitCodes.below,
  cancelled: exitCodes.below,
  parked: exitCodes.below,
  failed: exitCodes.nothing,
  queued: exitCodes.stillOpen,
  reviewing: exitCodes.stillOpen,
  improving: exitCodes.stillOpen,
  saving: exitCodes.stillOpen,
  waiting_for_decision: exitCodes.stillOpen,
  paused: exitCodes.stillOpen,
};

const byOutcome: Partial<Record<Outcome, ExitCode>> = { target_reached: exitCodes.done, not_judged: exitCodes.nothing };

export interface Ending {
  readonly state: RunState;
  readonly outcome: Outcome | null;
  readonly finalScore: number | null;
  readonly error: ErrorSummary | null;
}

/** The exit code of one run as it stands. */
export function exitCodeOf({ state, outcome, finalScore, error }: Ending): ExitCode {
  if (state !== 'completed') return byState[state];
  if (finalScore === null) return exitCodes.nothing;
  // A save that was asked for and did not happen.
  if (error !== null) return exitCodes.below;
  return (outcome === null ? undefined : byOutcome[outcome]) ?? exitCodes.below;
}

export function exitCodeOfError({ kind }: ErrorSummary): ExitCode {
  return errorPolicies[kind].exitCode;
}

const worstFirst: readonly ExitCode[] = [exitCodes.nothing, exitCodes.stillOpen, exitCodes.below, exitCodes.done];

/** A batch ends as its worst review: 2 before 3 before 1 before 0. Nothing to judge in a folder is `nothing`, in a diff it is `done`. */
export function exitCodeOfBatch(endings: readonly Ending[], empty: ExitCode): ExitCode {
  const codes = endings.map(exitCodeOf);
  return worstFirst.find((code) => codes.includes(code)) ?? empty;
}
