import type { FinishReason, TextStreamPart, ToolSet } from 'ai';
import { AppError } from '#domain/errors.ts';
import { maxAnswerBytes, type AskContext, type Finish, type ModelAnswer, type ModelRequest, type ModelUsage } from '#reviewers/providers/provider.ts';
import { errorOf } from './complaints.ts';
import type { Callee } from './endpoint.ts';
import type { Model } from './models.ts';
import { failureOf, unfinished } from './stream-failures.ts';
import { tooLarge } from './transport.ts';

type Part = TextStreamPart<ToolSet>;
type Ended = Extract<Part, { readonly type: 'finish-step' }>;

/** Asks through the library, whose own retries, telemetry, warnings and reading of the answer are off. */
export async function askModel(model: Model, request: ModelRequest, { callee, signal: outer }: { readonly callee: Callee; readonly signal: AskContext['signal'] }): Promise<ModelAnswer> {
  // The usual streamText keeps every piece for a second reader.
  const { experimental_streamTextLowMemory: streamOnce } = await import('ai');
  Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });
  const over = new AbortController();
  const signal = AbortSignal.any([outer, over.signal]);
  try {
    const { stream } = streamOnce({
      model,
      instructions: request.instructions,
      prompt: request.prompt,
      ...(request.maxOutputTokens === undefined ? {} : { maxOutputTokens: request.maxOutputTokens }),
      ...(request.schema === undefined ? {} : { output: unreadOutput(request.schema) }),
      // OpenAI would keep what it is asked for a month.
      providerOptions: { openai: { store: false } },
      maxRetries: 0,
      abortSignal: signal,
      telemetry: { isEnabled: false },
      onError: () => undefined,
    });
    return await gather(stream, callee);
  } catch (error) {
    outer.throwIfAborted();
    throw failureOf(error, callee);
  } finally {
    // The libraries go on reading in some cases of failure.
    over.abort();
  }
}

// Asks for the schema and leaves the text alone: the library's own outputs parse the whole text again with each piece.
function unreadOutput(schema: NonNullable<ModelRequest['schema']>) {
  return {
    name: 'unread',
    responseFormat: Promise.resolve({ type: 'json' as const, name: 'answer', schema }),
    parseCompleteOutput: ({ text }: { readonly text: string }) => Promise.resolve(text),
    parsePartialOutput: () => Promise.resolve(undefined),
    createElementStreamTransform: () => undefined,
  };
}

async function gather(stream: AsyncIterable<Part>, callee: Callee): Promise<ModelAnswer> {
  const pieces: string[] = [];
  let bytes = 0;
  let ended: Ended | undefined;
  for await (const part of stream) {
    if (part.type === 'error') throw failureOf(part.error, callee);
    if (part.type === 'finish-step') ended = part;
    if (part.type !== 'text-delta') continue;
    bytes += Buffer.byteLength(part.text);
    if (bytes > maxAnswerBytes) throw tooLarge(callee);
    pieces.push(part.text);
  }
  if (ended === undefined) throw unfinished(callee);
  return { text: pieces.join(''), finish: finishOf(ended, callee), model: modelOf(ended, callee), usage: usageOf(ended) };
}

const finishes: Readonly<Partial<Record<FinishReason, Finish>>> = { stop: 'stop', length: 'length' };

function finishOf({ finishReason, rawFinishReason }: Ended, callee: Callee): Finish {
  if (finishReason === 'interrupted' || finishReason === 'error') throw unfinished(callee);
  if (finishReason !== 'content-filter') return finishes[finishReason] ?? 'unknown';
  // A model that refuses in its own words ends as usual; a filter gives a reason of its own.
  if (rawFinishReason === undefined || rawFinishReason === 'stop') return 'refusal';
  throw errorOf({ status: null, words: 'content_filter' }, callee);
}

function modelOf({ response }: Ended, { model }: Callee): string {
  const named = response.modelId.replace(/[^\x20-\x7e]/g, '').slice(0, 200);
  return named === '' ? model : named;
}

function usageOf({ usage: { inputTokens, outputTokens, raw } }: Ended): ModelUsage {
  // OpenRouter's own figure, in USD.
  const cost = raw?.['cost'];
  return { inputTokens: countOf(inputTokens), outputTokens: countOf(outputTokens), costUsd: typeof cost === 'number' && cost >= 0 ? cost : null };
}

function countOf(tokens: number | undefined): number | null {
  return tokens !== undefined && Number.isSafeInteger(tokens) && tokens >= 0 ? tokens : null;
}

/** The same question without a schema, for servers that take none. */
export function byInstruction({ schema, ...request }: ModelRequest): ModelRequest {
  if (schema === undefined) return request;
  return { ...request, instructions: `${request.instructions}\n\nAnswer with one JSON object and nothing else. It follows this JSON Schema:\n${JSON.stringify(schema)}` };
}

export function refusesSchema(error: unknown): boolean {
  return error instanceof AppError && error.code === 'PROVIDER_SCHEMA_REFUSED';
}
