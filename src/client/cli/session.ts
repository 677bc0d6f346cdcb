import type { RunPlace } from '#client/run-place.ts';
import type { Service } from '#client/services/ensure.ts';
import { connectSession, ensureSessionService, nullIfUnavailable, runningService, type Session } from '#client/session.ts';
import { openSessionStore } from '#client/session-store.ts';
import type { Store } from '#store/store.ts';
import type { Call } from './call.ts';
import { loadCallSettings, type CallSettings } from './call-settings.ts';

export type { Session };

/** A session of a command that also works on what the store holds when no service answers. */
export interface ReadingSession extends CallSettings {
  readonly store: Store;
  /** Null where no service answers; that has been said. */
  readonly session: Session | null;
  close(): Promise<void>;
}

/** Opens a session on the service of the call, which is started where none runs. */
export async function openSession(call: Call, settings?: CallSettings): Promise<Session> {
  const loaded = settings ?? (await loadCallSettings(call));
  const store = await openSessionStore(loaded);
  try {
    return await connectSession(loaded, store, await ensureCallService(call, loaded));
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Opens the store and, where one answers, the service; starts, replaces and ends none. */
export async function openReadingSession(call: Call): Promise<ReadingSession> {
  const loaded = await loadCallSettings(call);
  const [store, place] = await Promise.all([openSessionStore(loaded), runningService(loaded)]);
  const session = place === null ? null : await connectSession(loaded, store, place).catch(nullIfUnavailable);
  if (session === null) call.output.say('koubou: no service answers; this is what the store holds. Runs that are open go on at the next `koubou up` or `koubou review`.');
  return { ...loaded, store, session, close: () => session?.close() ?? store.close() };
}

/** The address of the run in the Web UI of the local service. */
export function webUiLink({ temporal }: Pick<Session, 'temporal'>, { workflowId, runId }: Pick<RunPlace, 'workflowId' | 'runId'>): string | undefined {
  const { uiUrl, namespace } = temporal;
  return uiUrl === undefined ? undefined : `${uiUrl}/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId)}/${runId}/history`;
}

export interface StartGiven {
  /** Leaves when idle; a service that a person starts stays. */
  readonly auto?: boolean;
  /** Absolute: what relative roots of raw requests are to mean. */
  readonly root?: string;
}

/** Finds or starts the service that a call is to use. */
export function ensureCallService({ program, output }: Call, settings: CallSettings, { root, auto = true }: StartGiven = {}): Promise<Service> {
  return ensureSessionService(settings, {
    selfCommand: program.selfCommand,
    root: root ?? program.facts.cwd,
    rootIsGiven: root !== undefined,
    auto,
    startIfMissing: true,
    say: (line) => output.say(line),
  });
}
