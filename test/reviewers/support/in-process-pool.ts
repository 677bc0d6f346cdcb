import type { Engine, EngineEntry } from '#reviewers/engines/engine.ts';
import type { EnginePool } from '#reviewers/engines/pool.ts';

/** The pool's contract without threads: for tests of what is made of the engines' answers. */
export function inProcessPool(entries: readonly EngineEntry[]): EnginePool & { readonly asked: string[] } {
  const loaded = new Map<string, Promise<Engine>>();
  const asked: string[] = [];
  return {
    asked,
    engines: entries,
    run: async ({ engine, document }, { signal }) => {
      signal.throwIfAborted();
      asked.push(engine);
      const entry = entries.find(({ id }) => id === engine)!;
      const load = loaded.get(engine) ?? entry.load();
      loaded.set(engine, load);
      try {
        return { output: await (await load).analyze(document), durationMs: 1 };
      } catch (error) {
        return { error: `It crashed (${(error as Error).name}).`, durationMs: 1 };
      }
    },
    close: () => Promise.resolve(),
  };
}

/** An engine made of one function, for any language. */
export function engineOf(id: string, analyze: Engine['analyze'], judges: EngineEntry['judges'] = { python: ['syntax', 'logic'] }): EngineEntry {
  return { id, version: '1', judges, depths: ['full', 'syntax'], load: () => Promise.resolve({ analyze }) };
}
