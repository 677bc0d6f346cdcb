import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { inject } from 'vitest';
import type { Command } from '../support/command.ts';

const launcher = fileURLToPath(new URL('../../bin/koubou.js', import.meta.url));

/** The environment of a server that stands in the project of a test's command. */
export function environmentOf(koubou: Command, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: koubou.home, KOUBOU_HOME: join(koubou.home, 'koubou'), LANG: 'C.UTF-8', KOUBOU_TEMPORAL: inject('temporalPath'), ...more };
}

export interface Answer {
  readonly isError: boolean;
  readonly text: string;
  readonly structured: Record<string, unknown> & { readonly run_id: string; readonly state: string; readonly next_step: string };
}

export interface CallOptions {
  readonly onProgress?: (message: string) => void;
  readonly signal?: AbortSignal;
}

/** A server process with the SDK's own client in front of it. */
export interface Connected {
  readonly client: Client;
  readonly pid: number;
  /** What the server has written to standard error. */
  readonly said: () => string;
  call(name: string, args?: object, options?: CallOptions): Promise<Answer>;
  close(): Promise<void>;
}

export interface ConnectOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly name?: string;
  readonly cwd?: string;
  /** Fills in the forms that the server shows. */
  readonly fill?: (message: string, schema: unknown) => { readonly action: 'accept' | 'decline'; readonly content?: Record<string, string> };
}

export async function connect(koubou: Command, { env = {}, args = [], name = 'test', cwd = koubou.project, fill }: ConnectOptions = {}): Promise<Connected> {
  const transport = new StdioClientTransport({ command: process.execPath, args: [launcher, 'mcp', ...args], cwd, env: environmentOf(koubou, env), stderr: 'pipe' });
  let said = '';
  transport.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const client = new Client({ name, version: '1' }, fill === undefined ? {} : { capabilities: { elicitation: { form: {} } } });
  if (fill !== undefined) client.setRequestHandler(ElicitRequestSchema, ({ params }) => fill(params.message, 'requestedSchema' in params ? params.requestedSchema : undefined));
  await client.connect(transport);
  return {
    client,
    pid: transport.pid!,
    said: () => said,
    call: async (tool, given = {}, { onProgress, signal } = {}) => {
      const options = { timeout: 120_000, ...(onProgress === undefined ? {} : { onprogress: ({ message = '' }) => onProgress(message) }), ...(signal === undefined ? {} : { signal }) };
      const { content, structuredContent, isError } = await client.callTool({ name: tool, arguments: { ...given } }, undefined, options);
      const [first] = content as { readonly text: string }[];
      return { isError: isError === true, text: first?.text ?? '', structured: (structuredContent ?? {}) as Answer['structured'] };
    },
    close: () => client.close(),
  };
}

/** A server process that is spoken to line by line. */
export interface Raw {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<number | string | null>;
  send(message: object | string): void;
  /** The next message that fits. */
  next(fits?: (message: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
}

export function startRaw(koubou: Command, env: Readonly<Record<string, string>> = {}): Raw {
  const child = spawn(process.execPath, [launcher, 'mcp'], { cwd: koubou.project, env: environmentOf(koubou, env), stdio: 'pipe' });
  child.stdin.on('error', () => undefined);
  const messages: Record<string, unknown>[] = [];
  let [rest, wake] = ['', (): void => undefined];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    messages.push(...lines.map((line) => JSON.parse(line) as Record<string, unknown>));
    wake();
  });
  return {
    child,
    ended: new Promise((resolve) => child.on('close', (code, signal) => resolve(code ?? signal))),
    send: (message) => void child.stdin.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`),
    next: async (fits = () => true) => {
      for (;;) {
        const index = messages.findIndex(fits);
        if (index !== -1) return messages.splice(index, 1)[0]!;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}

export const initialize = { jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '1' } } };
