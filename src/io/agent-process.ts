import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '#domain/errors.ts';
import { endMarked, markerVariable } from './jail-marker.ts';
import type { Jail, JailedCommand } from './jail.ts';

export interface AgentCommand extends JailedCommand {
  readonly jail: Jail;
  /** Of the run's scratch. */
  readonly marker: string;
  readonly cwd: string;
  /** The whole environment; only the marker is added. */
  readonly env: Readonly<Record<string, string>>;
  /** Given on standard input. */
  readonly input: string;
  readonly timeoutMs: number;
  /** Of standard output; of standard error only the end is kept. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  /** Takes standard output through this file instead of a pipe, for programs that exit before a pipe has taken all of it; its lines are not watched. */
  readonly outputFile?: string;
  /** Its time limit is an end like others: what it printed is kept, and `timedOut` says so. */
  readonly keepsLateOutput?: boolean;
  /** For each line of either output: null, or after how many milliseconds it is ended; what it printed until then is its output. */
  readonly endsAfterMs?: (line: string) => number | null;
}

/** How it ended; none of it may be believed alone. */
export interface AgentEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  /** The last 64 kB. */
  readonly stderr: string;
  /** Only with `keepsLateOutput`. */
  readonly timedOut?: boolean;
}

type StopReason = 'aborted' | 'timeout' | 'flood' | 'over';

/** Time to put files in order between SIGTERM and SIGKILL. */
const graceMs = 1_000;
/** Time for the pipes to empty once everything that could hold them has ended. */
const drainMs = 1_000;
const stderrBytes = 64_000;

/**
 * Runs a program that may start others and move them out of its process group, and leaves none of them behind, however it ends.
 *
 * Fails   Misconfigured COMMAND_NOT_FOUND, COMMAND_NOT_EXECUTABLE · TimedOut COMMAND_TIMED_OUT
 *         · UnreadableOutput OUTPUT_TOO_LARGE · Unavailable COMMAND_NOT_STARTED · the signal's own reason
 */
export async function runAgent(agent: AgentCommand): Promise<AgentEnd> {
  agent.signal.throwIfAborted();
  const file = agent.outputFile === undefined ? undefined : openSync(agent.outputFile, 'wx+', 0o600);
  try {
    return await runTo(file, agent);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

async function runTo(file: number | undefined, agent: AgentCommand): Promise<AgentEnd> {
  const child = await start(agent, file);
  const outputs = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  let stopped: StopReason | undefined;
  const timers: NodeJS.Timeout[] = [];
  const stop = (reason: StopReason): void => {
    if (stopped !== undefined) return;
    stopped = reason;
    signalGroup(child.pid, 'SIGTERM');
    timers.push(setTimeout(() => endAll(child, agent.marker), graceMs));
  };
  const onAbort = (): void => stop('aborted');
  timers.push(setTimeout(() => stop('timeout'), agent.timeoutMs));
  agent.signal.addEventListener('abort', onAbort, { once: true });
  // It may have been aborted while the program was being started.
  if (agent.signal.aborted) onAbort();
  collect(child, outputs, { maxBytes: agent.maxBytes, onFlood: () => stop('flood') });
  if (file !== undefined) timers.push(setInterval(() => { if (fstatSync(file).size > agent.maxBytes) stop('flood'); }, 100));
  for (const output of [child.stdout, child.stderr].filter((stream) => stream !== null)) watchLines(output, agent.endsAfterMs, (afterMs) => timers.push(setTimeout(() => stop('over'), afterMs)));
  try {
    const [exitCode, signal] = await ended(child, agent.marker);
    if (file !== undefined && fstatSync(file).size > agent.maxBytes) stopped ??= 'flood';
    throwIfStopped(stopped, agent);
    if (file !== undefined) outputs.stdout.push(readFileSync(agent.outputFile!));
    return { exitCode, signal, stdout: decode(outputs.stdout), stderr: decode(outputs.stderr), ...lateness(stopped) };
  } finally {
    for (const timer of timers) clearTimeout(timer);
    agent.signal.removeEventListener('abort', onAbort);
  }
}

async function start(agent: AgentCommand, file: number | undefined): Promise<ChildProcess> {
  const { command, args } = agent.jail.wrap(agent);
  const env = { ...agent.env, [markerVariable]: agent.marker };
  const child = spawn(command, args, { cwd: agent.cwd, env, detached: true, shell: false, stdio: ['pipe', file ?? 'pipe', 'pipe'] });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause: NodeJS.ErrnoException) => reject(startFailure(cause)));
  });
  running.set(child.pid!, agent.marker);
  // An agent that fails at once does not read its prompt to the end.
  child.stdin!.on('error', () => undefined);
  child.stdin!.end(agent.input);
  return child;
}

function collect(child: ChildProcess, outputs: { stdout: Buffer[]; stderr: Buffer[] }, { maxBytes, onFlood }: { readonly maxBytes: number; readonly onFlood: () => void }): void {
  let [bytes, tail] = [0, 0];
  child.stdout?.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= maxBytes) outputs.stdout.push(chunk);
    else onFlood();
  });
  child.stderr!.on('data', (chunk: Buffer) => {
    outputs.stderr.push(chunk);
    tail += chunk.length;
    while (tail - outputs.stderr[0]!.length >= stderrBytes) tail -= outputs.stderr.shift()!.length;
  });
}

function watchLines(output: Readable, endsAfterMs: AgentCommand['endsAfterMs'], end: (afterMs: number) => void): void {
  if (endsAfterMs === undefined) return;
  let pieces: string[] = [];
  const decoder = new TextDecoder();
  output.on('data', (chunk: Buffer) => {
    const text = decoder.decode(chunk, { stream: true });
    pieces.push(text);
    if (!text.includes('\n')) return;
    const lines = pieces.join('').split('\n');
    pieces = lines.splice(-1);
    for (const line of lines) {
      const afterMs = endsAfterMs(line);
      if (afterMs !== null) end(afterMs);
    }
  });
}

// Its end is not the end of what it started, and that may hold the pipes open for ever.
async function ended(child: ChildProcess, marker: string): Promise<[number | null, NodeJS.Signals | null]> {
  const closed = once(child, 'close');
  const [exitCode, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  endAll(child, marker);
  running.delete(child.pid!);
  const waiting = new AbortController();
  await Promise.race([closed, sleep(drainMs, undefined, { signal: waiting.signal }).catch(() => undefined)]);
  waiting.abort();
  child.stdout?.destroy();
  child.stderr!.destroy();
  return [exitCode, signal];
}

function throwIfStopped(stopped: StopReason | undefined, agent: AgentCommand): void {
  if (stopped === 'aborted') agent.signal.throwIfAborted();
  if (stopped === 'timeout' && agent.keepsLateOutput !== true) throw new AppError('TimedOut', 'COMMAND_TIMED_OUT', `The agent did not end within ${agent.timeoutMs} ms and was stopped.`);
  if (stopped === 'flood') throw new AppError('UnreadableOutput', 'OUTPUT_TOO_LARGE', `The agent printed more than ${agent.maxBytes} bytes and was stopped.`);
}

function lateness(stopped: StopReason | undefined): Pick<AgentEnd, 'timedOut'> {
  return stopped === 'timeout' ? { timedOut: true } : {};
}

// What still runs when we exit would run on unseen.
const running = new Map<number, string>();
process.on('exit', () => {
  for (const [pid, marker] of running) {
    signalGroup(pid, 'SIGKILL');
    endMarked((other) => other === marker);
  }
});

function endAll(child: ChildProcess, marker: string): void {
  signalGroup(child.pid, 'SIGKILL');
  endMarked((other) => other === marker);
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}

function decode(chunks: readonly Buffer[]): string {
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function startFailure(cause: NodeJS.ErrnoException): AppError {
  if (cause.code === 'ENOENT') return new AppError('Misconfigured', 'COMMAND_NOT_FOUND', 'The agent\'s program is gone. Install it again.', { cause });
  if (cause.code === 'EACCES') return new AppError('Misconfigured', 'COMMAND_NOT_EXECUTABLE', 'The agent\'s program may not be executed. Check its mode.', { cause });
  return new AppError('Unavailable', 'COMMAND_NOT_STARTED', `The agent could not be started (${cause.code ?? 'unknown cause'}).`, { cause });
}
