import { dirname } from 'node:path';
import { ensureDir } from '#io/state-files.ts';
import type { Store } from '#store/store.ts';
import type { SessionSettings } from './session-settings.ts';

/** The store that runs are kept in; opened at its first use. */
export async function openSessionStore({ config }: Pick<SessionSettings, 'config'>): Promise<Store> {
  const { url } = config.settings.store;
  const { openStore } = await import('#store/open-store.ts');
  if (url === `sqlite:${config.places.stateDir}/store.db`) ensureDir(dirname(url.slice('sqlite:'.length)), 0o700);
  return openStore({ url });
}
