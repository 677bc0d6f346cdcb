import { ApplicationFailure, condition, setHandler } from '@temporalio/workflow';
import type { UpdateDefinition } from '@temporalio/common';
import { decisionProblem } from '#domain/loop/decide-waiting.ts';
import { decisions, type Decision } from '#domain/report.ts';
import type { ReviewRun } from './review-steps.ts';

/** Takes the update `decide`: refused with a reason where it does not fit, else answered with the progress after it took hold. */
export function handleDecision(update: UpdateDefinition<unknown, [unknown]>, run: ReviewRun, progress: () => unknown): void {
  const take = async (raw: unknown): Promise<unknown> => {
    run.pending = readDecision(raw);
    await condition(() => run.pending === null);
    // The loop decides in the turn after it took the decision.
    await Promise.resolve();
    return progress();
  };
  setHandler(update, take, { validator: (raw) => validate(run, raw) });
}

function validate(run: ReviewRun, raw: unknown): void {
  const problem = run.pending === null ? decisionProblem(run.state, readDecision(raw)) : 'Another decision is being taken in; look at the progress first.';
  if (problem !== null) throw refusal(problem, 'DECISION_REFUSED');
}

const known: readonly string[] = ['decision', 'note', 'by', 'budget_usd', 'budget_tokens'];

function readDecision(raw: unknown): Decision {
  if (typeof raw !== 'object' || raw === null) throw refusal('A decision is an object { "decision", "note"?, "by"?, "budget_usd"?, "budget_tokens"? }.');
  const { decision, note, by, budget_usd: budgetUsd, budget_tokens: budgetTokens } = raw as Record<string, unknown>;
  const kind = decisions.find((candidate) => candidate === decision);
  const unknown = Object.keys(raw).find((key) => !known.includes(key));
  if (kind === undefined) throw refusal(`"decision" is one of ${decisions.join(', ')}.`);
  if (unknown !== undefined) throw refusal(`A decision has no field "${unknown}".`);
  return {
    decision: kind,
    ...(typeof note === 'string' ? { note } : {}),
    ...(typeof by === 'string' ? { by } : {}),
    ...(typeof budgetUsd === 'number' ? { budgetUsd } : {}),
    ...(typeof budgetTokens === 'number' ? { budgetTokens } : {}),
  };
}

function refusal(message: string, code = 'INPUT_INVALID'): ApplicationFailure {
  return ApplicationFailure.create({ type: 'InvalidInput', message, nonRetryable: true, details: [{ code }] });
}
