import { AppError } from '#domain/errors.ts';

export interface StopRequest {
  /** Aborted by the first signal: end in order. */
  readonly asked: AbortSignal;
  /** Aborted by the second one: end at once. */
  readonly now: AbortSignal;
  release(): void;
}

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** One Ctrl-C reaches us twice where a parent in the same terminal passes it on. */
const echoMs = 250;

/** Listens for the signals that end a service; until `release`, none of them ends the process by itself. */
export function listenForStop(): StopRequest {
  const asked = new AbortController();
  const now = new AbortController();
  let firstAt = 0;
  const onSignal = (name: NodeJS.Signals): void => {
    if (!asked.signal.aborted) {
      firstAt = performance.now();
      asked.abort(new AppError('Unavailable', 'STOPPED', `Stopped by ${name}.`));
    } else if (performance.now() - firstAt > echoMs) {
      now.abort();
    }
  };
  for (const name of stopSignals) process.on(name, onSignal);
  return {
    asked: asked.signal,
    now: now.signal,
    release: () => {
      for (const name of stopSignals) process.off(name, onSignal);
    },
  };
}

/** Resolves when the signal is or becomes aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
