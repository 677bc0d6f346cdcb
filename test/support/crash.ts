import { spawn } from 'node:child_process';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a module's text in a Node process of its own; `killAfterMs` ends it and all it started with SIGKILL. */
export function runModule(source: string, options: { readonly killAfterMs?: number; readonly wrap?: readonly string[] } = {}): Promise<Ended> {
  const command = [...(options.wrap ?? []), process.execPath, '--disable-warning=ExperimentalWarning', '--input-type=module', '-e', source];
  const child = spawn(command[0]!, command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => { stdout += chunk.toString(); });
  child.stderr.on('data', (chunk: Buffer) => { stderr += chunk.toString(); });
  const timer = options.killAfterMs === undefined ? undefined : setTimeout(() => killGroup(child.pid!), options.killAfterMs);
  return new Promise((resolve) => {
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout, stderr });
    });
  });
}

/** The address of one of our own modules, for `import` inside such a process. */
export function sourceUrl(file: string): string {
  return new URL(`../../src/${file}`, import.meta.url).href;
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
