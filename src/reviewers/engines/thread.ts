import { parentPort, workerData } from 'node:worker_threads';
import type { Engine, EngineDocument, EngineEntry, EngineOutput, RawFinding } from './engine.ts';
import { engines } from './list.ts';

/** What the thread is started with; another list of engines is for tests. */
export interface ThreadSettings {
  /** URL of a module that exports `engines`. */
  readonly enginesModule?: string;
}

/** One engine, one document. */
export interface EngineCall {
  readonly engine: string;
  readonly document: EngineDocument;
}

/** Without a document the engine is only made ready. */
export type ThreadCall = Pick<EngineCall, 'engine'> & Partial<EngineCall>;

/** Never holds text of the document beyond the findings' own messages. */
export type ThreadAnswer = { readonly output: EngineOutput } | { readonly crash: string };

const nothingFound: EngineOutput = { findings: [], parses: null };

// Standard output carries results only, and nobody reads what a library prints here.
for (const stream of [process.stdout, process.stderr]) stream.write = () => true;

const { enginesModule } = (workerData ?? {}) as ThreadSettings;
const loaded = new Map<string, Engine>();

async function listed(): Promise<readonly EngineEntry[]> {
  if (enginesModule === undefined) return engines;
  return ((await import(enginesModule)) as { engines: readonly EngineEntry[] }).engines;
}

async function engineOf(id: string): Promise<Engine> {
  const known = loaded.get(id);
  if (known !== undefined) return known;
  const entry = (await listed()).find((candidate) => candidate.id === id);
  if (entry === undefined) throw new TypeError(`There is no engine '${id}'.`);
  const engine = await entry.load();
  loaded.set(id, engine);
  return engine;
}

async function answer({ engine, document }: ThreadCall): Promise<ThreadAnswer> {
  try {
    const ready = await engineOf(engine);
    if (document === undefined) return { output: nothingFound };
    const output = await ready.analyze(document);
    return { output: { ...output, findings: firstOfEachRule(output.findings) } };
  } catch (error) {
    // Only the name: messages of parsers and panics quote the text.
    return { crash: error instanceof Error ? error.name : 'an unknown error' };
  }
}

/** At most so many findings of one rule leave the thread, the first ones: a generated file must not fill memory and store. */
const perRuleLimit = 500;

function firstOfEachRule(findings: readonly RawFinding[]): RawFinding[] {
  const counts = new Map<string, number>();
  return findings
    .toSorted((a, b) => a.start - b.start)
    .filter(({ ruleId }) => {
      counts.set(ruleId, (counts.get(ruleId) ?? 0) + 1);
      return counts.get(ruleId)! <= perRuleLimit;
    });
}

parentPort?.on('message', (call: ThreadCall) => {
  void answer(call).then((result) => parentPort?.postMessage(result));
});
