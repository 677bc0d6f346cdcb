import { setTimeout as sleep } from 'node:timers/promises';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  CallToolRequestSchema, CompleteRequestSchema, GetPromptRequestSchema, ListPromptsRequestSchema, ListResourcesRequestSchema, ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema, ReadResourceRequestSchema, SubscribeRequestSchema, UnsubscribeRequestSchema, SetLevelRequestSchema, ElicitResultSchema, CreateMessageResultSchema,
  type ServerNotification, type ServerRequest,
} from '@modelcontextprotocol/sdk/types.js';
import { elicitations } from './elicitations.ts';

// What the official conformance suite asks of every server it tests: tools, prompts and resources of fixed names. They are put
// beside what the real server has, on the same SDK server, so that the way to them is the product's own.

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;
type Arguments = Readonly<Record<string, string>>;

interface Fixture {
  readonly properties?: Readonly<Record<string, object>>;
  run(given: Arguments, extra: Extra): Promise<object> | object;
}

const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
const silence = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=';
const text = (words: string): object => ({ type: 'text', text: words });
const image = { type: 'image', data: pixel, mimeType: 'image/png' };
const said = (...content: object[]): object => ({ content });
const resource = (uri: string, mimeType: string, words: string): object => ({ type: 'resource', resource: { uri, mimeType, text: words } });
const string = { type: 'string' };

async function elicit(params: object, extra: Extra): Promise<string> {
  const { action, content } = await extra.sendRequest({ method: 'elicitation/create', params } as unknown as ServerRequest, ElicitResultSchema);
  return `action=${action}, content=${JSON.stringify(content ?? {})}`;
}

const tools: Readonly<Record<string, Fixture>> = {
  test_simple_text: { run: () => said(text('This is a simple text response for testing.')) },
  test_image_content: { run: () => said(image) },
  test_audio_content: { run: () => said({ type: 'audio', data: silence, mimeType: 'audio/wav' }) },
  test_embedded_resource: { run: () => said(resource('test://embedded-resource', 'text/plain', 'This is an embedded resource content.')) },
  test_multiple_content_types: {
    run: () => said(text('Multiple content types test:'), image, resource('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}')),
  },
  test_error_handling: { run: () => ({ isError: true, ...said(text('This tool intentionally returns an error for testing')) }) },
  test_tool_with_logging: {
    run: async (_, extra) => {
      for (const words of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
        await extra.sendNotification({ method: 'notifications/message', params: { level: 'info', data: words } });
        await sleep(50);
      }
      return said(text('done'));
    },
  },
  test_tool_with_progress: {
    run: async (_, extra) => {
      const progressToken = extra._meta?.progressToken;
      for (const progress of [0, 50, 100]) {
        if (progressToken !== undefined) await extra.sendNotification({ method: 'notifications/progress', params: { progressToken, progress, total: 100 } });
        await sleep(50);
      }
      return said(text('done'));
    },
  },
  test_sampling: {
    properties: { prompt: string },
    run: async ({ prompt }, extra) => {
      const messages = [{ role: 'user' as const, content: { type: 'text' as const, text: prompt! } }];
      const { content } = await extra.sendRequest({ method: 'sampling/createMessage', params: { messages, maxTokens: 100 } }, CreateMessageResultSchema);
      return said(text(`LLM response: ${'text' in content ? content.text : ''}`));
    },
  },
  test_elicitation: {
    properties: { message: string },
    run: async ({ message }, extra) => said(text(`User response: ${await elicit({ ...elicitations.test_elicitation, message }, extra)}`)),
  },
  ...Object.fromEntries((['test_elicitation_sep1034_defaults', 'test_elicitation_sep1330_enums'] as const).map((name): [string, Fixture] => [
    name, { run: async (_, extra) => said(text(`Elicitation completed: ${await elicit(elicitations[name], extra)}`)) },
  ])),
  json_schema_2020_12_tool: { run: () => said(text('done')) },
  test_reconnection: { run: () => said(text('done')) },
};

const schema2020 = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: { address: { type: 'object', properties: { street: string, city: string } } },
  properties: { name: string, address: { $ref: '#/$defs/address' } },
  additionalProperties: false,
};

const user = (content: object): object => ({ role: 'user', content });

const prompts: Readonly<Record<string, Fixture>> = {
  test_simple_prompt: { run: () => ({ messages: [user(text('This is a simple prompt for testing.'))] }) },
  test_prompt_with_arguments: { properties: { arg1: {}, arg2: {} }, run: ({ arg1, arg2 }) => ({ messages: [user(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`))] }) },
  test_prompt_with_embedded_resource: {
    properties: { resourceUri: {} },
    run: ({ resourceUri }) => ({ messages: [user(resource(resourceUri!, 'text/plain', 'Embedded resource content for testing.')), user(text('Please process the embedded resource above.'))] }),
  },
  test_prompt_with_image: { run: () => ({ messages: [user(image), user(text('Please analyze the image above.'))] }) },
};

const resources: Readonly<Record<string, object>> = {
  'test://static-text': { uri: 'test://static-text', mimeType: 'text/plain', text: 'This is the content of the static text resource.' },
  'test://static-binary': { uri: 'test://static-binary', mimeType: 'image/png', blob: pixel },
  'test://template/123/data': { uri: 'test://template/123/data', mimeType: 'application/json', text: '{"id":"123","templateTest":true,"data":"Data for ID: 123"}' },
};

type Handler = (request: { params?: Record<string, unknown> }, extra: Extra) => Promise<object>;

/** Puts the fixtures beside what a server has, before it is connected. */
export function addFixtures(mcp: McpServer): void {
  const { server } = mcp;
  server.registerCapabilities({ tools: {}, prompts: {}, resources: { subscribe: true }, logging: {}, completions: {} });
  const known = (server as unknown as { _requestHandlers: Map<string, Handler> })._requestHandlers;
  // The server's own answer with more of the same, or nothing but the fixtures where it has no such list.
  const own = (method: string): Handler => known.get(method) ?? (() => Promise.resolve({}));
  const lists = (name: string, method: string, more: readonly object[]): ((request: object, extra: Extra) => Promise<never>) => {
    const list = own(method);
    return async (request, extra) => {
      const answer = (await list(request, extra)) as Record<string, readonly object[]>;
      return { ...answer, [name]: [...(answer[name] ?? []), ...more] } as never;
    };
  };
  const [call, get, read] = [own('tools/call'), own('prompts/get'), own('resources/read')];
  const object = ({ properties = {} }: Fixture): object => ({ type: 'object', properties, required: Object.keys(properties) });
  const described = Object.entries(tools).map(([name, tool]) => ({ name, description: 'fixture', inputSchema: name === 'json_schema_2020_12_tool' ? schema2020 : object(tool) }));
  const asked = Object.entries(prompts).map(([name, { properties = {} }]) => ({ name, description: 'fixture', arguments: Object.keys(properties).map((argument) => ({ name: argument, required: true })) }));
  const listed = ['test://static-text', 'test://static-binary'].map((uri) => ({ uri, name: uri, description: 'fixture' }));
  server.setRequestHandler(ListToolsRequestSchema, lists('tools', 'tools/list', described));
  server.setRequestHandler(ListPromptsRequestSchema, lists('prompts', 'prompts/list', asked));
  server.setRequestHandler(ListResourcesRequestSchema, lists('resources', 'resources/list', listed));
  server.setRequestHandler(ListResourceTemplatesRequestSchema, lists('resourceTemplates', 'resources/templates/list', [{ uriTemplate: 'test://template/{id}/data', name: 'fixture' }]));
  server.setRequestHandler(CallToolRequestSchema, (request, extra) => Promise.resolve(tools[request.params.name]?.run((request.params.arguments ?? {}) as Arguments, extra) ?? call(request, extra)) as never);
  server.setRequestHandler(GetPromptRequestSchema, (request, extra) => Promise.resolve(prompts[request.params.name]?.run(request.params.arguments ?? {}, extra) ?? get(request, extra)) as never);
  server.setRequestHandler(ReadResourceRequestSchema, async (request, extra) => (resources[request.params.uri] === undefined ? await read(request, extra) : { contents: [resources[request.params.uri]] }) as never);
  server.setRequestHandler(SetLevelRequestSchema, () => ({}));
  server.setRequestHandler(SubscribeRequestSchema, () => ({}));
  server.setRequestHandler(UnsubscribeRequestSchema, () => ({}));
  server.setRequestHandler(CompleteRequestSchema, () => ({ completion: { values: ['paris', 'park', 'party'], total: 3, hasMore: false } }));
}
