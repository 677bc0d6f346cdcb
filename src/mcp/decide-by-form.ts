import type { RunProgress } from '#client/await-run.ts';
import type { Decision, DecisionKind } from '#domain/report.ts';
import { visibleLine } from '#reports/visible.ts';
import type { Deadline } from './await-standing.ts';
import type { FormAnswer, ToolCall } from './tools/tool.ts';
import { decisionsIn } from './waiting.ts';

/** Below this nobody reads a form and decides. */
const leastFormMs = 5_000;

/** Asks the person at the client what a waiting run is to do; null where there are no forms, no time, or no answer. */
export async function decideByForm(call: ToolCall, { state, waitingFor = '', artifact }: RunProgress, deadline: Deadline): Promise<Decision | null> {
  const remainingMs = deadline.at - performance.now();
  const open = decisionsIn(state);
  if (call.elicit === undefined || open.length === 0 || remainingMs < leastFormMs) return null;
  const about = artifact === undefined ? '' : `Review of ${visibleLine(artifact)}. `;
  const signal = AbortSignal.any([call.signal, AbortSignal.timeout(Math.ceil(remainingMs))]);
  const answer = await call.elicit({ message: `${about}${visibleLine(waitingFor)}`, decisions: open, asksBudget: state === 'paused' }, signal);
  return answer === null ? null : decisionOf(answer, open, call.clientName);
}

function decisionOf({ decision: word, note = '', budgetUsd }: FormAnswer, open: readonly DecisionKind[], clientName: string): Decision | null {
  const decision = open.find((known) => known === word);
  if (decision === undefined) return null;
  return { decision, ...(note === '' ? {} : { note }), ...(budgetUsd === undefined ? {} : { budgetUsd }), by: byPersonAt(clientName) };
}

function byPersonAt(clientName: string): string {
  return `a person at ${visibleLine(clientName).slice(0, 80) || 'an MCP client'}`;
}
