import { Worker } from 'node:worker_threads';
import type { EngineOutput } from './engine.ts';
import type { EngineCall, ThreadAnswer, ThreadCall, ThreadSettings } from './thread.ts';

type ThreadOutcome = { readonly output: EngineOutput } | { readonly error: string };

/** What became of one call: an answer, or in short why there is none. */
export type EngineAnswer = ThreadOutcome & {
  /** Working time: neither the wait for a free thread nor the engine's loading. */
  readonly durationMs: number;
};

export interface CallLimits {
  /** Working time of this call. */
  readonly timeoutMs: number;
  /** Ends the call and its thread at once; the call then rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Performs what is no working time of the caller's: loading. */
  readonly aside?: <T>(work: () => Promise<T>) => Promise<T>;
}

export interface ThreadLimits {
  /** The most one engine may take on one document, whatever time the call has. */
  readonly engineTimeoutMs: number;
  /** The most an engine may take to load: 1 to 2 s on an idle machine, many times that on a busy one. */
  readonly loadMs: number;
  /** JavaScript heap of the thread. */
  readonly heapMb: number;
  /** How far the whole process may grow during one call: WebAssembly memory is no part of the heap. */
  readonly growthMb: number;
  /** A thread is replaced after so many calls, since WebAssembly never gives memory back … */
  readonly recycleAfterCalls: number;
  /** … and once the process has grown so far since the thread began. */
  readonly recycleGrowthMb: number;
  /** Stack of the thread: parsers descend once for every bracket. */
  readonly stackMb: number;
}

/** One warm thread that is started when it is first needed and replaced when it has misbehaved or grown. One call at a time. */
export interface PoolThread {
  call(call: EngineCall, limits: CallLimits): Promise<EngineAnswer>;
  close(): Promise<void>;
}

const watchEveryMs = 200;
const megabyte = 1_048_576;

interface Running {
  readonly worker: Worker;
  readonly bytesAtStart: number;
  readonly loaded: Set<string>;
  calls: number;
}

export function createPoolThread(entry: URL, settings: ThreadSettings, limits: ThreadLimits): PoolThread {
  let running: Running | null = null;
  const ending = new Set<Promise<unknown>>();

  const start = (): Running => {
    const resourceLimits = { maxOldGenerationSizeMb: limits.heapMb, stackSizeMb: limits.stackMb };
    // No variable of ours reaches an engine, nothing it prints reaches our standard output (the thread drops it: reading it here would keep the process alive).
    const worker = new Worker(entry, { workerData: settings, resourceLimits, env: {}, execArgv: [], stdout: true, stderr: true });
    // Replaced below by the listeners of a call; between calls a crash only means that the next call starts anew.
    worker.on('error', () => undefined);
    return { worker, bytesAtStart: process.memoryUsage.rss(), loaded: new Set(), calls: 0 };
  };

  const stop = (): void => {
    if (running === null) return;
    const end = running.worker.terminate().finally(() => ending.delete(end));
    ending.add(end);
    running = null;
  };

  const call = async (engineCall: EngineCall, callLimits: CallLimits): Promise<EngineAnswer> => {
    callLimits.signal.throwIfAborted();
    const thread = (running ??= start());
    thread.calls += 1;
    thread.worker.ref();
    const loading = await load(thread, engineCall.engine, { ...callLimits, timeoutMs: limits.loadMs, growthMb: limits.growthMb });
    const startedAt = performance.now();
    const timeoutMs = Math.min(callLimits.timeoutMs, limits.engineTimeoutMs);
    const result = loading ?? (await converse(thread.worker, engineCall, { ...callLimits, timeoutMs, growthMb: limits.growthMb }));
    thread.worker.unref();
    const grown = process.memoryUsage.rss() - thread.bytesAtStart > limits.recycleGrowthMb * megabyte;
    // After an exception a WebAssembly heap may be in pieces.
    if ('error' in result || 'aborted' in result || grown || thread.calls >= limits.recycleAfterCalls) stop();
    if ('aborted' in result) throw callLimits.signal.reason;
    return { ...result, durationMs: Math.round(performance.now() - startedAt) };
  };

  return {
    call,
    close: async () => {
      stop();
      await Promise.all(ending);
    },
  };
}

type Outcome = ThreadOutcome | { readonly aborted: true };

interface TalkLimits extends CallLimits {
  readonly growthMb: number;
}

// Null when the engine is ready.
async function load({ worker, loaded }: Running, engine: string, { aside = (work) => work(), ...limits }: TalkLimits): Promise<Outcome | null> {
  if (loaded.has(engine)) return null;
  const result = await aside(() => converse(worker, { engine }, limits));
  if (!('output' in result)) return result;
  loaded.add(engine);
  return null;
}

// One question and whatever ends it: the answer, the thread's end, the clock, the memory watch or the caller.
function converse(worker: Worker, call: ThreadCall, { timeoutMs, signal, growthMb }: TalkLimits): Promise<Outcome> {
  return new Promise((resolve) => {
    const bytesBefore = process.memoryUsage.rss();
    const settle = (outcome: Outcome): void => {
      clearTimeout(clock);
      clearInterval(watch);
      signal.removeEventListener('abort', onAbort);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      resolve(outcome);
    };
    const onMessage = (answer: ThreadAnswer): void => settle('output' in answer ? answer : { error: `It crashed (${answer.crash}).` });
    const onError = (error: unknown): void => settle({ error: isOutOfMemory(error) ? 'It ran out of memory.' : 'It crashed and took its thread with it.' });
    const onExit = (): void => settle({ error: 'It ended its thread.' });
    const onAbort = (): void => settle({ aborted: true });
    const clock = setTimeout(() => settle({ error: `It overran its time of ${Math.round(timeoutMs)} ms.` }), timeoutMs);
    const watch = setInterval(() => {
      if (process.memoryUsage.rss() - bytesBefore > growthMb * megabyte) settle({ error: 'It ran out of memory.' });
    }, watchEveryMs);
    signal.addEventListener('abort', onAbort);
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(call);
  });
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
