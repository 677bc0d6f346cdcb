export type Tell = (line: string) => void;

/** Often enough to show that it lives, seldom enough for a log. */
const everyMs = 5_000;

/**
 * Does a long piece of work, and tells every five seconds how long it has been going on.
 *
 * In      what: a phrase such as 'building the Temporal server'; detail: how far it is, if that is known
 */
export async function withProgress<T>(tell: Tell, what: string, work: (detail: (text: string) => void) => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  let detail = '';
  const timer = setInterval(() => {
    tell(`still ${what}${detail === '' ? '' : `: ${detail}`} (${elapsed(performance.now() - startedAt)})`);
  }, everyMs);
  try {
    return await work((text) => {
      detail = text;
    });
  } finally {
    clearInterval(timer);
  }
}

/** '45 s', '3 min 05 s'. */
export function elapsed(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/** '12 MB', in millions of bytes. */
export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
