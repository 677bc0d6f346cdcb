import { existsSync } from 'node:fs';
import { execa } from 'execa';
import { AppError } from '#domain/errors.ts';

export interface RunOptions {
  readonly cwd?: string;
  /** The whole environment of the child; nothing of ours is added. Default: empty. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
  readonly timeoutMs: number;
  /** Of standard output, and again of standard error. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
  /** Exit codes that are an answer, not a failure; default [0]. */
  readonly okExitCodes?: readonly number[] | 'any';
}

export interface RunResult {
  readonly exitCode: number;
  /** Decoded as UTF-8, faulty bytes replaced; `stdoutBytes` has them as they were. */
  readonly stdout: string;
  readonly stdoutBytes: Uint8Array;
  readonly stderr: string;
}

type Child = ReturnType<typeof start>;
type Ended = Awaited<Child>;
type StopReason = 'timeout' | 'aborted';

/** Between asking a process group to end and ending it; between that and giving up on its pipes. */
const graceMs = 1_000;

/**
 * Runs one command to its end, without a shell, in a process group of its own, so that what it started ends with it.
 *
 * Fails   Misconfigured COMMAND_NOT_FOUND, COMMAND_NOT_EXECUTABLE, FOLDER_NOT_FOUND · TimedOut COMMAND_TIMED_OUT ·
 *         UnreadableOutput OUTPUT_TOO_LARGE · Unavailable COMMAND_FAILED, COMMAND_KILLED · the signal's own reason
 */
export async function run(command: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  options.signal?.throwIfAborted();
  const child = start(command, args, options);
  const { ended, stopped } = await untilEnded(child, options);
  if (stopped === 'aborted') options.signal?.throwIfAborted();
  if (stopped === 'timeout') throw timedOut(command, options.timeoutMs);
  if (child.pid === undefined) throw spawnFailure(command, ended, options.cwd);
  return resultOf(command, ended, options);
}

function start(command: string, args: readonly string[], options: RunOptions) {
  const input = typeof options.input === 'string' ? new TextEncoder().encode(options.input) : options.input;
  return execa(command, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { ...options.env },
    extendEnv: false,
    shell: false,
    stdin: input ?? 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    encoding: 'buffer',
    maxBuffer: options.maxBytes,
    stripFinalNewline: false,
    detached: true,
    reject: false,
  });
}

async function untilEnded(child: Child, options: RunOptions): Promise<{ ended: Ended; stopped: StopReason | undefined }> {
  let stopped: StopReason | undefined;
  const timers: NodeJS.Timeout[] = [];
  const stop = (reason: StopReason): void => {
    if (stopped !== undefined) return;
    stopped = reason;
    signalGroup(child.pid, 'SIGTERM');
    timers.push(setTimeout(() => signalGroup(child.pid, 'SIGKILL'), graceMs));
    // A grandchild in a session of its own may hold the pipes open for ever.
    timers.push(setTimeout(() => closePipes(child), 2 * graceMs));
  };
  const onAbort = (): void => stop('aborted');
  timers.push(setTimeout(() => stop('timeout'), options.timeoutMs));
  options.signal?.addEventListener('abort', onAbort, { once: true });
  if (child.pid !== undefined) running.add(child.pid);
  try {
    const ended = await child;
    if (ended.isMaxBuffer) signalGroup(child.pid, 'SIGKILL');
    return { ended, stopped };
  } finally {
    for (const timer of timers) clearTimeout(timer);
    options.signal?.removeEventListener('abort', onAbort);
    if (child.pid !== undefined) running.delete(child.pid);
  }
}

// What still runs when we exit would run on unseen: it is in a group of its own.
const running = new Set<number>();
process.on('exit', () => {
  for (const pid of running) signalGroup(pid, 'SIGKILL');
});

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}

function closePipes(child: Child): void {
  child.stdout?.destroy();
  child.stderr?.destroy();
}

function resultOf(command: string, ended: Ended, options: RunOptions): RunResult {
  if (ended.isMaxBuffer) {
    throw new AppError('UnreadableOutput', 'OUTPUT_TOO_LARGE', `\`${command}\` printed more than ${options.maxBytes} bytes and was stopped.`);
  }
  if (ended.exitCode === undefined) {
    throw new AppError('Unavailable', 'COMMAND_KILLED', `\`${command}\` was ended by ${ended.signal ?? 'an unknown signal'}.`);
  }
  const stdoutBytes = ended.stdout;
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const result = { exitCode: ended.exitCode, stdout: decoder.decode(stdoutBytes), stdoutBytes, stderr: decoder.decode(ended.stderr) };
  const accepted = options.okExitCodes ?? [0];
  if (accepted === 'any' || accepted.includes(result.exitCode)) return result;
  const cause = new Error(result.stderr.slice(-4_000));
  throw new AppError('Unavailable', 'COMMAND_FAILED', `\`${command}\` ended with exit code ${result.exitCode}.`, { cause });
}

function spawnFailure(command: string, ended: Ended, cwd: string | undefined): AppError {
  const code = ended.code;
  if (cwd !== undefined && !existsSync(cwd)) {
    return new AppError('Misconfigured', 'FOLDER_NOT_FOUND', `\`${command}\` cannot start: its folder does not exist.`);
  }
  if (code === 'ENOENT') {
    return new AppError('Misconfigured', 'COMMAND_NOT_FOUND', `The command \`${command}\` was not found. Install it or put it on PATH.`);
  }
  if (code === 'EACCES') {
    return new AppError('Misconfigured', 'COMMAND_NOT_EXECUTABLE', `The file \`${command}\` may not be executed. Check its mode.`);
  }
  return new AppError('Unavailable', 'COMMAND_NOT_STARTED', `\`${command}\` could not be started (${code ?? 'unknown cause'}).`, {
    cause: ended.cause,
  });
}

function timedOut(command: string, timeoutMs: number): AppError {
  return new AppError('TimedOut', 'COMMAND_TIMED_OUT', `\`${command}\` did not end within ${timeoutMs} ms and was stopped.`);
}
