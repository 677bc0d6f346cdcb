import type { IncomingHttpHeaders } from 'node:http';

/** The four forms in which models are asked over HTTP. */
export type Wire = 'responses' | 'chat' | 'anthropic' | 'google';

export interface Usage {
  readonly input: number;
  readonly output: number;
  readonly cached: number;
  readonly reasoning: number;
}

/** What the server does with one request; without a field it answers 'ok' at once. */
export interface Reply {
  /** What the model says. */
  readonly text?: string;
  /** The same as JSON; goes out as a call of the structured-output tool where the request offers one. */
  readonly json?: unknown;
  /** Tools the model calls. */
  readonly calls?: readonly { readonly name: string; readonly args: unknown }[];
  /** Default 'stop'; in each wire's own words. */
  readonly finish?: 'stop' | 'length' | 'refusal';
  /** Default 100 in, 20 out. */
  readonly usage?: Partial<Usage>;
  /** Default: the model that was asked for. */
  readonly model?: string;

  /** An error in the vendor's own form, unless `raw` says otherwise: 401, 403, 404, 429, 500, 529 … */
  readonly status?: number;
  /** Error text instead of the usual one of that status, and a code where the wire has one. */
  readonly message?: string;
  readonly code?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes sent as the body, as they are. */
  readonly raw?: string;

  /** Before anything is sent. */
  readonly delayMs?: number;
  /** Between two events of a stream: a slow one. */
  readonly eventDelayMs?: number;
  /** UTF-16 units of text an event; default 40. */
  readonly unitsPerEvent?: number;
  /** The connection is cut after so many events (0: after the headers). */
  readonly cutAfter?: number;
  /** Nothing more comes after so many events, for ever; 'start' sends not even headers. */
  readonly silentAfter?: number | 'start';
}

/** One reply for ever; or replies in turn, the last for ever; or whatever a function says. */
export type Script = Reply | readonly Reply[] | ((asked: Asked) => Reply);

export interface Asked {
  /** From 0. */
  readonly index: number;
  readonly wire: Wire;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** As sent. */
  readonly body: string;
  readonly json: Readonly<Record<string, unknown>>;
  readonly model: string;
  /** Names of the tools that were offered; of a group of Codex its name, then 'group/tool'. */
  readonly tools: readonly string[];
  /** Milliseconds of performance.now(). */
  readonly at: number;
  /** Whether the other side went away before the answer was complete. */
  readonly aborted: boolean;
}

/** What each wire makes of a reply: the events of a stream, and the body of a plain answer. */
export interface Spoken {
  readonly events: readonly string[];
  readonly whole: unknown;
}

/** A reply with its defaults, as the wires take it. */
export interface Speech {
  readonly index: number;
  readonly model: string;
  readonly text: string;
  /** The text in the pieces of a stream. */
  readonly pieces: readonly string[];
  readonly calls: readonly { readonly id: string; readonly name: string; readonly args: unknown }[];
  readonly finish: 'stop' | 'length' | 'refusal';
  readonly usage: Usage;
}

export function speechOf(reply: Reply, asked: Asked): Speech {
  const tool = reply.json === undefined ? undefined : structuredOutputTool(asked);
  const calls = [...(tool === undefined ? [] : [{ name: tool, args: reply.json }]), ...(reply.calls ?? [])];
  const text = tool === undefined ? textOf(reply) : '';
  return {
    index: asked.index,
    model: reply.model ?? asked.model,
    text,
    pieces: piecesOf(text, reply.unitsPerEvent ?? 40),
    calls: calls.map((call, n) => ({ ...call, id: `call_${asked.index}_${n}` })),
    finish: reply.finish ?? 'stop',
    usage: { input: 100, output: 20, cached: 0, reasoning: 0, ...reply.usage },
  };
}

function textOf({ text, json, calls }: Reply): string {
  if (json !== undefined) return JSON.stringify(json);
  return text ?? (calls === undefined ? 'ok' : '');
}

function piecesOf(text: string, units: number): string[] {
  const pieces: string[] = [];
  for (let start = 0; start < text.length; start += units) pieces.push(text.slice(start, start + units));
  return pieces;
}

// Claude's command line offers its own; the `ai` library forces one where a model knows no schema.
function structuredOutputTool(asked: Asked): string | undefined {
  const forced = asked.json['tool_choice'] as { type?: string; name?: string } | undefined;
  return asked.tools.find((name) => name === 'StructuredOutput') ?? (forced?.type === 'tool' ? forced.name : undefined);
}
