import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, closeSync, constants, openSync, statSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '#domain/errors.ts';

export interface ServiceCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment of the child; nothing of ours is added. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Standard output and standard error are appended to it, mode 0600. */
  readonly logFile: string;
  /** A session of its own: it survives us and no Ctrl-C reaches it; `stop` then ends its whole process group. */
  readonly detached: boolean;
  /** Linux with setpriv: the kernel ends it when we end, however we end. Elsewhere it is started without. */
  readonly dieWithParent?: boolean;
}

export interface ServiceExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ServiceProcess {
  readonly pid: number;
  readonly exited: Promise<ServiceExit>;
  /** Sends the signal, after `graceMs` SIGKILL, and resolves when it has ended. */
  stop(signal: NodeJS.Signals, graceMs: number): Promise<ServiceExit>;
}

/**
 * Starts a long-lived child and returns as soon as it runs; it does not keep our event loop alive.
 *
 * Fails   Misconfigured COMMAND_NOT_FOUND, FOLDER_NOT_FOUND · Unavailable COMMAND_NOT_STARTED
 */
export async function spawnService(service: ServiceCommand): Promise<ServiceProcess> {
  const { file, args } = withParentDeath(service);
  const log = openSync(service.logFile, 'a', 0o600);
  let child: ChildProcess;
  try {
    child = spawn(file, args, {
      cwd: service.cwd,
      env: { ...service.env },
      detached: service.detached,
      stdio: ['ignore', log, log],
      shell: false,
    });
  } finally {
    closeSync(log);
  }
  const exited = new Promise<ServiceExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  await started(child, service.command);
  child.unref();
  return { pid: child.pid!, exited, stop: (signal, graceMs) => stop(child, exited, { signal, graceMs, group: service.detached }) };
}

/** The file a command name means on a search path (colon-separated); null when there is none. A name with a slash is itself. */
export function findCommand(command: string, searchPath: string): string | null {
  const candidates = command.includes('/') ? [command] : foldersOf(searchPath).map((folder) => path.join(folder, command));
  return candidates.find(isExecutableFile) ?? null;
}

// An empty or relative entry would mean the current folder, which may be anybody's.
function foldersOf(searchPath: string): readonly string[] {
  return searchPath.split(path.delimiter).filter((folder) => path.isAbsolute(folder));
}

function isExecutableFile(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

// setpriv replaces itself by the command, so the pid is the command's own; but it would report a missing command
// only by its exit code, hence the look-up before.
function withParentDeath(service: ServiceCommand): { file: string; args: readonly string[] } {
  const searchPath = service.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin';
  const file = findCommand(service.command, searchPath);
  if (file === null) {
    throw new AppError('Misconfigured', 'COMMAND_NOT_FOUND', `The command \`${service.command}\` was not found. Install it or put it on PATH.`);
  }
  const setpriv = service.dieWithParent === true && process.platform === 'linux' ? findCommand('setpriv', `${searchPath}:/usr/bin:/bin`) : null;
  if (setpriv === null) return { file, args: service.args };
  return { file: setpriv, args: ['--pdeathsig', 'KILL', '--', file, ...service.args] };
}

async function started(child: ChildProcess, command: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause: NodeJS.ErrnoException) => reject(startFailure(command, cause)));
  });
}

function startFailure(command: string, cause: NodeJS.ErrnoException): AppError {
  if (cause.code === 'ENOENT') {
    return new AppError('Misconfigured', 'FOLDER_NOT_FOUND', `\`${command}\` cannot start: its folder does not exist.`, { cause });
  }
  return new AppError('Unavailable', 'COMMAND_NOT_STARTED', `\`${command}\` could not be started (${cause.code ?? 'unknown cause'}).`, { cause });
}

interface StopOptions {
  readonly signal: NodeJS.Signals;
  readonly graceMs: number;
  readonly group: boolean;
}

async function stop(child: ChildProcess, exited: Promise<ServiceExit>, options: StopOptions): Promise<ServiceExit> {
  child.ref();
  const send = (signal: NodeJS.Signals): void => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    try {
      process.kill(options.group ? -child.pid! : child.pid!, signal);
    } catch {
      // It ended between the look and the signal.
    }
  };
  send(options.signal);
  const timer = setTimeout(() => send('SIGKILL'), options.graceMs);
  try {
    return await exited;
  } finally {
    clearTimeout(timer);
  }
}
