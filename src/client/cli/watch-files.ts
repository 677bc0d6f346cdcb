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

interface Waiting {
  readonly signal: AbortSignal;
  readonly onGone?: (path: string) => void;
}

/** Waits until something has changed and come to rest; false when it was aborted first. A file that is gone is waited for; `onGone` is told once of each that stays away. */
export async function untilChanged(paths: readonly string[], before: string, { signal, onGone }: Waiting): Promise<boolean> {
  const tellGone = goneTeller(onGone);
  let seen = before;
  for (;;) {
    const begun = performance.now();
    const now = watchStamp(paths);
    if (now !== before && now === seen && !signal.aborted && paths.every((path) => kindOfPath(path) !== null)) return true;
    if (now === seen) tellGone(paths);
    const rest = now === seen ? lookEveryMs : settleMs;
    seen = now;
    await sleep(Math.max(rest, (performance.now() - begun) * restFactor), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return false;
  }
}

function goneTeller(onGone: Waiting['onGone']): (paths: readonly string[]) => void {
  const told = new Set<string>();
  return (paths) => {
    for (const path of paths) {
      if (told.has(path) || kindOfPath(path) !== null) continue;
      told.add(path);
      onGone?.(path);
    }
  };
}
