import { createHash } from 'node:crypto';
import { linkSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 200;
// Breaking a dead holder's lock takes microseconds; a breaker older than this died in the middle of it.
const breakerLifeMs = 10_000;

/**
 * Waits until this process is the only set-up at work on the folder.
 *
 * The lock stands in the temporary folder, not in node_modules, which npm removes, nor in the checkout, which is the user's.
 * It names the processes that hold it; one whose processes are gone is taken over.
 */
export async function takeLock(root, onWait) {
  const file = lockFile(root);
  const own = `${file}.${process.pid}`;
  writeFileSync(own, JSON.stringify([identify(process.pid)]));
  try {
    while (!tryLink(own, file)) {
      const holder = readHolders(file)?.find(isAlive);
      if (holder === undefined) breakLock(file);
      else {
        onWait(holder);
        await sleep(pollMs);
      }
    }
  } finally {
    rmSync(own, { force: true });
  }
  return {
    // An npm that outlives a killed set-up still writes into node_modules, so it holds the lock as well.
    share(pid) {
      writeFileSync(own, JSON.stringify([identify(process.pid), identify(pid)]));
      renameSync(own, file);
    },
    release: () => rmSync(file, { force: true }),
  };
}

/** Where the lock of a checkout stands: one for each user and folder. */
export function lockFile(root) {
  const key = createHash('sha256').update(realpathSync(root)).digest('hex').slice(0, 16);
  return join(tmpdir(), `koubou-setup-${process.getuid?.() ?? 0}-${key}.lock`);
}

function tryLink(from, to) {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

// Two waiters may find the same dead holder; the breaker file lets only one of them remove its lock, and only after a second look.
function breakLock(file) {
  const breaker = `${file}.breaker`;
  try {
    writeFileSync(breaker, '', { flag: 'wx' });
  } catch {
    if (ageMs(breaker) > breakerLifeMs) rmSync(breaker, { force: true });
    return;
  }
  if (!readHolders(file)?.some(isAlive)) rmSync(file, { force: true });
  rmSync(breaker, { force: true });
}

function ageMs(file) {
  try {
    return Date.now() - statSync(file).mtimeMs;
  } catch {
    return 0;
  }
}

function readHolders(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

// A process id alone may have been given to a stranger since; with its start time it is the same process.
function identify(pid) {
  return { pid, startedAt: processStart(pid) };
}

function isAlive(holder) {
  if (holder.startedAt !== null) return processStart(holder.pid) === holder.startedAt;
  try {
    process.kill(holder.pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

// Field 22 of /proc/<pid>/stat, counted behind the command's closing bracket; null where there is no /proc, and for a process that has ended.
function processStart(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
    return fields[0] === 'Z' ? null : fields[19];
  } catch {
    return null;
  }
}
