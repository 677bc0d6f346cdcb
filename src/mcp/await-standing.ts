import { setTimeout as sleep } from 'node:timers/promises';
import type { WaitEnd } from '#client/await-run.ts';
import { progressParts } from '#client/progress-words.ts';
import type { RunPlace } from '#client/run-place.ts';
import { AppError } from '#domain/errors.ts';
import type { Decision } from '#domain/report.ts';
import { visibleLine } from '#reports/visible.ts';
import { decideByForm } from './decide-by-form.ts';
import { findVisibleRun } from './run-access.ts';
import type { McpSession } from './server-options.ts';
import { closedStanding, openStanding, type Standing } from './standing.ts';
import type { ToolCall } from './tools/tool.ts';
import { waitLimitMs } from './wait-limit.ts';

/** Until when a call may go on, by the clock of `performance.now`. */
export interface Deadline {
  readonly at: number;
}

/** What remains of a call that began now, as its client and its own argument limit it. */
export async function deadlineOf({ service, clientName }: ToolCall, askedMs = Infinity): Promise<Deadline> {
  const begun = performance.now();
  const { config } = await service.settings();
  return { at: begun + Math.min(askedMs, waitLimitMs(clientName, config.settings)) };
}

/**
 * Opens what a run needs, within the time of the call: setting up a machine for the first time takes minutes.
 *
 * Fails   Unavailable SERVICE_STARTING, and as `McpService.open`
 */
export async function openInTime({ service, progress, signal }: ToolCall, { at }: Deadline): Promise<McpSession> {
  const late = new AbortController();
  const tooLate = sleep(Math.max(leastOpenMs, at - performance.now()), undefined, { signal: late.signal }).then(() => {
    throw new AppError('Unavailable', 'SERVICE_STARTING', 'The local service is still being set up or started; that goes on.');
  });
  const given = new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(clientGone()), { once: true, signal: late.signal }));
  const opening = service.open(progress);
  opening.catch(() => undefined);
  tooLate.catch(() => undefined);
  try {
    return await Promise.race([opening, tooLate, given]);
  } finally {
    late.abort();
  }
}

/** A service that runs is found and connected to in less. */
const leastOpenMs = 10_000;
const reopenPauseMs = 1_000;

/**
 * Waits for a run until it ends, needs a person, or the call's time is over. Where the client has forms the person is asked, and the
 * waiting goes on. A service that is started again meanwhile is waited for too. Nothing that happens here ends a run.
 */
export async function awaitStanding(call: ToolCall, runId: string, deadline: Deadline, manner: Manner = {}): Promise<Standing> {
  let place: RunPlace | null = null;
  for (;;) {
    try {
      const session = await openInTime(call, deadline);
      place ??= await findVisibleRun(runId, session, call.principal);
      if (place.closed) return await closedStanding(session.store, place);
      const seen = await watch(call, session, { ...manner, place, deadline });
      if (seen !== 'again') return seen;
    } catch (error) {
      if (!isPassing(error) || performance.now() + reopenPauseMs >= deadline.at || call.signal.aborted) throw error;
      call.progress('The service does not answer at this moment; trying again.');
      await sleep(reopenPauseMs, undefined, { signal: call.signal }).catch(() => undefined);
    }
  }
}

export interface Manner {
  /** Goes on waiting while the run needs a person. */
  readonly passWaiting?: boolean;
}

interface Watched extends Manner {
  readonly place: RunPlace;
  readonly deadline: Deadline;
}

async function watch(call: ToolCall, session: McpSession, { place, deadline, passWaiting = false }: Watched): Promise<Standing | 'again'> {
  const { reviews, store } = session;
  let note = '';
  const tellStall = async (): Promise<void> => {
    note = await reviews.silentQueues();
    if (note !== '') call.progress(note);
  };
  const end = await reviews.wait(place, {
    waitMs: Math.max(0, deadline.at - performance.now()),
    signal: call.signal,
    passWaiting,
    onProgress: (progress) => call.progress(progressParts(progress).join(', ')),
    onStall: () => void tellStall().catch(() => undefined),
  });
  if (end.why === 'needs_person' && (await askPerson(call, session, { place, deadline, end }))) return 'again';
  // A call that hardly waits has not asked yet, and what the store knows says nothing of a decision that is waited for.
  const asked = end.why === 'time_up' && end.progress === null ? await reviews.progress(place) : null;
  const standing = 'progress' in end ? await openStanding(store, place, end.progress ?? asked) : await closedStanding(store, place);
  return note === '' ? standing : { ...standing, note };
}

interface Asked extends Watched {
  readonly end: Extract<WaitEnd, { why: 'needs_person' }>;
}

async function askPerson(call: ToolCall, { reviews }: McpSession, { place, deadline, end }: Asked): Promise<boolean> {
  const decision = await decideByForm(call, end.progress, deadline);
  if (decision === null) return false;
  await reviews.decide(place, decision);
  return true;
}

/** For the history of the run: which client passed the decision on. */
export function decidedBy({ clientName }: Pick<ToolCall, 'clientName'>): Pick<Decision, 'by'> & { by: string } {
  return { by: `mcp ${visibleLine(clientName).slice(0, 80)}`.trim() };
}

function isPassing(error: unknown): boolean {
  return error instanceof AppError && error.kind === 'Unavailable' && ['SERVICE_UNREACHABLE', 'SERVICE_NOT_ANSWERING', 'SERVICE_FAILED'].includes(error.code);
}

function clientGone(): AppError {
  return new AppError('Unavailable', 'CLIENT_GONE', 'The client gave up on the call; what was started goes on.');
}
