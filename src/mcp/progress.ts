/** Sends one progress notification; `count` rises with each. */
export type SendProgress = (count: number, message: string) => Promise<void>;

export interface ProgressSender {
  tell(message: string): void;
  /** Nothing is sent after the answer. */
  end(): void;
}

/** Hosts show it to people; more often helps nobody. */
const leastGapMs = 1_000;
/** Some hosts give up on a call that has been silent for minutes. */
const heartbeatMs = 25_000;

/** Progress of one call: at most once a second, the latest news first, and a sign of life when there is none. */
export function createProgress(send: SendProgress): ProgressSender {
  const begun = performance.now();
  let [count, last, latest, ended] = [0, -Infinity, '', false];
  let timer: NodeJS.Timeout | null = null;

  const emit = (message: string): void => {
    [last, latest] = [performance.now(), message];
    count += 1;
    send(count, message).catch(() => end());
    schedule(heartbeatMs, () => emit(`${withoutTime(latest)} (${Math.round((performance.now() - begun) / 1_000)} s)`));
  };
  const schedule = (afterMs: number, then: () => void): void => {
    if (timer !== null) clearTimeout(timer);
    if (!ended) timer = setTimeout(then, afterMs).unref();
  };
  const end = (): void => {
    ended = true;
    if (timer !== null) clearTimeout(timer);
  };
  const tell = (message: string): void => {
    if (ended || message === withoutTime(latest)) return;
    const gap = last + leastGapMs - performance.now();
    if (gap <= 0) emit(message);
    else schedule(gap, () => emit(message));
  };
  return { tell, end };
}

function withoutTime(message: string): string {
  return message.replace(/ \(\d+ s\)$/, '');
}
