import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '#store/open-store.ts';
import type { Store } from '#store/store.ts';

export interface TemporaryStore {
  readonly store: Store;
  readonly folder: string;
  dispose(): Promise<void>;
}

/** A real store in a folder of its own. */
export function temporaryStore(): TemporaryStore {
  const folder = mkdtempSync(join(tmpdir(), 'koubou-store-'));
  const store = openStore({ url: `sqlite:${join(folder, 'store.db')}` });
  return {
    store,
    folder,
    dispose: async () => {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
