import type { Call } from './call.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { openSession } from './session.ts';

/** A run in the middle of saving ends that step first. */
const stopMs = 15_000;

/** `koubou cancel ID`: stops a run; 0 once it has stopped, or is stopping. One that has ended is left alone. */
export async function cancel(call: Call): Promise<ExitCode> {
  const { output, flags, program } = call;
  const session = await openSession(call);
  try {
    const place = await session.reviews.find(call.arguments[0] ?? '');
    const { runId } = place;
    if (!place.closed) await session.reviews.cancel(place);
    const end = place.closed ? 'ended' : (await session.reviews.wait(place, { waitMs: stopMs, passWaiting: true })).why;
    const told = { cancelled: 'was cancelled', ended: 'had ended before', completed: 'had ended before', failed: 'had ended before' };
    const how = told[end as keyof typeof told] ?? 'is being stopped';
    if (flags.has('json')) output.json({ schema: 'koubou.cancelled/1', run_id: runId, cancelled: end === 'cancelled', state: end === 'cancelled' ? 'cancelled' : end });
    else output.print(`Run ${runId} ${how}. What it has reached: ${program.command} result ${runId}\n`);
    return exitCodes.done;
  } finally {
    await session.close();
  }
}
