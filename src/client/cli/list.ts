import { toSnakeKeys } from '#domain/json-keys.ts';
import { mergeRuns } from '#client/list-runs.ts';
import type { Call } from './call.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { runsTable } from './runs-table.ts';
import { openReadingSession } from './session.ts';

/** The newest ones; older ones are found by their id. */
const shown = 100;

/** `koubou list`: all runs, newest first. */
export async function list(call: Call): Promise<ExitCode> {
  const { store, session, close } = await openReadingSession(call);
  try {
    const [stored, open] = await Promise.all([store.listRuns({ limit: shown }), session?.reviews.listOpen() ?? []]);
    const runs = mergeRuns(stored, open);
    if (call.flags.has('json')) call.output.json({ schema: 'koubou.runs/1', runs: runs.map((run) => toSnakeKeys(run)) });
    else call.output.print(runsTable(runs) || `No runs yet. Start one with: ${call.program.command} review PATH\n`);
    return exitCodes.done;
  } finally {
    await close();
  }
}
