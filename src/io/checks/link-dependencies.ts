import { lstatSync, mkdirSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs';
import path from 'node:path';

export interface InstalledPackages {
  /** Absolute: the node_modules of the working tree. */
  readonly folder: string;
  /** Absolute: where the check sees it, its own path or where it is mounted. */
  readonly seenAt: string;
  /** Absolute: its place in the copy. */
  readonly to: string;
}

/**
 * Makes installed packages usable from a copied tree: a folder of the copy's own, with a link for each package, so that what tools
 * write beside the packages stays in the copy. Links of packages of the same repository lead to the copy.
 */
export function linkPackages({ folder, seenAt, to }: InstalledPackages): void {
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(folder).filter((each) => !isCache(each))) {
    const packages = { folder: path.join(folder, name), seenAt: path.join(seenAt, name), to: path.join(to, name) };
    const stats = lstatSync(packages.folder);
    if (stats.isSymbolicLink()) symlinkSync(readlinkSync(packages.folder), packages.to);
    // Packages of one owner are a folder deeper.
    else if (stats.isDirectory() && name.startsWith('@')) linkPackages(packages);
    else symlinkSync(packages.seenAt, packages.to);
  }
}

// '.bin' and the stores of package managers are no caches.
function isCache(name: string): boolean {
  return name === '.cache' || name.startsWith('.vite');
}
