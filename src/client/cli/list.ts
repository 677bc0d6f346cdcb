import { toSnakeKeys } from '#domain/json-keys.ts';
import { batchLine } from '#client/batch-lines.ts';
import { mergeRuns, type RunLine } from '#client/list-runs.ts';
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
    const [stored, batches, open] = await Promise.all([store.listRuns({ limit: shown }), store.listBatches(shown), session?.reviews.listOpen() ?? []]);
    const runs = newest(mergeRuns(stored, open, batches.map(batchLine)));
    if (call.flags.has('json')) call.output.json({ schema: 'koubou.runs/1', runs: runs.map((run) => toSnakeKeys(run)) });
    else call.output.print(runsTable(runs) || `No runs yet. Start one with: ${call.program.command} review PATH\n`);
    return exitCodes.done;
  } finally {
    await close();
  }
}

// Beyond the newest ones either kind may have gaps; open runs are all shown.
function newest(runs: readonly RunLine[]): RunLine[] {
  return runs.filter(({ closedAt }, index) => closedAt === null || index < shown);
}
