import { AppError, summarizeError } from '#domain/errors.ts';
import { toSnakeKeys } from '#domain/json-keys.ts';
import type { Call } from './call.ts';
import { showTaken, userName } from './decide.ts';
import { exitCodeOfError, exitCodes, type ExitCode } from './exit-code.ts';
import { openSession, type Session } from './session.ts';
import { errorObject, sentence } from './tell-error.ts';

/** `koubou retry ID` wakes a parked run, `koubou retry --all` every one: the failed step is tried again. */
export async function retry(call: Call): Promise<ExitCode> {
  const [id] = call.arguments;
  if ((id === undefined) !== call.flags.has('all')) throw new AppError('InvalidInput', 'INPUT_INVALID', 'Name one parked run, or all of them: koubou retry ID, or koubou retry --all.');
  const session = await openSession(call);
  try {
    if (id === undefined) return await retryAll(call, session);
    const place = await session.reviews.find(id);
    const progress = await session.reviews.decide(place, { decision: 'retry', by: userName() });
    showTaken(call, { runId: place.runId, decision: 'retry', progress });
    return exitCodes.done;
  } finally {
    await session.close();
  }
}

async function retryAll(call: Call, { reviews }: Session): Promise<ExitCode> {
  const { output, flags } = call;
  const parked = await reviews.listOpen(['parked']);
  const results: object[] = [];
  let worst: ExitCode = exitCodes.done;
  for (const place of parked) {
    try {
      const progress = await reviews.decide(place, { decision: 'retry', by: userName() });
      results.push({ run_id: place.runId, ...toSnakeKeys(progress) });
      if (!flags.has('json')) showTaken(call, { runId: place.runId, decision: 'retry', progress });
    } catch (error) {
      const summary = summarizeError(error);
      results.push(errorObject(summary, place.runId));
      output.warn(sentence(summary, place.runId));
      worst = Math.max(worst, exitCodeOfError(summary)) as ExitCode;
    }
  }
  if (flags.has('json')) output.json({ schema: 'koubou.retried/1', runs: results });
  else if (parked.length === 0) output.print('No run is parked.\n');
  return worst;
}
