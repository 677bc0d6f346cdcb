import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { createMcpServer } from '#mcp/bind-sdk.ts';
import { createMcpService } from '#mcp/service.ts';
import { addFixtures } from './fixtures.ts';

/** The server of the product with the fixtures beside its own tools. Nothing of the suite leads to a run: no service is opened. */
export function serverUnderSuite(folder: string): McpServer {
  const service = createMcpService({
    cwd: folder,
    environment: { HOME: folder, KOUBOU_HOME: folder, PATH: '/nowhere' },
    selfCommand: ['false'],
    roots: [{ root: folder, because: '--root' }],
    usableModels: () => Promise.resolve([]),
    log: () => undefined,
  });
  const server = createMcpServer({ service, principal: {}, log: () => undefined });
  addFixtures(server);
  return server;
}
