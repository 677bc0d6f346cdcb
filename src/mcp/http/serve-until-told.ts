import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { Principal } from '#mcp/principal.ts';
import { readHttpAddress, readPublicUrl } from './address.ts';
import { isLoopback } from './places.ts';
import { serveHttp } from './serve-http.ts';
import { loadTokens } from './token-file.ts';

/** What `koubou mcp --http` was given. */
export interface HttpWish {
  /** [HOST:]PORT, or '' for the usual one. */
  readonly address: string;
  readonly publicUrl?: string | undefined;
}

export interface ServeUntilTold extends HttpWish {
  readonly stateDir: string;
  /** KOUBOU_MCP_TOKEN. */
  readonly token: string | undefined;
  readonly createServer: (principal: Principal) => McpServer;
  readonly signals: { once(signal: NodeJS.Signals, listener: () => void): unknown };
  /** Lines for whoever started it. */
  readonly say: (line: string) => void;
}

/** Serves until SIGTERM, SIGINT or SIGHUP; then ends the calls that wait, and returns. Runs go on. Fails as its parts do. */
export async function serveUntilTold(options: ServeUntilTold): Promise<void> {
  const { createServer, stateDir, signals, say } = options;
  const address = readHttpAddress(options.address);
  const publicUrl = options.publicUrl === undefined ? {} : { publicUrl: readPublicUrl(options.publicUrl) };
  const { tokens, place, generated } = loadTokens({ stateDir, fromEnvironment: options.token });
  const told = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) signals.once(signal, resolve);
  });
  const host = await serveHttp({ ...address, ...publicUrl, tokens, createServer, log: say });
  say(`MCP is spoken at ${host.url}`);
  if (generated !== undefined) say(`A token was made: ${generated}`);
  say(place === 'KOUBOU_MCP_TOKEN' ? 'Clients show the token of KOUBOU_MCP_TOKEN.' : `Clients show the token kept in ${place}.`);
  if (!isLoopback(address.host)) say('Other machines can reach this address, and what they send is not encrypted. Put a proxy with TLS before it.');
  await told;
  await host.close();
}
