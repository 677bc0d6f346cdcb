import { chmodSync, lstatSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { endMarked, isOrphaned, newMarker } from './jail-marker.ts';
import { makeFolders } from './state-files.ts';

/** The private folders of one run, mode 0700: an empty one to stand in, a home, and one for temporary files. */
export interface JailScratch {
  readonly root: string;
  readonly cwd: string;
  readonly home: string;
  readonly tmp: string;
  /** Unique to the run; `runAgent` puts it into the environment. */
  readonly marker: string;
  /** Writes a file, mode 0600, below the home and returns its absolute path. */
  write(file: string, text: string): string;
  /** A regular file below the home that was left there, at most 1 MB of text; null when there is none. */
  read(file: string): string | null;
  /** Makes a file of the home lead to one outside, so that it is used in place. */
  link(file: string, target: string): void;
  remove(): void;
}

const prefix = 'agent-';

export function makeJailScratch(scratchRoot: string): JailScratch {
  const marker = newMarker();
  const root = path.join(scratchRoot, prefix + marker);
  const [cwd, home, tmp] = [path.join(root, 'empty'), path.join(root, 'home'), path.join(root, 'tmp')];
  for (const folder of [root, cwd, home, tmp]) makeFolders(folder, 0o700);
  const place = (file: string): string => {
    const absolute = path.join(home, file);
    makeFolders(path.dirname(absolute), 0o700);
    return absolute;
  };
  return {
    root,
    cwd,
    home,
    tmp,
    marker,
    write: (file, text) => {
      const absolute = place(file);
      writeFileSync(absolute, text, { mode: 0o600 });
      return absolute;
    },
    read: (file) => (isPlain(path.join(home, file)) ? readTextIfAny(path.join(home, file), 1_000_000) : null),
    link: (file, target) => symlinkSync(target, place(file)),
    remove: () => removeFolder(root),
  };
}

/** A regular file's text; null when there is none, it may not be read, or it is larger. */
export function readTextIfAny(file: string, maxBytes: number): string | null {
  try {
    const stat = statSync(file);
    return stat.isFile() && stat.size <= maxBytes ? readFileSync(file, 'utf8') : null;
  } catch {
    return null;
  }
}

// A link that an agent left may lead anywhere.
function isPlain(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** What a start of a worker cleans away. */
export interface SweptRuns {
  readonly processes: number;
  readonly folders: number;
}

/** Ends processes and removes folders of runs whose worker is gone; those of living workers stay. Call it when a worker starts. */
export function sweepAbandonedRuns(scratchRoot: string): SweptRuns {
  const processes = endMarked((marker) => marker !== '' && isOrphaned(marker));
  const abandoned = foldersIn(scratchRoot).filter((name) => name.startsWith(prefix) && isOrphaned(name.slice(prefix.length)));
  for (const name of abandoned) removeFolder(path.join(scratchRoot, name));
  return { processes, folders: abandoned.length };
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

// An agent may have left a folder that nobody may write to, or still be writing: the next sweep tries again.
function removeFolder(folder: string): void {
  try {
    chmodSync(folder, 0o700);
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // Said by nobody: what is left is private to the user and gone at the next start.
  }
}
