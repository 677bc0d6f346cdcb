import { settingsFingerprint } from '#config.ts';
import { AppError } from '#domain/errors.ts';
import { connectReviews, ensureSessionService, nullIfUnavailable, runningService, type Connected, type Session } from '#client/session.ts';
import type { SessionSettings } from '#client/session-settings.ts';
import { kindOfPath } from '#io/named-files.ts';
import { openSessionStore } from '#client/session-store.ts';
import type { Store } from '#store/store.ts';
import type { McpReading, McpService, McpSession } from './server-options.ts';

export interface WayOptions {
  /** Absolute. */
  readonly cwd: string;
  readonly selfCommand: readonly string[];
  readonly settings: () => Promise<SessionSettings>;
}

type Place = Session['temporal'];

/** The way to store and service: each is opened at its first use, and again only where it has moved. */
export function createWay(options: WayOptions): Pick<McpService, 'open' | 'store' | 'read' | 'close'> {
  const { settings: load } = options;
  const find = serviceFinder(options);
  const connections = keptConnections();
  return {
    open: async (say) => {
      const settings = await load();
      return connections.connect(settings, await find(settings, say));
    },
    store: async () => {
      const settings = await load();
      return isStoreThere(settings) ? connections.store(settings) : null;
    },
    read: async (): Promise<McpReading> => {
      const settings = await load();
      const place = await runningService(settings);
      const session = place === null ? null : await connections.connect(settings, place).catch(nullIfUnavailable);
      return session ?? { store: await connections.store(settings), reviews: null };
    },
    close: () => connections.close(),
  };
}

// Clients ask for what there is as soon as they have started us: that must leave nothing behind on a machine where nothing was.
function isStoreThere({ config }: SessionSettings): boolean {
  const { url } = config.settings.store;
  return !url.startsWith('sqlite:') || kindOfPath(url.slice('sqlite:'.length)) !== null;
}

interface Connections {
  store(settings: SessionSettings): Promise<Store>;
  connect(settings: SessionSettings, place: Place): Promise<McpSession>;
  close(): Promise<void>;
}

function keptConnections(): Connections {
  let store: Promise<Store> | null = null;
  let way: { readonly key: string; readonly connected: Promise<Connected> } | null = null;
  const disconnect = async (): Promise<void> => (await way?.connected.catch(() => undefined))?.disconnect();
  const open = (settings: SessionSettings): Promise<Store> => {
    store ??= openSessionStore(settings);
    const mine = store;
    mine.catch(() => (store = store === mine ? null : store));
    return mine;
  };
  return {
    store: open,
    connect: async (settings, place) => {
      const kept = await open(settings);
      const key = `${place.address} ${place.namespace}`;
      if (way?.key !== key) {
        void disconnect().catch(() => undefined);
        way = { key, connected: connectReviews(settings, kept, place) };
      }
      const mine = way;
      mine.connected.catch(() => (way = way === mine ? null : way));
      return { store: kept, reviews: (await mine.connected).reviews };
    },
    close: async () => {
      await Promise.allSettled([disconnect(), store?.then((opened) => opened.close())]);
      [way, store] = [null, null];
    },
  };
}

// A service that was started with other settings is replaced once. After that whoever comes later decides: two clients with
// different variables would otherwise replace each other's service with every call.
function serviceFinder({ cwd, selfCommand }: WayOptions): (settings: SessionSettings, say: (line: string) => void) => Promise<Place> {
  const listeners = new Set<(line: string) => void>();
  let ensured = '';
  let finding: Promise<Place> | null = null;
  const find = async (settings: SessionSettings): Promise<Place> => {
    const fingerprint = settingsFingerprint(settings.config);
    const mayStart = settings.config.settings.mcp.autostart || settings.external !== undefined;
    const running = mayStart && ensured !== fingerprint ? null : await runningService(settings);
    if (running !== null) return running;
    if (!mayStart) throw new AppError('Unavailable', 'SERVICE_NOT_RUNNING', 'No Koubou service is running. Start one with `koubou up --detach`.');
    const say = (line: string): void => listeners.forEach((listen) => listen(line));
    const place = await ensureSessionService(settings, { selfCommand, root: cwd, rootIsGiven: false, auto: true, startIfMissing: true, say });
    ensured = fingerprint;
    return place;
  };
  return async (settings, say) => {
    listeners.add(say);
    finding ??= find(settings).finally(() => (finding = null));
    return finding.finally(() => listeners.delete(say));
  };
}
