import type { Readable, Writable } from 'node:stream';
import type { LoadedConfig } from '#config.ts';
import { chooseRoots } from './roots.ts';
import { createMcpService } from './service.ts';
import { serveStdio, type SignalSource } from './stdio.ts';

/** What `koubou mcp` was asked for. */
export interface McpWish {
  /** What --root says, each time it was given. */
  readonly roots: readonly string[];
  /** What --address and --config say. */
  readonly address?: string | undefined;
  readonly configFile?: string | undefined;
  /** [HOST:]PORT; '' means the usual one. Absent: standard input and output. */
  readonly http?: string;
  /** How clients call it through a proxy. */
  readonly publicUrl?: string | undefined;
}

/** The process that serves. */
export interface McpProcess {
  /** Absolute. */
  readonly cwd: string;
  readonly home?: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** How this program is called again. */
  readonly selfCommand: readonly string[];
  readonly usableModels: (config: LoadedConfig) => Promise<readonly string[]>;
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly signals: SignalSource;
}

/** `koubou mcp`: serves until its client leaves, over HTTP until it is told to end. Fails with InvalidInput ROOT_NOT_FOUND, and as `serveUntilTold` does. */
export async function serveMcp({ roots: given, address, configFile, http, publicUrl }: McpWish, process: McpProcess): Promise<void> {
  // Whoever is served by it need not know it: neither a service that is started from here nor the models it asks.
  const { KOUBOU_MCP_TOKEN: token, ...environment } = process.environment;
  const roots = chooseRoots({ cwd: process.cwd, environment, given, home: process.home });
  const log = (line: string): void => void process.stderr.write(`koubou: ${line}\n`);
  const service = createMcpService({ ...process, environment, roots, address, configFile, log });
  if (http === undefined) return serveStdio({ ...process, service, principal: {}, log });
  const [{ serveUntilTold }, { createMcpServer }] = await Promise.all([import('./http/serve-until-told.ts'), import('./bind-sdk.ts')]);
  const { config } = await service.settings();
  await serveUntilTold({ address: http, publicUrl, stateDir: config.places.stateDir, token, createServer: (principal) => createMcpServer({ service, principal, log }), signals: process.signals, say: log });
  await service.close();
}
