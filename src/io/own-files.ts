import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = fileURLToPath(import.meta.url);
let root: string | undefined;
let version: string | undefined;

/**
 * The folder of this package: the nearest one above this file with a package.json. Bundling may put this module into
 * dist/ itself or into a folder below it, so its own depth says nothing.
 */
export function ownPackageRoot(): string {
  root ??= nearestManifest(dirname(here));
  return root;
}

/** Whether this is the built package (dist/*.js) rather than a checkout (src/*.ts). */
export function isBuilt(): boolean {
  return here.startsWith(join(ownPackageRoot(), 'dist/'));
}

/**
 * Where a module stands that is started by its file, such as a worker thread or the workflow code.
 *
 * In      its name below src, without an ending: 'reviewers/engines/thread'
 * Out     src/<name>.ts in a checkout, dist/<name>.js in the built package (tools/build.mjs lists what is built)
 */
export function ownEntry(name: string): URL {
  return pathToFileURL(join(ownPackageRoot(), isBuilt() ? `dist/${name}.js` : `src/${name}.ts`));
}

/** The text of a file of this package, by its place in it: 'prompts/improve.md'. */
export function readOwnFile(place: string): string {
  return readFileSync(join(ownPackageRoot(), place), 'utf8');
}

/**
 * What tells two installations of this program apart: '0.1.0+' and 12 hex digits over the place where it stands and the
 * code it runs, so that workers started before an edit or an update are recognised. Read once per process.
 */
export function ownVersion(): string {
  version ??= `${ownManifestVersion()}+${digest(ownPackageRoot(), codeFiles()).slice(0, 12)}`;
  return version;
}

function nearestManifest(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const above = dirname(folder);
  if (above === folder) throw new Error('package.json is missing above the program');
  return nearestManifest(above);
}

/** As the package's manifest says: '0.1.0'. */
export function ownManifestVersion(): string {
  const { version: found } = JSON.parse(readFileSync(join(ownPackageRoot(), 'package.json'), 'utf8')) as { version: string };
  return found;
}

// The build has hashed what it was made from; a checkout is hashed anew, 1 MB in about 10 ms.
function codeFiles(): string[] {
  if (isBuilt()) return ['dist/build.json'];
  return ['package.json', ...filesBelow('src'), ...filesBelow('prompts')];
}

// What editors leave beside a file while it is open (.a.ts.swp, a.ts~) is no part of the program.
function filesBelow(folder: string): string[] {
  const path = join(ownPackageRoot(), folder);
  if (!existsSync(path)) return [];
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !/^\.|~$/.test(entry.name));
  return files.map((entry) => relative(ownPackageRoot(), join(entry.parentPath, entry.name))).toSorted();
}

function digest(place: string, files: readonly string[]): string {
  const hash = createHash('sha256').update(place);
  for (const file of files) hash.update(`\0${file}\0`).update(readFileSync(join(place, file)));
  return hash.digest('hex');
}
