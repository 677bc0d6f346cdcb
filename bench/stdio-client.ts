import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A client of next to nothing, so that what is measured is the server: one JSON line a message, answers by id. */
export interface StdioClient {
  /** Milliseconds from the start of the process to its answer to `initialize`. */
  readonly startMs: number;
  request(method: string, params?: object): Promise<{ readonly result: unknown; readonly bytes: number; readonly ms: number }>;
  /** Megabytes of memory in use; 0 where the system does not tell. */
  residentMb(): number;
  stop(): Promise<void>;
}

export async function startStdio([command, ...args]: readonly string[], options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> }): Promise<StdioClient> {
  const began = performance.now();
  const child = spawn(command!, args, { ...options, stdio: ['pipe', 'pipe', 'ignore'] });
  const waiting = new Map<number, (line: string) => void>();
  let [rest, last] = ['', 0];
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    const lines = (rest + part).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      const { id, method } = JSON.parse(line) as { id?: number; method?: string };
      if (id !== undefined && method === undefined) waiting.get(id)?.(line);
    }
  });
  const write = (message: object): void => void child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const request: StdioClient['request'] = async (method, params = {}) => {
    const id = (last += 1);
    const asked = performance.now();
    const line = await new Promise<string>((resolve) => {
      waiting.set(id, resolve);
      write({ id, method, params });
    });
    const ms = performance.now() - asked;
    const { result, error } = JSON.parse(line) as { result?: { isError?: boolean }; error?: unknown };
    if (error !== undefined || result?.isError === true) throw new Error(`${method}: ${line}`);
    return { result, bytes: Buffer.byteLength(JSON.stringify(result)), ms };
  };
  await request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'bench', version: '1' } });
  const startMs = performance.now() - began;
  write({ method: 'notifications/initialized' });
  return {
    startMs,
    request,
    residentMb: () => Number(/VmRSS:\s+(\d+)/.exec(status(child.pid!))?.[1] ?? 0) / 1024,
    stop: () => new Promise((resolve) => {
      child.on('close', () => resolve());
      child.stdin.end();
      setTimeout(() => child.kill('SIGKILL'), 2_000).unref();
    }),
  };
}

function status(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}
