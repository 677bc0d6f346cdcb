import type { Call } from './call.ts';
import { closedEnd } from './closed-run.ts';
import type { ExitCode } from './exit-code.ts';
import { finishRun } from './finish-run.ts';
import { followRun, type FollowedEnd } from './follow-run.ts';
import { listenForInterruption } from './interrupt.ts';
import { reportOptions } from './report-options.ts';
import type { RunPlace } from '#client/run-place.ts';
import { openReadingSession, openSession, type Session } from './session.ts';
import { findShownRun, finishOptions } from './shown-run.ts';
import { waitFlag } from './values.ts';

/** `koubou wait ID`: follows a run to its end and ends with its exit code; one that has ended needs no service. */
export async function wait(call: Call): Promise<ExitCode> {
  const waitMs = waitFlag(call.flags);
  const options = reportOptions(call.flags, call.program.facts.cwd, []);
  const reading = await openReadingSession(call);
  try {
    const place = await findShownRun(call, reading);
    const end = place.closed ? await closedEnd(reading.store, place) : await follow(call, reading.session ?? (await openSession(call, reading)), { place, waitMs });
    return typeof end === 'number' ? end : await finishRun(place, end, finishOptions(call, reading, options));
  } finally {
    await reading.close();
  }
}

async function follow(call: Call, session: Session, { place, waitMs }: { readonly place: RunPlace; readonly waitMs: number | undefined }): Promise<FollowedEnd | ExitCode> {
  const interruption = listenForInterruption(call.program.signals);
  try {
    return await followRun(call, session, place, { name: `run ${place.runId}`, waitMs, interruption });
  } finally {
    interruption.release();
  }
}
