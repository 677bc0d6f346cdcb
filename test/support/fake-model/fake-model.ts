import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { speakAnthropic } from './anthropic.ts';
import { speakChat } from './chat.ts';
import { errorBody } from './errors.ts';
import { speakGoogle } from './google.ts';
import { speakResponses } from './responses.ts';
import { speechOf, type Asked, type Reply, type Script, type Speech, type Spoken, type Wire } from './script.ts';

export interface FakeModel {
  /** 'http://127.0.0.1:<port>', without a path; OpenAI's wires stand below /v1, Google's below /v1beta. */
  readonly url: string;
  /** Every call of a model, oldest first; entries come to life when a request has arrived whole. */
  readonly requests: readonly Asked[];
  /** Method and path of whatever else was asked: lists of models, counted tokens; telemetry and updates where HTTPS_PROXY leads here. */
  readonly strays: readonly string[];
  /** Another script from the next request on; requests are kept. */
  follow(script: Script): void;
  close(): Promise<void>;
}

const speakers: Readonly<Record<Wire, (speech: Speech) => Spoken>> = { responses: speakResponses, chat: speakChat, anthropic: speakAnthropic, google: speakGoogle };

/** Starts a scripted model on a free loopback port that speaks every wire, so that real programs and libraries can be asked. */
export async function startFakeModel(options: { readonly script?: Script } = {}): Promise<FakeModel> {
  const requests: Asked[] = [];
  const strays: string[] = [];
  let [script, since]: [Script, number] = [options.script ?? {}, 0];
  const server = createServer((request, response) => {
    void receive(request, requests.length).then(async (asked) => {
      if (asked === null) return answerStray(request, response, strays);
      // Two may have been on their way at once.
      const kept = Object.assign(asked, { index: requests.length });
      requests.push(kept);
      response.on('close', () => { if (!response.writableFinished) Object.assign(kept, { aborted: true }); });
      await answer(response, kept, replyOf(script, kept, since));
    }).catch(() => response.destroy());
  });
  // As a proxy it leads nowhere, and shows where a program wanted to go.
  server.on('connect', (request, socket) => {
    strays.push(`CONNECT ${request.url}`);
    socket.on('error', () => undefined).end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  });
  // Codex asks for a WebSocket first; refused so, it goes on over HTTP at once.
  server.on('upgrade', (_, socket) => socket.on('error', () => undefined).end('HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'));
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    strays,
    follow: (next) => { [script, since] = [next, requests.length]; },
    close: () => closeServer(server),
  };
}

function replyOf(script: Script, asked: Asked, since: number): Reply {
  if (typeof script === 'function') return script(asked);
  return Array.isArray(script) ? ((script as readonly Reply[])[Math.min(asked.index - since, script.length - 1)] ?? {}) : (script as Reply);
}

async function receive(request: IncomingMessage, index: number): Promise<Asked | null> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const path = (request.url ?? '/').replace(/\/{2,}/g, '/');
  const wire = request.method === 'POST' ? wireOf(path.split('?')[0]!) : undefined;
  if (wire === undefined) return null;
  const body = Buffer.concat(chunks).toString('utf8');
  const json = parsed(body);
  const model = wire === 'google' ? (/models\/([^:/]+):/.exec(path)?.[1] ?? '') : String(json['model']);
  return { index, wire, path, headers: request.headers, body, json, model, tools: toolNames(json), at: performance.now(), aborted: false };
}

function wireOf(path: string): Wire | undefined {
  if (path.endsWith('/responses')) return 'responses';
  if (path.endsWith('/chat/completions')) return 'chat';
  if (path.endsWith('/messages')) return 'anthropic';
  return /:(stream)?generateContent$/i.test(path) ? 'google' : undefined;
}

function parsed(body: string): Record<string, unknown> {
  try {
    return JSON.parse(body) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function toolNames(json: Readonly<Record<string, unknown>>): string[] {
  type Tool = { name?: string; type?: string; function?: { name: string }; functionDeclarations?: { name: string }[]; tools?: { name: string }[] };
  const tools = (Array.isArray(json['tools']) ? json['tools'] : []) as Tool[];
  return tools.flatMap((tool) => tool.functionDeclarations?.map(({ name }) => name) ?? [tool.name ?? tool.function?.name ?? tool.type ?? '', ...(tool.tools ?? []).map(({ name }) => `${tool.name}/${name}`)]);
}

function answerStray(request: IncomingMessage, response: ServerResponse, strays: string[]): void {
  const path = (request.url ?? '/').split('?')[0]!;
  strays.push(`${request.method} ${path}`);
  if (/[:/]count_?tokens$/i.test(path)) return sendJson(response, 200, { input_tokens: 100, totalTokens: 100 });
  if (path.endsWith('/models')) return sendJson(response, 200, { object: 'list', data: [{ id: 'fake-model', object: 'model', created: 1, owned_by: 'fake' }], models: [] });
  if (path === '/') return sendJson(response, 200, {});
  sendJson(response, 404, { error: { message: 'no such route' } });
}

function sendJson(response: ServerResponse, status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof value === 'string' ? value : JSON.stringify(value));
}

async function answer(response: ServerResponse, asked: Asked, reply: Reply): Promise<void> {
  if (reply.delayMs !== undefined) await sleep(reply.delayMs);
  if (reply.silentAfter === 'start') return;
  const status = reply.status ?? 200;
  if (reply.raw !== undefined) return sendJson(response, status, reply.raw, reply.headers);
  if (status >= 300) return sendJson(response, status, errorBody(asked.wire, status, reply), reply.headers);
  const { events, whole } = speakers[asked.wire](speechOf(reply, asked));
  const streams = asked.json['stream'] === true || asked.path.includes(':stream');
  if (!streams) return sendWhole(response, whole, reply);
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', ...reply.headers });
  response.flushHeaders();
  await sendEvents(response, events, reply);
}

// A plain answer has one event: its body, which is cut in its middle.
function sendWhole(response: ServerResponse, whole: unknown, reply: Reply): void {
  if (reply.cutAfter === undefined && reply.silentAfter === undefined) return sendJson(response, 200, whole, reply.headers);
  const text = JSON.stringify(whole);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...reply.headers });
  response.write(text.slice(0, text.length / 2), () => { if (reply.cutAfter !== undefined) response.destroy(); });
}

async function sendEvents(response: ServerResponse, events: readonly string[], { cutAfter, silentAfter, eventDelayMs }: Reply): Promise<void> {
  for (const [index, event] of events.entries()) {
    if (response.destroyed || index === silentAfter || index === cutAfter) break;
    await new Promise((resolve) => { response.write(event, resolve); });
    if (eventDelayMs !== undefined) await sleep(eventDelayMs);
  }
  if (silentAfter !== undefined) return;
  // However few events there were.
  if (cutAfter === undefined) response.end();
  else response.destroy();
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => { server.close(() => resolve()); });
}
