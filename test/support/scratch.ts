import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A folder of a test's own: `root` is what paths must stay in, `outside` is beside it. */
export interface Scratch {
  readonly root: string;
  readonly outside: string;
  /** Writes a file below the root, with its folders, and returns its absolute path. */
  put(file: string, content: string | Uint8Array): string;
  remove(): void;
}

export function makeScratch(name: string): Scratch {
  const base = realpathSync(mkdtempSync(path.join(tmpdir(), `koubou-${name}-`)));
  const [root, outside] = [path.join(base, 'root'), path.join(base, 'outside')];
  mkdirSync(root);
  mkdirSync(outside);
  return {
    root,
    outside,
    put: (file, content) => {
      const absolute = path.join(root, file);
      mkdirSync(path.dirname(absolute), { recursive: true });
      writeFileSync(absolute, content);
      return absolute;
    },
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
}
