/** Hands a few things to many takers, in the order they asked. */
export interface Turns<Thing> {
  /** Fails with the signal's reason if it aborts before there is a turn. */
  take(signal: AbortSignal): Promise<Thing>;
  giveBack(thing: Thing): void;
}

export function createTurns<Thing>(things: readonly Thing[]): Turns<Thing> {
  const free = [...things];
  const waiting: ((thing: Thing) => void)[] = [];
  const wait = (signal: AbortSignal): Promise<Thing> =>
    new Promise((resolve, reject) => {
      const start = (thing: Thing): void => {
        signal.removeEventListener('abort', giveUp);
        resolve(thing);
      };
      const giveUp = (): void => {
        waiting.splice(waiting.indexOf(start), 1);
        reject(signal.reason);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      waiting.push(start);
    });
  return {
    take: async (signal) => {
      signal.throwIfAborted();
      return free.pop() ?? wait(signal);
    },
    giveBack: (thing) => {
      const next = waiting.shift();
      if (next === undefined) free.push(thing);
      else next(thing);
    },
  };
}
