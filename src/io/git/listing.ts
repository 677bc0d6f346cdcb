import { readdirSync } from 'node:fs';
import path from 'node:path';
import { openFolder, openRoot, type OpenRoot } from '#io/roots.ts';
import { pathInRepository, type Repository } from './repository.ts';
import { git } from './runner.ts';

/** More are hardly meant, and would fill memory and history. */
export const maxFiles = 20_000;

/** Files of the repository below a folder, relative to the root: tracked (also deleted ones) and untracked, or the latter alone; none that is ignored. */
export async function listRepository(repository: Repository, directory: string, which: 'all' | 'untracked'): Promise<string[]> {
  const below = pathInRepository(repository, directory);
  const selection = which === 'all' ? ['--cached', '--others'] : ['--others'];
  const { stdout } = await git(repository, ['ls-files', '-z', ...selection, '--exclude-standard', '--full-name', '--', below === '' ? '.' : below]);
  const files = stdout.split('\0').filter((file) => file !== '' && !file.endsWith('/'));
  return files.map((file) => path.relative(repository.root, path.join(repository.top, file)));
}

/** Files below a folder where no repository tells which count: not those in node_modules and in folders whose name begins with a dot. */
export function walk(root: string, start: readonly string[]): string[] {
  const opened = openRoot(root);
  try {
    const found: string[] = [];
    const waiting: (readonly string[])[] = [start];
    for (let next = waiting.pop(); next !== undefined && found.length <= maxFiles; next = waiting.pop()) {
      const { files, folders } = entriesOf(opened, next);
      found.push(...files);
      waiting.push(...folders);
    }
    return found;
  } finally {
    opened.close();
  }
}

interface Entries {
  readonly files: string[];
  readonly folders: (readonly string[])[];
}

function entriesOf(root: OpenRoot, segments: readonly string[]): Entries {
  const folder = openFolder(root, segments);
  // A folder whose name is not UTF-8 cannot be opened; it is listed, so that it can be told.
  if (folder === null) return { files: segments.at(-1)?.includes('\uFFFD') === true ? [segments.join('/')] : [], folders: [] };
  try {
    const entries = readdirSync(folder.at('.'), { withFileTypes: true });
    return {
      files: entries.filter((entry) => entry.isFile()).map((entry) => [...segments, entry.name].join('/')),
      folders: entries.filter((entry) => entry.isDirectory() && !isSkipped(entry.name)).map((entry) => [...segments, entry.name]),
    };
  } finally {
    folder.close();
  }
}

function isSkipped(folder: string): boolean {
  return folder.startsWith('.') || folder === 'node_modules';
}
