import { hostname } from 'node:os';
import { settingsFingerprint } from '#config.ts';
import { AppError } from '#domain/errors.ts';
import { ownVersion } from '#io/own-files.ts';
import type { Store } from '#store/store.ts';
import type { Reviews } from './reviews.ts';
import { ensureService, type Service } from './services/ensure.ts';
import { findService } from './services/find-service.ts';
import { serviceFiles } from './services/service-files.ts';
import { answers } from './services/tcp.ts';
import type { SessionSettings } from './session-settings.ts';

/** A way to the store and to Temporal. */
export interface Session extends SessionSettings {
  readonly store: Store;
  readonly reviews: Reviews;
  readonly temporal: Pick<Service, 'address' | 'namespace' | 'uiUrl'>;
  close(): Promise<void>;
}

/** A named service may be far away. */
const namedLimitMs = 5_000;

/** How long workers that must be replaced may go on with steps in hand. */
export const drainGraceMs = 20_000;

export interface ServiceWish {
  /** How this program is called again. */
  readonly selfCommand: readonly string[];
  /** Absolute: what relative roots of raw requests are to mean. */
  readonly root: string;
  /** The root was asked for, so a service with another one is replaced. */
  readonly rootIsGiven: boolean;
  /** Leaves when idle; a service that a person starts stays. */
  readonly auto: boolean;
  readonly startIfMissing: boolean;
  readonly say: (line: string) => void;
}

/** Finds or starts the service that a session is to use. Fails as `ensureService` does. */
export function ensureSessionService({ config, environment, external }: SessionSettings, wish: ServiceWish): Promise<Service> {
  const { say, ...wished } = wish;
  return ensureService({
    ...wished,
    stateDir: config.places.stateDir,
    environment,
    progress: say,
    external,
    version: ownVersion(),
    fingerprint: settingsFingerprint(config),
    graceMs: drainGraceMs,
  });
}

/** Where the service that the settings mean answers now; null where none runs. */
export async function runningService({ config, external }: SessionSettings): Promise<Session['temporal'] | null> {
  if (external !== undefined) return (await answers(external.address, namedLimitMs)) ? external : null;
  const found = await findService(serviceFiles(config.places.stateDir));
  return found.kind === 'live' ? found.record : null;
}

export interface Connected {
  readonly reviews: Reviews;
  /** Leaves the store open. */
  disconnect(): Promise<void>;
}

/** Connects to a service that answers. Fails as `connectTemporal` does. */
export async function connectReviews(settings: SessionSettings, store: Store, temporal: Session['temporal']): Promise<Connected> {
  const [{ connectTemporal }, { createReviews }] = await Promise.all([import('./temporal-client.ts'), import('./reviews.ts')]);
  const environment = settings.external === undefined ? {} : { environment: settings.config.temporalEnv };
  const client = await connectTemporal({ address: temporal.address, namespace: temporal.namespace, ...environment });
  const reviews = createReviews({ client, store, host: hostname(), queue: settings.config.settings.temporal.taskQueue });
  return { reviews, disconnect: () => client.connection.close() };
}

/** The same as a session; `close` closes the store too. */
export async function connectSession(settings: SessionSettings, store: Store, temporal: Session['temporal']): Promise<Session> {
  const { reviews, disconnect } = await connectReviews(settings, store, temporal);
  return { ...settings, store, reviews, temporal, close: async () => void (await Promise.all([disconnect(), store.close()])) };
}

/** For what can do without a service: an error that says none answers becomes null, every other one is thrown. */
export function nullIfUnavailable(error: unknown): null {
  if (error instanceof AppError && error.kind === 'Unavailable') return null;
  throw error;
}
