import { errorPolicies, isErrorKind, type ErrorSummary } from '#domain/errors.ts';
import type { Step } from '#domain/report.ts';
import type { Command, LoopState } from './state.ts';

/** An error's words in history and on every screen; what is longer was not written for people. */
const messageLength = 500;

/**
 * What becomes of a run whose step has used up its attempts: it fails, parks, or goes on to its report.
 * A cancelled run waits for nobody any more: it ends.
 *
 * reviewers  those that gave no answer, when the step is a review
 */
export function failStep(state: LoopState, error: ErrorSummary, reviewers: readonly string[] = []): LoopState {
  const step = stepOf(state.command);
  const named = { ...error, message: error.message.slice(0, messageLength), step };
  if (state.cancelled) return { ...state, error: named, command: { do: 'finish' } };
  const fate = fateOf(error);
  if (fate === 'fails') return { ...state, error: named, outcome: null, command: { do: 'fail', error: named } };
  if (fate === 'completes' && (step === 'save' || step === 'commit')) return { ...state, error: named, command: { do: 'report' } };
  return { ...state, parked: { step, error: named, reviewers, command: state.command }, command: { do: 'wait', for: isBudgetSpent(step, error) ? 'budget' : 'parked' } };
}

/** Codes of errors that money or tokens of a day are spent: BUDGET_DAY_USD, BUDGET_DAY_TOKENS. */
const budgetCodes = 'BUDGET_';

// Only these steps are paid for, the first where it drafts; whatever another one says, it has failed.
function isBudgetSpent(step: Step, { code }: ErrorSummary): boolean {
  return (step === 'open' || step === 'review' || step === 'improve') && code.startsWith(budgetCodes);
}

/** A kind that nobody has heard of is a Bug. */
export function fateOf({ kind }: ErrorSummary): 'fails' | 'parks' | 'completes' {
  return errorPolicies[isErrorKind(kind) ? kind : 'Bug'].run;
}

function stepOf(command: Command): Step {
  return command.do === 'wait' || command.do === 'finish' || command.do === 'fail' ? 'report' : command.do;
}
