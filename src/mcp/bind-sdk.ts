import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { ElicitResultSchema, ListToolsRequestSchema, type CallToolResult, type ServerNotification, type ServerRequest } from '@modelcontextprotocol/sdk/types.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import { z } from 'zod';
import { ownManifestVersion } from '#io/own-files.ts';
import { callTool, type Answered } from './call-tool.ts';
import { decisionForm, readFormAnswer } from './decision-form.ts';
import { instructions } from './instructions.ts';
import { listTools } from './list-tools.ts';
import { createProgress } from './progress.ts';
import type { McpServerOptions } from './server-options.ts';
import { tools } from './tools/all.ts';
import type { Tool, ToolCall } from './tools/tool.ts';

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** A list in a call with more parts than this is no request of ours; validating it would cost the memory of the process. */
const maxToolInputElements = 20_000;

/** One unconnected server of the SDK, for one connection: the only place that knows the SDK and its era of the protocol. */
export function createMcpServer(options: McpServerOptions): McpServer {
  const server = new McpServer(
    { name: 'koubou', title: 'Koubou', version: ownManifestVersion() },
    { instructions, maxToolInputElements, capabilities: { tools: {} } },
  );
  // Arguments are checked by the tool itself, whose answer is better than the SDK's; schemas are told by our own list.
  const anything = z.looseObject({});
  for (const tool of tools) {
    server.registerTool(tool.name, { description: tool.description, inputSchema: anything }, (args, extra) => runTool(server, options, { tool, args, extra }));
  }
  server.server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [...listTools()] }));
  return server;
}

interface Called {
  readonly tool: Tool;
  readonly args: unknown;
  readonly extra: Extra;
}

async function runTool(server: McpServer, { service, principal, log }: McpServerOptions, { tool, args, extra }: Called): Promise<CallToolResult> {
  const token = extra._meta?.progressToken;
  const progress = createProgress((count, message) =>
    token === undefined ? Promise.resolve() : extra.sendNotification({ method: 'notifications/progress', params: { progressToken: token, progress: count, message } }),
  );
  const elicit = server.server.getClientCapabilities()?.elicitation?.form === undefined ? {} : { elicit: askBy(extra) };
  const call: ToolCall = {
    service, principal,
    clientName: server.server.getClientVersion()?.name ?? '',
    signal: extra.signal,
    progress: (message) => progress.tell(message),
    ...elicit,
  };
  try {
    return resultOf(await callTool(tool, args, { call, log }));
  } finally {
    progress.end();
  }
}

function resultOf(answered: Answered): CallToolResult {
  const content: CallToolResult['content'] = [{ type: 'text', text: answered.text }];
  if (answered.isError === true) return { content, isError: true };
  return { content, ...(answered.structured === undefined ? {} : { structuredContent: { ...answered.structured } }) };
}

// A client that answers otherwise than it was asked, or not at all, has not decided.
function askBy(extra: Extra): NonNullable<ToolCall['elicit']> {
  return async (form, signal) => {
    const request = { method: 'elicitation/create' as const, params: { mode: 'form' as const, message: form.message, requestedSchema: decisionForm(form) } };
    try {
      const { action, content } = await extra.sendRequest(request, ElicitResultSchema, { signal, timeout: longestTimerMs });
      return action === 'accept' ? readFormAnswer(content) : null;
    } catch {
      return null;
    }
  };
}

/** The signal ends it earlier. */
const longestTimerMs = 2 ** 31 - 1;
