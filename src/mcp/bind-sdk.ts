import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { McpServerOptions } from './server-options.ts';

/** One unconnected server of the SDK, for one connection. */
export function createMcpServer(_options: McpServerOptions): McpServer {
  return new McpServer({ name: 'koubou', version: '0.1.0' }, { capabilities: { tools: {} } });
}
