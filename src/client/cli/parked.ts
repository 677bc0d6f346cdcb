import { toSnakeKeys } from '#domain/json-keys.ts';
import { mergeRuns, openLine, type RunLine } from '#client/list-runs.ts';
import type { Call } from './call.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { openReadingSession, type ReadingSession, type Session } from './session.ts';
import { table } from './table.ts';

/** `koubou parked`: runs that failed three times at one step and wait for a person, with the reason. */
export async function parked(call: Call): Promise<ExitCode> {
  const { output, flags, program } = call;
  const reading = await openReadingSession(call);
  try {
    const lines = await (reading.session === null ? storedLines(reading) : askedLines(reading.session));
    if (flags.has('json')) {
      output.json({ schema: 'koubou.runs/1', runs: lines.map((line) => toSnakeKeys(line)) });
      return exitCodes.done;
    }
    const none = reading.session === null ? 'No run is open.\n' : 'No run is parked.\n';
    output.print(table(['RUN', 'ARTIFACT', 'WHY'], lines.map(({ runId, artifact, waitingFor }) => [runId, artifact, waitingFor])) || none);
    if (lines.length > 0) output.say(`Try again: ${program.command} retry ID, or --all. Go on without the step, or end the run: ${program.command} decide ID skip|abort`);
    return exitCodes.done;
  } finally {
    await reading.close();
  }
}

type ParkedLine = RunLine & { readonly waitingFor: string };

async function askedLines({ reviews }: Session): Promise<ParkedLine[]> {
  const runs = await reviews.listOpen(['parked']);
  return Promise.all(runs.map(async (run) => ({ ...openLine(run), waitingFor: (await reviews.progress(run))?.waitingFor ?? 'No worker answers.' })));
}

const shown = 1000;

// Which of the open runs are parked is known to the service alone.
async function storedLines({ store }: ReadingSession): Promise<ParkedLine[]> {
  const lines = mergeRuns(await store.listRuns({ limit: shown }), []);
  return lines.filter(({ closedAt }) => closedAt === null).map((line) => ({ ...line, waitingFor: 'It is open; whether it is parked is known once a service answers.' }));
}
