import { AppError } from '#domain/errors.ts';
import { freeBytes } from '#io/disk.ts';
import { findJail } from '#io/jail.ts';
import { run } from '#io/process.ts';
import { pathConfinement } from '#io/roots.ts';
import { findCommand } from '#io/service-process.ts';
import type { Diagnosis } from './doctor.ts';
import { fromCache, type LocateRequest } from './temporal-binary/binary.ts';
import { locateTemporal } from './temporal-binary/locate.ts';
import { fittingServers, probe } from './temporal-binary/versions.ts';

export interface Tools {
  readonly node: { readonly version: string; readonly path: string };
  readonly stateDir: string;
  readonly temporal: Pick<LocateRequest, 'configured' | 'cacheDir' | 'searchPath' | 'environment'>;
}

/** Runs `.ts` sources and the newest packages. */
const oldestNode = 24;
const megabyte = 1_000_000;

export function checkNode({ node }: Tools): Diagnosis {
  const detail = `${node.version} at ${node.path}`;
  if (Number(/^v?(\d+)/.exec(node.version)?.[1]) >= oldestNode) return { name: 'node', ok: 'ok', detail };
  return { name: 'node', ok: 'fail', detail, fix: `Run koubou with Node ${oldestNode} or newer; set-up brings one: npm start -- doctor` };
}

export async function checkGit({ temporal }: Tools): Promise<Diagnosis> {
  const path = findCommand('git', temporal.searchPath);
  if (path === null) return { name: 'git', ok: 'fail', detail: 'not found on PATH', fix: 'Install git 2.30 or newer' };
  const { stdout } = await run(path, ['--version'], { env: { PATH: temporal.searchPath }, timeoutMs: 10_000, maxBytes: 10_000 });
  const version = /(\d+)\.(\d+)[\w.]*/.exec(stdout);
  const detail = `${version?.[0] ?? stdout.trim()} at ${path}`;
  const isOld = version === null || Number(version[1]) * 1_000 + Number(version[2]) < 2_030;
  return isOld ? { name: 'git', ok: 'warn', detail, fix: 'Install git 2.30 or newer' } : { name: 'git', ok: 'ok', detail };
}

/** Looks for the Temporal command where the service would, but brings none. */
export async function checkTemporal({ temporal }: Tools): Promise<Diagnosis> {
  const name = 'temporal';
  try {
    const found = await presentTemporal({ ...temporal, progress: () => undefined });
    if (found !== null) return { name, ok: 'ok', detail: `server ${found.serverVersion} at ${found.path} (${found.origin})` };
  } catch (error) {
    if (error instanceof AppError) return { name, ok: 'fail', detail: error.message, fix: `Let KOUBOU_TEMPORAL name ${fittingServers}, or unset it` };
    throw error;
  }
  const canBuild = findCommand('go', temporal.searchPath) !== null ? ', or builds it with Go in 3 to 5 minutes' : '';
  return { name, ok: 'warn', detail: `not here yet: the first start of the service downloads it${canBuild}`, fix: 'koubou up --detach' };
}

async function presentTemporal(request: LocateRequest): Promise<{ readonly path: string; readonly serverVersion: string; readonly origin: string } | null> {
  if (request.configured !== undefined && request.configured !== '') return locateTemporal(request);
  const path = findCommand('temporal', request.searchPath);
  const answer = path === null ? null : await probe(path, request);
  if (path !== null && answer?.fits === true) return { path, serverVersion: answer.serverVersion, origin: 'path' };
  return fromCache(request);
}

export function checkDisk({ stateDir }: Tools): Diagnosis {
  const free = freeBytes(stateDir);
  const detail = `${Math.round(free / megabyte).toLocaleString('en')} MB free for ${stateDir}`;
  const fix = 'Free some space, or let KOUBOU_HOME name a folder on another disk';
  if (free < 200 * megabyte) return { name: 'disk', ok: 'fail', detail, fix };
  return free < 1_000 * megabyte ? { name: 'disk', ok: 'warn', detail, fix } : { name: 'disk', ok: 'ok', detail };
}

export function checkPaths(confinement: typeof pathConfinement = pathConfinement): Diagnosis {
  if (confinement === 'openat') return { name: 'paths', ok: 'ok', detail: 'folders are opened one by one and no link is followed' };
  return {
    name: 'paths',
    ok: 'warn',
    detail: 'links are looked for before and after each step: a program that races us inside the root could still win',
    fix: 'Review hostile repositories on Linux',
  };
}

const sandboxTools = ['setpriv', 'unshare', 'bwrap'] as const;

export async function checkSandbox({ temporal }: Tools): Promise<Diagnosis> {
  const present = sandboxTools.filter((tool) => findCommand(tool, `${temporal.searchPath}:/usr/bin:/bin`) !== null);
  const missing = sandboxTools.filter((tool) => !present.includes(tool));
  const { kind, cutsNetwork } = await findJail();
  const detail = [listed('present', present), listed('missing', missing), `agents and checks run under: ${kind}`].filter((part) => part !== '').join('; ');
  if (!cutsNetwork) return { name: 'sandbox', ok: 'warn', detail: `${detail}, which cannot keep a check from the network`, ...(process.platform === 'linux' ? { fix: 'Install bubblewrap, or allow user namespaces' } : {}) };
  if (present.includes('setpriv')) return { name: 'sandbox', ok: 'ok', detail };
  return {
    name: 'sandbox',
    ok: 'warn',
    detail: `${detail}: without setpriv the server of a killed service lives on until the next up or down`,
    ...(process.platform === 'linux' ? { fix: 'Install util-linux' } : {}),
  };
}

function listed(what: string, tools: readonly string[]): string {
  return tools.length === 0 ? '' : `${what}: ${tools.join(', ')}`;
}
