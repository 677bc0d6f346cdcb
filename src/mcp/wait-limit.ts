import type { Settings } from '#config.ts';

/** The lowest limit of the hosts that were measured is 60 s for one call; some give up without a word. */
export const usualWaitMs = 50_000;

/**
 * Hosts that bear more, by the name they give in `initialize`. Claude Code puts a call into the background after 120 s; Codex gave
 * up after 120 s before mid 2026; Gemini CLI after 10 minutes; Visual Studio Code never.
 */
const hosts: Readonly<Record<string, number>> = {
  'claude-code': 100_000,
  'codex-mcp-client': 100_000,
  'gemini-cli-mcp-client': 280_000,
  'Visual Studio Code': 280_000,
};

/** How long a call of that client may take at most, in milliseconds. */
export function waitLimitMs(clientName: string, { mcp }: Pick<Settings, 'mcp'>): number {
  return mcp.waitMs ?? (Object.hasOwn(hosts, clientName) ? hosts[clientName]! : usualWaitMs);
}
