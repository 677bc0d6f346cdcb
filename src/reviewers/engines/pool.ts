import { ownEntry } from '#io/own-files.ts';
import type { EngineEntry } from './engine.ts';
import { engines as ownEngines } from './list.ts';
import { createPoolThread, type CallLimits, type EngineAnswer, type ThreadLimits } from './pool-thread.ts';
import type { EngineCall } from './thread.ts';
import { createTurns } from './turns.ts';

/** Runs engines in threads of their own, so that one that hangs, crashes or eats memory costs one call and nothing else. */
export interface EnginePool {
  readonly engines: readonly EngineEntry[];
  /**
   * One engine on one document; waits for a free thread, which does not count as working time.
   *
   * Fails   with the signal's reason when it aborts; whatever the engine does is in the answer
   */
  run(call: EngineCall, limits: CallLimits): Promise<EngineAnswer>;
  /** Ends all threads; calls that wait are answered with an error. */
  close(): Promise<void>;
}

export interface PoolOptions {
  /** Threads; each costs up to 1 GB with all engines loaded. */
  readonly size?: number;
  readonly limits?: Partial<ThreadLimits>;
  /** Other engines than our own, for tests: the list and the URL of the module that exports it as `engines`. */
  readonly engines?: { readonly list: readonly EngineEntry[]; readonly module: string };
}

const defaultLimits: ThreadLimits = { engineTimeoutMs: Infinity, loadMs: 60_000, heapMb: 1_024, growthMb: 1_536, recycleAfterCalls: 1_000, recycleGrowthMb: 1_024, stackMb: 16 };

export function createEnginePool(options: PoolOptions = {}): EnginePool {
  const limits = { ...defaultLimits, ...options.limits };
  const settings = options.engines === undefined ? {} : { enginesModule: options.engines.module };
  const threads = Array.from({ length: options.size ?? 1 }, () => createPoolThread(ownEntry('reviewers/engines/thread'), settings, limits));
  const turns = createTurns(threads);
  let isClosed = false;
  return {
    engines: options.engines?.list ?? ownEngines,
    run: async (call, callLimits) => {
      const thread = await turns.take(callLimits.signal);
      try {
        return isClosed ? { error: 'The engines have been closed.', durationMs: 0 } : await thread.call(call, callLimits);
      } finally {
        turns.giveBack(thread);
      }
    },
    close: async () => {
      isClosed = true;
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}
