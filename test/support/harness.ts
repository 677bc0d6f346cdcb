import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { inject } from 'vitest';
import { openStore } from '#store/open-store.ts';
import type { Store } from '#store/store.ts';
import { createActivities } from '#activities/create-activities.ts';
import { createWorkers, type RunningWorkers } from '#worker.ts';
import { testDependencies, type Reviewing } from './dependencies.ts';

/** Real files, git, store, server and workers; only the reviewers are the test's own. */
export interface Harness {
  readonly client: Client;
  readonly store: Store;
  readonly prefix: string;
  /** The folder that artifacts lie in. */
  readonly root: string;
  readonly workers: RunningWorkers;
  write(path: string, text: string): void;
  start(request: object, type?: string): Promise<WorkflowHandle>;
  /** Events of a run and the bytes of its history. */
  history(handle: WorkflowHandle): Promise<{ events: number; bytes: number; text: string }>;
  stop(): Promise<void>;
}

export async function startHarness(options: Reviewing): Promise<Harness> {
  const folder = mkdtempSync(join(tmpdir(), 'koubou-harness-'));
  const root = join(folder, 'root');
  mkdirSync(root);
  const prefix = `test-${randomUUID().slice(0, 8)}`;
  const store = openStore({ url: `sqlite:${join(folder, 'store.db')}` });
  const address = inject('temporalAddress');
  const [connection, native] = await Promise.all([Connection.connect({ address }), NativeConnection.connect({ address })]);
  const client = new Client({ connection });
  const workers = await createWorkers({
    connection: native,
    namespace: inject('temporalNamespace'),
    prefix,
    activities: createActivities(testDependencies({ ...options, root, store })),
    workflowBundle: { codePath: inject('workflowBundlePath') },
    concurrency: { analysis: 4 },
    shutdownGraceMs: 2_000,
  });
  return {
    client, store, prefix, root, workers,
    write: (path, text) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    },
    start: (request, type = 'review') => client.workflow.start(type, { taskQueue: prefix, workflowId: `${prefix}-${randomUUID().slice(0, 8)}`, args: [request] }),
    history: async (handle) => {
      const history = await handle.fetchHistory();
      const text = JSON.stringify(history.events, (_key, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value));
      const description = await handle.describe();
      return { events: history.events?.length ?? 0, bytes: Number(description.raw.workflowExecutionInfo?.historySizeBytes ?? 0), text };
    },
    stop: async () => {
      await workers.drain();
      await Promise.all([connection.close(), native.close(), store.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
