import { Console } from 'node:console';
import type { Readable, Writable } from 'node:stream';
import { createMcpServer } from './bind-sdk.ts';
import { createStdioTransport } from './stdio-transport.ts';
import type { McpServerOptions } from './server-options.ts';

export interface SignalSource {
  once(signal: NodeJS.Signals, listener: () => void): unknown;
}

export interface StdioOptions extends McpServerOptions {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly signals: SignalSource;
}

/** Connections that do not close in this time are left to the end of the process. */
const closeMs = 500;

/**
 * Serves one client over standard input and output until its end of input closes, nobody reads any more, or a signal comes. Runs that
 * were started go on. The process is expected to end afterwards.
 */
export async function serveStdio(options: StdioOptions): Promise<void> {
  const { stdin, stdout, service, signals } = options;
  const output = keepForProtocol(options);
  const transport = createStdioTransport({ input: stdin, output });
  const over = new Promise<void>((resolve) => {
    stdin.once('end', resolve);
    stdin.once('close', resolve);
    stdin.once('error', () => resolve());
    stdout.on('error', () => resolve());
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) signals.once(signal, () => resolve());
  });
  const server = createMcpServer(options);
  await server.connect(transport);
  await over;
  await Promise.race([Promise.allSettled([server.close(), service.close()]), new Promise((resolve) => setTimeout(resolve, closeMs).unref())]);
}

// Standard output belongs to the protocol: whatever else is written there, by us or by a dependency, goes to standard error.
function keepForProtocol({ stdout, stderr }: StdioOptions): Pick<Writable, 'write' | 'once'> {
  const write = stdout.write.bind(stdout);
  stdout.write = stderr.write.bind(stderr);
  globalThis.console = new Console({ stdout: stderr, stderr });
  return { write, once: stdout.once.bind(stdout) };
}
