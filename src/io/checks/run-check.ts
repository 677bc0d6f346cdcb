import { lstatSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { CheckRun } from '#domain/check.ts';
import { AppError } from '#domain/errors.ts';
import { checkPath, type PathRules } from '#domain/path-rule.ts';
import { runAgent, type AgentCommand, type AgentEnd } from '#io/agent-process.ts';
import { findJail, type Jail, type JailKind } from '#io/jail.ts';
import { makeJailScratch, type JailScratch } from '#io/jail-scratch.ts';
import { findCommand } from '#io/service-process.ts';
import { isWithin } from '#io/within.ts';
import { checkEnvironment, toolFolders } from './check-environment.ts';
import { copyTree } from './copy-tree.ts';
import { linkPackages } from './link-dependencies.ts';
import { listTree } from './tree-listing.ts';

/** Where checks run: the same for all of a worker. */
export interface CheckPlace {
  /** The worker's environment. Little of it reaches a check. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A folder of the worker's own; each run gets a private folder in it. */
  readonly scratchRoot: string;
  /** Folders that no check may see where the jail can hide them: state with stores and tokens. */
  readonly hidden: readonly string[];
  readonly rules: Pick<PathRules, 'forbidden'>;
  /** Jails that may be used; default: all. */
  readonly jails?: readonly JailKind[];
  /** Colon-separated folders of bwrap, unshare and setpriv; default: the system's. */
  readonly jailTools?: string;
  /** Of the working tree; default 50,000 files and 500 MB. */
  readonly maxFiles?: number;
  readonly maxBytes?: number;
}

export interface CheckJob {
  readonly name: string;
  /** The program and its arguments; no shell reads them. */
  readonly command: readonly string[];
  readonly network: boolean;
  readonly timeoutMs: number;
  /** Absolute, links resolved. */
  readonly root: string;
  /** Relative to the root: where the revision goes. */
  readonly path: string;
  /** The revision, as its file would hold it. */
  readonly content: Uint8Array;
  readonly signal: AbortSignal;
}

/** The project's own code runs there for two minutes by default; a tree that is larger is hardly one project's text. */
const defaultMaxFiles = 50_000;
const defaultMaxBytes = 500_000_000;

/** Printed before the command starts: without it the jail itself has failed. */
const started = 'started';

/**
 * Runs a check's command once, on a fresh copy of the working tree with the revision in its place; nothing of the copy is left.
 *
 * Out     the last 64 kB of both outputs, as they came
 * Fails   Misconfigured CHECK_NOT_FOUND, CHECK_NETWORK, CHECK_TREE_TOO_LARGE · Unavailable CHECK_NOT_STARTED · InvalidInput as
 *         checkPath and findRepository · the signal's own reason
 */
export async function runCheck(job: CheckJob, place: CheckPlace): Promise<CheckRun> {
  checkPath(job.path, {});
  const jail = await findJail(place.jails, place.jailTools);
  if (!job.network && !jail.cutsNetwork) {
    throw new AppError('Misconfigured', 'CHECK_NETWORK', `The check ${job.name} may not use the network, and this machine cannot keep it from it. Install bubblewrap, or set network: true for this check.`);
  }
  const scratch = makeJailScratch(place.scratchRoot);
  try {
    const copy = await prepare(job, place, { jail, scratch });
    const end = await runAgent(commandOf(job, place, copy));
    if (end.stdout !== started) throw new AppError('Unavailable', 'CHECK_NOT_STARTED', `The check ${job.name} could not be started in a jail of kind ${jail.kind}. See koubou doctor.`, { cause: new Error(end.stderr.slice(-2_000)) });
    return runOf(end, [copy.tree, installedAt(copy), job.root]);
  } finally {
    scratch.remove();
  }
}

interface Copy {
  readonly jail: Jail;
  readonly scratch: JailScratch;
  /** The copied working tree, in the scratch. */
  readonly tree: string;
  /** Relative to the root; folders, none of them through a link. */
  readonly dependencies: readonly string[];
}

async function prepare(job: CheckJob, place: CheckPlace, { jail, scratch }: Pick<Copy, 'jail' | 'scratch'>): Promise<Copy> {
  const tree = path.join(scratch.root, 'tree');
  mkdirSync(tree, { mode: 0o700 });
  const listing = await listTree(job.root, place.maxFiles ?? defaultMaxFiles);
  const files = listing.files.filter((file) => file !== job.path);
  await copyTree({ root: job.root, files, to: tree, rules: place.rules, maxBytes: place.maxBytes ?? defaultMaxBytes, signal: job.signal });
  const revision = path.join(tree, job.path);
  mkdirSync(path.dirname(revision), { recursive: true, mode: 0o700 });
  writeFileSync(revision, job.content, { flag: 'wx', mode: modeOf(path.join(job.root, job.path)) });
  const isUsable = (folder: string): boolean => (jail.kind === 'bubblewrap' || isNodeModules(folder)) && isPlainFolder(path.join(job.root, folder));
  const dependencies = listing.dependencies.filter(isUsable);
  const copy = { jail, scratch, tree, dependencies };
  for (const folder of dependencies.filter(isNodeModules)) linkPackages({ folder: path.join(job.root, folder), seenAt: path.join(jail.kind === 'bubblewrap' ? installedAt(copy) : job.root, folder), to: path.join(tree, folder) });
  return copy;
}

function isNodeModules(folder: string): boolean {
  return path.basename(folder) === 'node_modules';
}

// Where packages are mounted, laid out as in the project, since they look for each other in the folders above.
function installedAt({ scratch }: Pick<Copy, 'scratch'>): string {
  return path.join(scratch.root, 'installed');
}

function modeOf(file: string): number {
  return ((lstatSync(file, { throwIfNoEntry: false })?.mode ?? 0o644) & 0o777) | 0o600;
}

function isPlainFolder(folder: string): boolean {
  return lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === true && realpathSync(folder) === folder;
}

function commandOf(job: CheckJob, place: CheckPlace, copy: Copy): AgentCommand {
  const { jail, scratch, tree } = copy;
  const env = checkEnvironment({ worker: place.environment, root: job.root, network: job.network }, scratch);
  const homes = place.environment['HOME'] === undefined ? [] : [place.environment['HOME']];
  const program = programOf(job, copy, env['PATH'] ?? '');
  return {
    jail,
    command: '/bin/sh',
    // Both outputs in one, in their order; a shell only so far as no word of the command is read by it.
    args: ['-c', `printf ${started}; exec "$@" 1>&2`, 'koubou-check', program, ...job.command.slice(1)],
    env,
    cwd: tree,
    marker: scratch.marker,
    input: '',
    timeoutMs: job.timeoutMs,
    maxBytes: 64_000,
    keepsLateOutput: true,
    signal: job.signal,
    network: job.network,
    ...(jail.kind === 'bubblewrap' ? mountsOf(job, copy) : {}),
    writable: jail.kind === 'bubblewrap' ? [scratch.home, scratch.tmp] : [scratch.root],
    // Programs of the machine may be asked through a socket, with or without network.
    hidden: [...homes, ...place.hidden, ...(job.network ? [] : ['/run'])],
    readable: [...toolFolders(env, [...homes, '/tmp']), '/run/current-system'],
  };
}

// The copy stands where the original does, so that what knows its own place (a Python environment, say) finds the copy. Elsewhere such
// dependencies are missing: they would find the original text.
function mountsOf({ root }: CheckJob, copy: Copy): Pick<AgentCommand, 'mounts'> {
  const installed = copy.dependencies.map((folder) => ({ from: path.join(root, folder), to: path.join(isNodeModules(folder) ? installedAt(copy) : root, folder), writable: false }));
  for (const folder of copy.dependencies) mkdirSync(path.join(isNodeModules(folder) ? installedAt(copy) : copy.tree, folder), { recursive: true, mode: 0o700 });
  return { mounts: [{ from: copy.tree, to: root, writable: true }, ...installed] };
}

function programOf({ name, command, root }: CheckJob, { tree, dependencies }: Copy, searchPath: string): string {
  const [program = ''] = command;
  const isOfProject = program.includes('/') && !path.isAbsolute(program);
  const isInstalled = isOfProject && dependencies.some((folder) => isWithin(path.normalize(program), folder));
  const found = findCommand(isOfProject ? path.join(isInstalled ? root : tree, program) : program, searchPath);
  if (found === null) throw new AppError('Misconfigured', 'CHECK_NOT_FOUND', `The program of the check ${name}, ${JSON.stringify(program)}, was not found or may not be executed. Install it, or correct the command in the settings.`);
  return isOfProject ? program : found;
}

// Where the copy stood differs from run to run and is nobody's business.
function runOf({ exitCode, timedOut = false, stderr }: AgentEnd, places: readonly string[]): CheckRun {
  const output = places.reduce((text, place) => text.replaceAll(`${place}/`, '').replaceAll(place, '.'), stderr);
  return { exitCode: timedOut ? null : exitCode, timedOut, output };
}
