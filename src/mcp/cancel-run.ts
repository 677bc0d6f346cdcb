import { AppError } from '#domain/errors.ts';
import { awaitStanding, deadlineOf, openInTime } from './await-standing.ts';
import { findVisibleRun } from './run-access.ts';
import { closedStanding, type Standing } from './standing.ts';
import type { ToolCall } from './tools/tool.ts';

/** A run in the middle of saving ends that step first. */
const stopMs = 15_000;

/** Stops a run and waits a moment for it to have stopped. Fails with InvalidInput RUN_UNKNOWN. */
export async function cancelRun(call: ToolCall, runId: string): Promise<Standing> {
  const session = await openInTime(call, await deadlineOf(call));
  const place = await findVisibleRun(runId, session, call.principal);
  if (place.closed) return { ...(await closedStanding(session.store, place)), note: 'The run had ended before.' };
  await session.reviews.cancel(place).catch(ignoreEnded);
  // Whoever stops a run is not asked what it was waiting for.
  const { elicit: _elicit, ...quiet } = call;
  const standing = await awaitStanding(quiet, runId, await deadlineOf(call, stopMs), { passWaiting: true });
  return standing.state === 'cancelled' ? standing : { ...standing, note: 'The run is being stopped.' };
}

function ignoreEnded(error: unknown): void {
  if (!(error instanceof AppError && error.code === 'RUN_NOT_OPEN')) throw error;
}
