import type { RunPlace } from '#client/run-place.ts';
import { findVisibleRun } from './run-access.ts';
import type { McpReading } from './server-options.ts';
import { closedStanding, openStanding, type Standing } from './standing.ts';
import type { ToolCall } from './tools/tool.ts';

/** Where a run stands at this moment; starts no service for it. Fails with InvalidInput RUN_UNKNOWN. */
export async function runStanding({ service, principal }: Pick<ToolCall, 'service' | 'principal'>, runId: string): Promise<Standing> {
  const reading = await service.read();
  return standingOf(reading, await findVisibleRun(runId, reading, principal));
}

/** The same of a run that has been found. */
export async function standingOf({ store, reviews }: McpReading, place: RunPlace): Promise<Standing> {
  if (place.closed) return closedStanding(store, place);
  const standing = await openStanding(store, place, (await reviews?.progress(place)) ?? null);
  return reviews === null ? { ...standing, note: noService } : standing;
}

const noService = 'No service answers; this is what was last known. review_wait starts it again where the settings allow that.';
