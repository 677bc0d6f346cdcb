import { z } from 'zod';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text is a run id by its letters. */
export function isRunId(text: string): boolean {
  return uuid.test(text);
}

/** The longest that a call may be asked to wait; how long it does wait depends on the client. */
export const longestWaitMs = 280_000;

export const runIdField = z.string().toLowerCase().refine(isRunId, 'a run id is a UUID, as review_start and review_list give it').describe('As review_start gave it');

/** What every answer about a run holds at least, told by those tools that models call most; the rest are plain fields beside it. */
export const standingOutput = z.looseObject({
  run_id: z.string(),
  state: z.string(),
  next_step: z.string(),
});
