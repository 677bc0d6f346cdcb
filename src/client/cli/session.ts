import { hostname } from 'node:os';
import { settingsFingerprint } from '#config.ts';
import { AppError } from '#domain/errors.ts';
import { ownVersion } from '#io/own-files.ts';
import type { Store } from '#store/store.ts';
import type { Reviews } from '#client/reviews.ts';
import type { RunPlace } from '#client/run-place.ts';
import { ensureService, type Service } from '#client/services/ensure.ts';
import { findService } from '#client/services/find-service.ts';
import { serviceFiles } from '#client/services/service-files.ts';
import { answers } from '#client/services/tcp.ts';
import type { Call } from './call.ts';
import { loadCallSettings, type CallSettings } from './call-settings.ts';
import { openCallStore } from './open-store.ts';

/** A call's way to the store and to Temporal. */
export interface Session extends CallSettings {
  readonly store: Store;
  readonly reviews: Reviews;
  readonly temporal: Pick<Service, 'address' | 'namespace' | 'uiUrl'>;
  close(): Promise<void>;
}

/** A session of a command that also works on what the store holds when no service answers. */
export interface ReadingSession extends CallSettings {
  readonly store: Store;
  /** Null where no service answers; that has been said. */
  readonly session: Session | null;
  close(): Promise<void>;
}

/** A named service may be far away. */
const namedLimitMs = 5_000;

/** How long workers that must be replaced may go on with steps in hand. */
export const drainGraceMs = 20_000;

/** Opens a session on the service of the call, which is started where none runs. */
export async function openSession(call: Call, settings?: CallSettings): Promise<Session> {
  const loaded = settings ?? (await loadCallSettings(call));
  const store = await openCallStore(loaded);
  try {
    return await connect(loaded, store, await ensureCallService(call, loaded));
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Opens the store and, where one answers, the service; starts, replaces and ends none. */
export async function openReadingSession(call: Call): Promise<ReadingSession> {
  const loaded = await loadCallSettings(call);
  const [store, place] = await Promise.all([openCallStore(loaded), runningService(loaded)]);
  const session = place === null ? null : await connect(loaded, store, place).catch(nullIfUnavailable);
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
export function ensureCallService({ program, output }: Call, { config, environment, external }: CallSettings, given: StartGiven = {}): Promise<Service> {
  return ensureService({
    stateDir: config.places.stateDir,
    selfCommand: program.selfCommand,
    environment,
    root: given.root ?? program.facts.cwd,
    rootIsGiven: given.root !== undefined,
    auto: given.auto ?? true,
    progress: (line) => output.say(line),
    external,
    version: ownVersion(),
    fingerprint: settingsFingerprint(config),
    startIfMissing: true,
    graceMs: drainGraceMs,
  });
}

/** Where the service of the call answers now; null where none runs. */
export async function runningService({ config, external }: CallSettings): Promise<Session['temporal'] | null> {
  if (external !== undefined) return (await answers(external.address, namedLimitMs)) ? external : null;
  const found = await findService(serviceFiles(config.places.stateDir));
  return found.kind === 'live' ? found.record : null;
}

async function connect(settings: CallSettings, store: Store, temporal: Session['temporal']): Promise<Session> {
  const [{ connectTemporal }, { createReviews }] = await Promise.all([import('#client/temporal-client.ts'), import('#client/reviews.ts')]);
  const environment = settings.external === undefined ? {} : { environment: settings.config.temporalEnv };
  const client = await connectTemporal({ address: temporal.address, namespace: temporal.namespace, ...environment });
  const reviews = createReviews({ client, store, host: hostname(), queue: settings.config.settings.temporal.taskQueue });
  const close = async (): Promise<void> => void (await Promise.all([client.connection.close(), store.close()]));
  return { ...settings, store, reviews, temporal, close };
}

function nullIfUnavailable(error: unknown): null {
  if (error instanceof AppError && error.kind === 'Unavailable') return null;
  throw error;
}
