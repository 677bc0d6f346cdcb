import type { Decision } from '#domain/report.ts';
import { AppError } from '#domain/errors.ts';
import { deadlineOf, decidedBy, openInTime } from './await-standing.ts';
import { findVisibleRun } from './run-access.ts';
import { openStanding, type Standing } from './standing.ts';
import type { ToolCall } from './tools/tool.ts';

/** Passes a decision on to a run that waits. Fails with InvalidInput RUN_UNKNOWN, RUN_NOT_OPEN, DECISION_REFUSED · Unavailable NO_WORKER. */
export async function decide(call: ToolCall, runId: string, decision: Decision): Promise<Standing> {
  const session = await openInTime(call, await deadlineOf(call));
  const place = await findVisibleRun(runId, session, call.principal);
  if (place.closed) throw new AppError('InvalidInput', 'RUN_NOT_OPEN', 'The run has ended already.');
  return openStanding(session.store, place, await session.reviews.decide(place, { ...decision, ...decidedBy(call) }));
}
