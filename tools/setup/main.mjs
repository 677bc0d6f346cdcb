import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages } from './install.mjs';
import { takeLock } from './lock.mjs';
import { finishInstall, missingPackages, readLockfile } from './packages.mjs';
import { SetupFailure, say, startProgress } from './say.mjs';

const packageRoot = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');
const usage = 'usage: node tools/setup.mjs --production | --development';

/**
 * Brings node_modules into the state that the lockfile names and links the `koubou` command into it.
 *
 * In      --production leaves the development dependencies out; an install that has them satisfies it too
 * Out     the exit code: 0 ready, 1 not possible (a sentence on standard error says why), 130 and its kin by signal
 */
export async function main(args, root = packageRoot) {
  const mode = { '--production': 'production', '--development': 'development' }[args[0]];
  if (mode === undefined || args.length !== 1) {
    say(usage);
    return 2;
  }
  try {
    return await setUp(root, mode);
  } catch (error) {
    if (!(error instanceof SetupFailure)) throw error;
    say(error.message);
    return error.exitCode;
  }
}

async function setUp(root, mode) {
  const lockfile = readLockfile(root);
  if (missingPackages(root, mode, lockfile) === 0) {
    finishInstall(root, mode, lockfile);
    return 0;
  }
  requireGit();
  const lock = await waitForLock(root);
  try {
    // Somebody else may have finished the same work while this process waited.
    const missing = missingPackages(root, mode, lockfile);
    if (missing > 0) await installPackages({ root, mode, missing, lock });
    finishInstall(root, mode, lockfile);
  } finally {
    lock.release();
  }
  return 0;
}

async function waitForLock(root) {
  let progress;
  const lock = await takeLock(root, (holder) => {
    progress ??= startProgress(`another set-up of this folder is at work (process ${holder.pid}); waiting for it`, 'still waiting for the other set-up');
  });
  progress?.stop();
  return lock;
}

// Koubou commits through git; a machine without it would fail much later, in the middle of a review.
function requireGit() {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  if (folders.some((folder) => existsSync(join(folder, 'git')))) return;
  if (spawnSync('git', ['--version'], { stdio: 'ignore' }).status === 0) return;
  throw new SetupFailure('git was not found. Install it (`sudo apt-get install git`, `brew install git`), then run the same command again.');
}
