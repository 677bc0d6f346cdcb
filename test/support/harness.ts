import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { inject } from 'vitest';
import type { Dependencies } from '#activities/dependencies.ts';
import { changedSince, listCandidates } from '#io/git/candidates.ts';
import { commitFile } from '#io/git/commit.ts';
import { inspectGit } from '#io/git/inspect.ts';
import { openArtifactFile } from '#io/files.ts';
import { saveFile } from '#io/save.ts';
import { createRegistry } from '#reviewers/registry.ts';
import type { Improver, Reviewer } from '#reviewers/reviewer.ts';
import { openStore } from '#store/open-store.ts';
import type { Store } from '#store/store.ts';
import { createWorkers, type RunningWorkers } from '../../src/worker.ts';

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

export interface HarnessOptions {
  readonly reviewers: readonly Reviewer[];
  readonly improvers: readonly Improver[];
  readonly heartbeatTimeoutMs?: number;
  readonly queues?: readonly string[];
}

export async function startHarness(options: HarnessOptions): Promise<Harness> {
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
    dependencies: testDependencies({ ...options, root, store }),
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

interface DependencyParts extends HarnessOptions {
  readonly root: string;
  readonly store: Store;
}

export function testDependencies({ reviewers, improvers, root, store, heartbeatTimeoutMs = 3_000 }: DependencyParts): Dependencies {
  const registry = createRegistry({ reviewers, improvers });
  return {
    store,
    registry,
    workspace: { openArtifactFile, saveFile, inspectGit, commitFile, listCandidates, changedSince },
    pathRules: {},
    maxArtifactBytes: 20_000_000,
    heartbeatTimeoutMs,
    defaults: {
      resolveRoot: () => root,
      limits: {},
      profiles: {},
      weights: {},
      criteria: [],
      reviewers: [reviewers[0]!.id],
      improver: improvers[0]!.id,
      save: 'none',
      formats: ['json', 'markdown', 'html'],
      reportFormats: ['json', 'markdown', 'html', 'sarif', 'junit', 'rdjson'],
      asksModel: (id) => registry.reviewer(id).asksModel,
      knowsImprover: (id) => improvers.some((improver) => improver.id === id),
    },
  };
}
