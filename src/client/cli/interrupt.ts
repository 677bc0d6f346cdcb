import { setTimeout as sleep } from 'node:timers/promises';

/** Where signals come from: the process; tests hand in an emitter. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  off(signal: NodeJS.Signals, listener: () => void): unknown;
}

/** The signals that reach a command while it waits. */
export interface Interruption {
  /** Aborted by the first of them. */
  readonly signal: AbortSignal;
  /** Which one it was. */
  readonly by: () => NodeJS.Signals | null;
  /** Resolves true if Ctrl-C comes again within the time; at once false after SIGTERM or SIGHUP, which nobody repeats. */
  again(withinMs: number): Promise<boolean>;
  release(): void;
}

/** One Ctrl-C may reach us twice, from the terminal and from a parent that passes it on. */
const echoMs = 200;

/** Listens for Ctrl-C and its kin until `release`; meanwhile none of them ends the process. */
export function listenForInterruption(source: SignalSource): Interruption {
  const first = new AbortController();
  const second = new AbortController();
  let by: NodeJS.Signals | null = null;
  let firstAt = 0;
  const onSignal = (name: NodeJS.Signals) => (): void => {
    if (by === null) {
      [by, firstAt] = [name, performance.now()];
      first.abort();
    } else if (performance.now() - firstAt > echoMs) {
      second.abort();
    }
  };
  const listeners = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((name) => ({ name, listener: onSignal(name) }));
  for (const { name, listener } of listeners) source.on(name, listener);
  return {
    signal: first.signal,
    by: () => by,
    again: async (withinMs) => {
      if (by !== 'SIGINT') return second.signal.aborted;
      await sleep(withinMs, undefined, { signal: second.signal }).catch(() => undefined);
      return second.signal.aborted;
    },
    release: () => {
      for (const { name, listener } of listeners) source.off(name, listener);
    },
  };
}
