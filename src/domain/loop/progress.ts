import { closedStates, type DraftReport, type RunState } from '#domain/report.ts';
import { suspicionsOf } from './gate.ts';
import { isMoneySpent, tokensOf } from './next-command.ts';
import type { Command, LoopState } from './state.ts';

/** What the query `progress` answers (snake_case on the wire). */
export interface Progress {
  readonly state: RunState;
  readonly iteration: number;
  readonly maxIterations: number;
  readonly score: number | null;
  readonly targetScore: number;
  /** What is being done at this moment: draft, open, review, improve, save, commit, others (files that were drafted beside), report, wait, done. */
  readonly phase: string;
  /** Score per iteration so far. */
  readonly scores: readonly (number | null)[];
  /** Whom or what a waiting run waits for, in one sentence. */
  readonly waitingFor?: string;
  /** What is to be decided about, by hash: the text that was given and the best that was made of it. Only while a run waits for a person. */
  readonly revisions?: { readonly first: string; readonly best: string };
  readonly startedAt: string;
  /** What the reader can do now, in one sentence. */
  readonly nextStep: string;
  readonly artifact?: string;
  readonly root?: string;
  /** What a model made of the task, as soon as it is there. */
  readonly drafted?: Omit<DraftReport, 'files'>;
}

const stateOfCommand: Readonly<Record<Command['do'], RunState>> = {
  open: 'reviewing', review: 'reviewing', improve: 'improving', save: 'saving', commit: 'saving', report: 'saving',
  wait: 'waiting_for_decision', finish: 'completed', fail: 'failed',
};

export function runState(state: LoopState): RunState {
  if (state.command.do === 'wait') {
    if (state.command.for === 'parked') return 'parked';
    return state.command.for === 'budget' ? 'paused' : 'waiting_for_decision';
  }
  return state.command.do === 'finish' && state.cancelled ? 'cancelled' : stateOfCommand[state.command.do];
}

export interface ProgressFacts {
  readonly startedAt: string;
  readonly runId: string;
  readonly artifact?: string;
  readonly root?: string;
  readonly drafted?: Omit<DraftReport, 'files'>;
  /** Overrides what the command says: draft, others. */
  readonly phase?: string;
}

export function progressOf(state: LoopState, { runId, phase, ...facts }: ProgressFacts): Progress {
  const waitingFor = waitSentence(state);
  return {
    ...facts,
    state: runState(state),
    iteration: state.iteration,
    maxIterations: state.limits.maxIterations,
    score: state.best?.scorecard.score ?? null,
    targetScore: state.limits.targetScore,
    phase: phase ?? phaseOf(state.command),
    scores: state.iterations.map((iteration) => iteration.score),
    ...(waitingFor === undefined ? {} : { waitingFor }),
    ...revisionsOf(state),
    nextStep: nextStep(state, runId),
  };
}

function revisionsOf({ command, initial, best }: LoopState): Pick<Progress, 'revisions'> {
  if (command.do !== 'wait' || initial === null || best === null) return {};
  return { revisions: { first: initial.revision.sha256, best: best.revision.sha256 } };
}

function phaseOf(command: Command): string {
  return command.do === 'finish' || command.do === 'fail' ? 'done' : command.do;
}

function waitSentence(state: LoopState): string | undefined {
  if (state.command.do !== 'wait') return undefined;
  if (state.command.for === 'approval') return 'A decision: approve or reject saving the improved revision.';
  if (state.command.for === 'suspicion') return `A decision: approve or reject a result whose text speaks to its judges. ${suspicionsOf(state.best)[0] ?? ''}`.trimEnd();
  if (state.command.for === 'budget') return state.parked?.error.message ?? `A higher budget: this run has spent ${state.costUsd.toFixed(2)} USD and ${tokensOf(state)} tokens.`;
  const { step, error } = state.parked ?? { step: 'review', error: { code: 'UNKNOWN', message: '' } };
  return `A decision: the step ${step} failed (${error.code}). ${error.message}`.trimEnd();
}

function nextStep(state: LoopState, runId: string): string {
  const current = runState(state);
  // Without an artifact there is nothing to go on with.
  if (current === 'parked') return `koubou decide ${runId} ${state.parked?.step === 'open' ? 'retry|abort' : 'retry|skip|abort'}`;
  if (current === 'paused') return `koubou decide ${runId} continue${isMoneySpent(state) ? ' --budget-usd N' : ''}`;
  if (current === 'waiting_for_decision') return `koubou decide ${runId} approve|reject`;
  return closedStates.includes(current) ? `koubou result ${runId}` : `koubou wait ${runId}`;
}
