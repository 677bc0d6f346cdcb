import { setTimeout as sleep } from 'node:timers/promises';
import { bounds } from '#domain/limits.ts';
import { hashOfFile, kindOfPath, stampOfFolder } from '#io/named-files.ts';

const lookEveryMs = 500;
/** An editor writes a file in several steps. */
const settleMs = 200;
/** Looking takes at most this share of the time. */
const restFactor = 10;

/** What files hold, and of folders when something below them last changed. */
export function watchStamp(paths: readonly string[]): string {
  return paths.map((path) => (kindOfPath(path) === 'folder' ? stampOfFolder(path) : hashOfFile(path, bounds.maxArtifactBytes)) ?? '').join('\n');
}

/** Waits until something has changed and come to rest; false when it was aborted first. A file that is gone for a moment is waited for. */
export async function untilChanged(paths: readonly string[], before: string, signal: AbortSignal): Promise<boolean> {
  let seen = before;
  for (;;) {
    const begun = performance.now();
    const now = watchStamp(paths);
    if (now !== before && now === seen && !signal.aborted && paths.every((path) => kindOfPath(path) !== null)) return true;
    const rest = now === seen ? lookEveryMs : settleMs;
    seen = now;
    await sleep(Math.max(rest, (performance.now() - begun) * restFactor), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return false;
  }
}
