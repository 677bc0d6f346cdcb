#!/usr/bin/env node
// The `koubou` command. It answers --help and --version by itself, so that both are there at once and on any Node,
// and hands everything else to the program under Node 24: dist/ in a published package, src/ in a checkout.
import { existsSync, readFileSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
// The first Node that runs .ts without a warning; the sandbox, SQLite and the worker were measured on this line.
const oldestNode = [24, 3];
const hushed = 'ExperimentalWarning';
const nodeFlags = [`--disable-warning=${hushed}`];

main(process.argv.slice(2));

function main(args) {
  if (args.length === 0) answer(section('koubou'));
  else if (['--version', '-V', 'version'].includes(args[0])) answer(`koubou ${manifest().version}`);
  else if (args[0] === 'help') help(args[1]);
  else if (asksForHelp(args)) help(args[0].startsWith('-') ? undefined : args[0]);
  else run(args);
}

// A `--help` behind `--` is a file of that name.
function asksForHelp(args) {
  const end = args.indexOf('--');
  return (end === -1 ? args : args.slice(0, end)).some((word) => word === '--help' || word === '-h');
}

function help(command = 'koubou') {
  const text = section(command);
  if (text === undefined) fail(`there is no command '${command}'. \`koubou --help\` lists them all.`);
  else answer(text);
}

// help.txt holds one section per command, each under a line '# name'.
function section(command) {
  const sections = readFileSync(new URL('help.txt', import.meta.url), 'utf8').split(/^# /m);
  return sections.find((text) => text.startsWith(`${command}\n`))?.slice(command.length + 1).trim();
}

function answer(text) {
  // Whoever reads may stop before we do; a full disk is told.
  process.stdout.on('error', ({ code }) => code === 'EPIPE' || fail(`standard output cannot be written: ${code === 'ENOSPC' ? 'no space is left there' : code}. Send it to another place.`));
  process.stdout.write(`${text}\n`);
}

function fail(sentence) {
  process.stderr.write(`koubou: ${sentence}\n`);
  process.exitCode = 2;
}

function manifest() {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
}

function run(args) {
  const entry = findEntry();
  if (entry === undefined) return;
  const node = findNode();
  if (node === undefined) return;
  if (node === process.execPath) return startHere(entry);
  const argv = [...nodeFlags, entry, ...args];
  if (typeof process.execve === 'function' && process.platform !== 'win32') replaceThisProcess(node, argv);
  else void runAsChild(node, argv);
}

function findEntry() {
  const built = `${root}dist/main.js`;
  if (existsSync(built)) return built;
  const source = `${root}src/main.ts`;
  if (!existsSync(source)) return fail('this installation is incomplete: dist/main.js is missing. Install the package again.');
  if (!existsSync(`${root}node_modules`)) {
    return fail('this checkout is not set up yet. Run `npm start -- …` in its folder once: it does the set-up and then runs the command.');
  }
  return source;
}

function findNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return process.execPath;
  const name = `node-${process.platform}-${process.arch}`;
  try {
    return createRequire(import.meta.url).resolve(`${name}/bin/node`);
  } catch {
    return fail(
      `Node ${oldestNode.join('.')} or newer is needed. This is Node ${process.versions.node}, and the npm package ${name}, which brings a newer one, is not installed here. ` +
        'Install Node 24 (https://nodejs.org, or `nvm install 24`), or install koubou again with its optional dependencies.',
    );
  }
}

// Compiled code is kept with the other downloads, which takes a third off every start.
function environment() {
  const { KOUBOU_HOME: own, XDG_CACHE_HOME: named, HOME: home = '/nonexistent' } = process.env;
  const cache = own ? absolute(own, 'cache') : join(named !== undefined && isAbsolute(named) ? named : join(home, '.cache'), 'koubou');
  return { NODE_COMPILE_CACHE: join(cache, 'node'), ...process.env };
}

// The folder that a relative name begins in may be gone, which the program tells.
function absolute(...parts) {
  try {
    return resolve(...parts);
  } catch {
    return join('/nonexistent', ...parts);
  }
}

// This Node will do: a second start would cost what an empty program costs. Programs that are started from here find the same cache.
function startHere(entry) {
  Object.assign(process.env, environment());
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
  const { emitWarning } = process;
  process.emitWarning = (warning, ...told) => (told[0]?.type ?? told[0]) === hushed || emitWarning.call(process, warning, ...told);
  void import(pathToFileURL(entry).href);
}

// The new Node takes over this process: same process id, same terminal, no signal to forward.
function replaceThisProcess(node, argv) {
  process.emitWarning = () => {};
  process.execve(node, [node, ...argv], environment());
}

async function runAsChild(node, argv) {
  const { spawn } = await import('node:child_process');
  const child = spawn(node, argv, { stdio: 'inherit', env: environment() });
  const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];
  for (const signal of forwarded) process.on(signal, () => reachesChildAnyway(signal) || child.kill(signal));
  child.on('error', (error) => fail(`Node 24 at ${node} could not be started (${error.code}). Install koubou again, or install Node 24.`));
  child.on('exit', (code, signal) => {
    for (const name of forwarded) process.removeAllListeners(name);
    if (signal === null) process.exitCode = code;
    else process.kill(process.pid, signal);
  });
}

// A key such as Ctrl-C reaches every process of the terminal's foreground group. Forwarding it as well would count as a second one, which cancels the run.
function reachesChildAnyway(signal) {
  return (signal === 'SIGINT' || signal === 'SIGQUIT') && inForeground();
}

// Fields 5 and 8 of /proc/self/stat: the process group, and the one in the terminal's foreground (-1 without a terminal).
function inForeground() {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').pop().split(' ');
    return fields[2] === fields[5];
  } catch {
    return process.stdin.isTTY === true || process.stderr.isTTY === true;
  }
}
