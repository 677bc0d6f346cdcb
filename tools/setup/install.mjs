import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { existsSync, statfsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { removeStamp } from './packages.mjs';
import { SetupFailure, startProgress } from './say.mjs';

// Measured on 2 cores with an empty npm cache: production 550 MB on disk and 200 MB of cache in 14 s; development 714 and 276 MB in 20 s.
const needs = {
  production: { diskMb: 800, downloadMb: 200, usually: '15 to 60 s' },
  development: { diskMb: 1050, downloadMb: 280, usually: '20 to 90 s' },
};

/** Runs `npm ci` with everything it prints on standard error, or throws SetupFailure with what to do. */
export async function installPackages({ root, mode, missing, lock }) {
  requireDisk(root, mode);
  const { downloadMb, usually } = needs[mode];
  const what = `${missing} npm package${missing === 1 ? '' : 's'}`;
  const progress = startProgress(`fetching ${what} (up to ${downloadMb} MB, usually ${usually})`, 'still fetching npm packages');
  removeStamp(root);
  const end = await runNpm(root, mode, lock).finally(() => progress.stop());
  if (end.signal !== null) {
    throw new SetupFailure('set-up was interrupted; the next run repairs it.', 128 + constants.signals[end.signal]);
  }
  if (end.code !== 0) throw new SetupFailure(`${reason(end.said)} (npm ci ended with ${end.code}; its own lines are above.)`);
  progress.stop('npm packages are ready');
}

function runNpm(root, mode, lock) {
  const [command, ...first] = npmAtHand();
  const omit = mode === 'production' ? '--omit=dev' : '--include=dev';
  // No package of ours needs its install script, and a level given here beats the one that `npm --silent start` hands down.
  const args = [...first, 'ci', omit, '--ignore-scripts', '--no-fund', '--no-audit', '--prefer-offline', '--loglevel=error'];
  return new Promise((resolve, reject) => {
    const npm = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    if (npm.pid !== undefined) lock.share(npm.pid);
    const passOn = passOnSignals(npm);
    let said = '';
    const show = (chunk) => {
      process.stderr.write(chunk);
      said = (said + chunk).slice(-16_384);
    };
    npm.stdout.on('data', show);
    npm.stderr.on('data', show);
    npm.on('error', (error) => {
      passOn.stop();
      reject(error.code === 'ENOENT' ? npmMissing() : error);
    });
    npm.on('close', (code, signal) => {
      passOn.stop();
      resolve({ code, signal: passOn.received ?? signal, said });
    });
  });
}

// Set-up stays until npm has ended, so that the lock is never free while somebody still writes into node_modules.
function passOnSignals(npm) {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const state = { received: null, stop: () => signals.forEach((signal) => process.removeListener(signal, handle)) };
  function handle(signal) {
    state.received ??= signal;
    npm.kill(signal);
  }
  for (const signal of signals) process.on(signal, handle);
  return state;
}

// Under `npm start` npm names itself; by hand it is the one on PATH. Another package manager's path there is of no use: it cannot read this lockfile.
function npmAtHand() {
  const script = process.env.npm_execpath;
  if (script !== undefined && basename(script) === 'npm-cli.js' && existsSync(script)) {
    return [process.env.npm_node_execpath ?? process.execPath, script];
  }
  return ['npm'];
}

function npmMissing() {
  return new SetupFailure('npm was not found. Install Node 20 or newer together with npm (https://nodejs.org), then run the same command again.');
}

function requireDisk(root, mode) {
  if (existsSync(join(root, 'node_modules'))) return;
  const { bavail, bsize } = statfsSync(root);
  const freeMb = Math.floor((bavail * bsize) / 1e6);
  if (freeMb >= needs[mode].diskMb) return;
  throw new SetupFailure(`${needs[mode].diskMb} MB are needed for the npm packages, but only ${freeMb} MB are free on the disk of ${root}. Free some space, then run the same command again.`);
}

// npm's own words come first on the screen; this sentence only says what to do about them.
function reason(said) {
  return reasons.find(([pattern]) => pattern.test(said))?.[1] ?? 'The npm packages could not be installed. Run `npm ci` by hand to see more.';
}

const reasons = [
  [/ENOSPC/, 'The disk is full. Free some space (`npm cache clean --force` helps), then run the same command again.'],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|EIDLETIMEOUT/,
    'The npm registry could not be reached. Check the network (`npm ping`), name a proxy or a mirror if there is one (`npm config set proxy ADDRESS`, `npm config set registry ADDRESS`), then run the same command again.',
  ],
  [/E401|E403/, 'The npm registry refused access. Check `npm config get registry` and `npm login`, then run the same command again.'],
  [/EACCES|EPERM|EROFS/, 'A folder cannot be written to. Make this checkout and the npm cache your own (`sudo chown -R "$(id -u)" . ~/.npm`), then run the same command again.'],
  [/EINTEGRITY/, 'A package did not have the content that package-lock.json names. Run `npm cache clean --force`, then the same command again.'],
  [/EUSAGE/, 'package.json and package-lock.json do not fit together. Run `git checkout package.json package-lock.json`, or `npm install` if package.json was changed on purpose.'],
];
