import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioClientTransport, type StdioServerParameters } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { JSONRPCMessage, RequestId } from '@modelcontextprotocol/sdk/types.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';

/** Stands in for a server of the SDK behind an HTTP host: every session is a process of its own, spoken to by standard input and output. */
export function bridgeToStdio(command: StdioServerParameters): McpServer {
  const child = new StdioClientTransport(command);
  const bridge = {
    server: { onclose: undefined as (() => void) | undefined },
    connect: async (client: Transport): Promise<void> => {
      const open: RequestId[] = [];
      client.onmessage = (message: JSONRPCMessage) => {
        if ('id' in message && 'method' in message) open.push(message.id);
        void child.send(message);
      };
      child.onmessage = (message: JSONRPCMessage) => {
        const isAnswer = 'id' in message && !('method' in message);
        // What a server says meanwhile belongs to the call in hand; standard output does not tell to which.
        const related = isAnswer ? undefined : open.at(-1);
        if (isAnswer) open.splice(open.indexOf(message.id!), 1);
        void client.send(message, related === undefined ? {} : { relatedRequestId: related }).catch(() => undefined);
      };
      client.onclose = () => void child.close().then(() => bridge.server.onclose?.());
      child.onclose = () => void client.close();
      await child.start();
    },
    close: () => child.close(),
  };
  return bridge as unknown as McpServer;
}
