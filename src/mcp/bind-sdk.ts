import { completable } from '@modelcontextprotocol/sdk/server/completable.js';
import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import { ElicitResultSchema, ErrorCode, ListToolsRequestSchema, McpError, type CallToolResult, type ServerNotification, type ServerRequest } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { ownManifestVersion } from '#io/own-files.ts';
import { callTool, type Answered } from './call-tool.ts';
import { decisionForm, readFormAnswer } from './decision-form.ts';
import { errorForLog, explainError } from './errors.ts';
import { instructions } from './instructions.ts';
import { listTools } from './list-tools.ts';
import { createProgress } from './progress.ts';
import { prompts, type Prompt } from './prompts.ts';
import { completeRunId, listResources, readResource, resourceKinds, type ResourceKind } from './resources.ts';
import type { McpServerOptions } from './server-options.ts';
import { tools } from './tools/all.ts';
import type { Tool, ToolCall } from './tools/tool.ts';

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** A call with more parts than this is no request of ours; checking it would cost the memory of the process. */
const maxToolInputElements = 20_000;

/** One unconnected server of the SDK, for one connection: the only place that knows the SDK and its era of the protocol. */
export function createMcpServer(options: McpServerOptions): McpServer {
  const server = new McpServer({ name: 'koubou', title: 'Koubou', version: ownManifestVersion() }, { instructions, maxToolInputElements });
  for (const tool of tools) bindTool(server, options, tool);
  // Our own list is smaller by a third, and in the dialect that the protocol names.
  server.server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [...listTools()] }));
  for (const kind of resourceKinds) bindResource(server, options, kind);
  for (const prompt of prompts) bindPrompt(server, prompt);
  return server;
}

// Arguments are checked by callTool, whose answers are shorter than the SDK's.
function bindTool(server: McpServer, options: McpServerOptions, tool: Tool): void {
  server.registerTool(tool.name, { description: tool.description, inputSchema: z.looseObject({}) }, (args, extra) => runTool(server, options, { tool, args, extra }));
}

interface Called {
  readonly tool: Tool;
  readonly args: unknown;
  readonly extra: Extra;
}

async function runTool({ server }: McpServer, { service, principal, log }: McpServerOptions, { tool, args, extra }: Called): Promise<CallToolResult> {
  const token = extra._meta?.progressToken;
  const progress = createProgress(async (count, message) => {
    if (token !== undefined) await extra.sendNotification({ method: 'notifications/progress', params: { progressToken: token, progress: count, message } });
  });
  const call: ToolCall = {
    service,
    principal,
    clientName: server.getClientVersion()?.name ?? '',
    signal: extra.signal,
    progress: (message) => progress.tell(message),
    ...(server.getClientCapabilities()?.elicitation?.form === undefined ? {} : { elicit: askBy(extra) }),
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

/** The signal ends it earlier. */
const longestTimerMs = 2 ** 31 - 1;

// A client that answers otherwise than it was asked, or not at all, has not decided.
function askBy(extra: Extra): NonNullable<ToolCall['elicit']> {
  return async (form, signal) => {
    const params = { mode: 'form' as const, message: form.message, requestedSchema: decisionForm(form) };
    try {
      const { action, content } = await extra.sendRequest({ method: 'elicitation/create', params }, ElicitResultSchema, { signal, timeout: longestTimerMs });
      return action === 'accept' ? readFormAnswer(content) : null;
    } catch {
      return null;
    }
  };
}

function bindResource(server: McpServer, options: McpServerOptions, { name, title, description, template, mediaType }: ResourceKind): void {
  const isFirst = name === resourceKinds[0]?.name;
  const list = isFirst ? async () => ({ resources: await explained(options, () => listResources(options)) }) : undefined;
  const complete = { run_id: (begun: string) => completeRunId(begun, options) };
  server.registerResource(name, new ResourceTemplate(template, { list, complete }), { title, description, mimeType: mediaType }, async (uri) => ({
    contents: [await explained(options, () => readResource(uri.href, options))],
  }));
}

// Resources have no result that tells an error: it is one of the protocol.
async function explained<Value>({ log }: McpServerOptions, read: () => Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (error) {
    const told = errorForLog(error);
    if (told !== null) log(told);
    const { code, what, next } = explainError(error, '');
    throw new McpError(code === 'BUG' ? ErrorCode.InternalError : ErrorCode.InvalidParams, `${what} ${next} [${code}]`);
  }
}

function bindPrompt(server: McpServer, { name, title, description, arguments: given, text }: Prompt): void {
  const argsSchema = Object.fromEntries(given.map(({ name: argument, description: about, required, choices }) => {
    const word = z.string().max(4_096);
    const plain = (required ? word : word.optional()).describe(about);
    return [argument, choices === undefined ? plain : completable(plain, (begun) => choices.filter((choice) => choice.startsWith(begun ?? '')))];
  }));
  server.registerPrompt(name, { title, description, argsSchema }, (args) => ({
    messages: [{ role: 'user', content: { type: 'text', text: text(args as Record<string, string | undefined>) } }],
  }));
}
