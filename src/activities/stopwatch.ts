/** Working time of one attempt: monotonic, of this process only, and standing still while something is done aside. */
export interface Stopwatch {
  workedMs(): number;
  /** Performs what is no working time; the limit waits meanwhile. May overlap with itself. */
  aside<T>(work: () => Promise<T>): Promise<T>;
  stop(): void;
}

/** Starts the watch; `onLimit` is called once when `limitMs` of working time are over. */
export function startStopwatch(limitMs: number, onLimit: () => void): Stopwatch {
  let worked = 0;
  let runningSince: number | null = null;
  let asides = 0;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  const workedMs = (): number => worked + (runningSince === null ? 0 : performance.now() - runningSince);
  const go = (): void => {
    if (isStopped) return;
    runningSince = performance.now();
    timer = setTimeout(onLimit, Math.max(0, limitMs - worked));
  };
  const halt = (): void => {
    worked = workedMs();
    runningSince = null;
    clearTimeout(timer);
  };
  const aside = async <T>(work: () => Promise<T>): Promise<T> => {
    asides += 1;
    if (asides === 1) halt();
    try {
      return await work();
    } finally {
      asides -= 1;
      if (asides === 0) go();
    }
  };

  const stop = (): void => {
    halt();
    isStopped = true;
  };

  go();
  return { workedMs, aside, stop };
}
