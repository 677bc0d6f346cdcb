import { lstatSync, mkdirSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs';
import path from 'node:path';

/**
 * Makes installed packages usable from a copied tree where nothing can be mounted: a folder of the copy's own, with a link for each
 * package, so that what tools write beside the packages stays in the copy. Links of packages of the same repository lead to the copy.
 *
 * Only node_modules: what others install (a Python environment, PHP's autoloader) knows the folder it was made for, and would find the
 * original text there instead of the copy.
 */
export function linkDependencies(root: string, folders: readonly string[], tree: string): void {
  for (const folder of folders.filter((each) => path.basename(each) === 'node_modules')) linkPackages(path.join(root, folder), path.join(tree, folder));
}

function linkPackages(from: string, to: string): void {
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(from).filter((each) => !isCache(each))) {
    const [source, place] = [path.join(from, name), path.join(to, name)];
    const stats = lstatSync(source);
    if (stats.isSymbolicLink()) symlinkSync(readlinkSync(source), place);
    // Packages of one owner are a folder deeper.
    else if (stats.isDirectory() && name.startsWith('@')) linkPackages(source, place);
    else symlinkSync(source, place);
  }
}

// '.bin' and the stores of package managers are no caches.
function isCache(name: string): boolean {
  return name === '.cache' || name.startsWith('.vite');
}
