import { booleanOf, fieldNamed, objectOf, textOf } from './json-fields.ts';
import type { ObjectNode } from './json-cursor.ts';
import type { ReadingCause, ReadingOutcome } from './reading.ts';
import type { ScannedText } from './scan-json.ts';

/** What a tool's output carries: the model's own text, the object it was made to answer with, or why there is neither. */
export type OpenedEnvelope =
  | { readonly text: string }
  | { readonly node: ObjectNode }
  | { readonly outcome: Extract<ReadingOutcome, 'provider_error' | 'refusal' | 'truncated' | 'empty'>; readonly cause?: ReadingCause };

const cutShort: OpenedEnvelope = { outcome: 'truncated', cause: 'no_end_of_turn' };
const overLimit: OpenedEnvelope = { outcome: 'truncated', cause: 'token_limit' };
const failed: OpenedEnvelope = { outcome: 'provider_error', cause: 'error_reported' };
const refused: OpenedEnvelope = { outcome: 'refusal', cause: 'refused' };

/**
 * The answer inside the output of codex (JSONL events), claude (a result object or its stream) or gemini (an object or its
 * stream), known by shape. Exit codes and `subtype: success` prove nothing; only the event that ends a turn does.
 */
export function openEnvelope(text: string, scanned: ScannedText): OpenedEnvelope | undefined {
  const nodes = scanned.objects.map(({ node }) => node);
  const events = nodes.filter((node) => typeOf(node) !== undefined);
  if (events.some((node) => /^(?:thread|turn|item)\./.test(typeOf(node) ?? ''))) return openCodex(events);
  if (events.some(isGeminiEvent)) return openGeminiStream(events);
  const result = events.findLast((node) => typeOf(node) === 'result' && (node.fields.has('is_error') || node.fields.has('subtype')));
  if (result !== undefined) return openClaude(result);
  if (events.some((node) => typeOf(node) === 'system' && node.fields.has('subtype'))) return cutShort;
  const [first] = scanned.objects;
  if (first !== undefined && /^[\s[]*$/.test(text.slice(0, first.start)) && isFailure(first.node)) return failed;
  return nodes.map(openSingle).find((opened) => opened !== undefined);
}

function typeOf(node: ObjectNode): string | undefined {
  return textOf(node.fields.get('type'));
}

// An agent's message before a failed turn is not an answer; `error` alone is no end ("Reconnecting… 1/4").
function openCodex(events: readonly ObjectNode[]): OpenedEnvelope {
  const types = events.map(typeOf);
  const end = types.findLast((type) => type === 'turn.completed' || type === 'turn.failed');
  if (end === 'turn.failed') return failed;
  if (end === undefined) return types.includes('error') ? failed : cutShort;
  const message = events
    .map((event) => objectOf(event.fields.get('item')))
    .findLast((item) => item !== undefined && typeOf(item) === 'agent_message');
  return { text: (message && textOf(message.fields.get('text'))) ?? '' };
}

function openClaude(result: ObjectNode): OpenedEnvelope {
  const stop = textOf(result.fields.get('stop_reason'));
  if (stop === 'refusal') return refused;
  if (stop === 'max_tokens' || textOf(result.fields.get('api_error')) === 'max_output_tokens') return overLimit;
  if (isFailedResult(result)) return failed;
  const structured = objectOf(result.fields.get('structured_output'));
  return structured === undefined ? { text: textOf(result.fields.get('result')) ?? '' } : { node: structured };
}

function isFailedResult(result: ObjectNode): boolean {
  const subtype = textOf(result.fields.get('subtype')) ?? 'success';
  const reason = textOf(result.fields.get('terminal_reason')) ?? 'completed';
  return booleanOf(result.fields.get('is_error')) === true || subtype.startsWith('error') || reason !== 'completed';
}

function isGeminiEvent(node: ObjectNode): boolean {
  const type = typeOf(node);
  return (type === 'init' && node.fields.has('session_id')) || (type === 'message' && node.fields.has('role') && node.fields.has('content'));
}

function openGeminiStream(events: readonly ObjectNode[]): OpenedEnvelope {
  const result = events.findLast((event) => typeOf(event) === 'result');
  if (result === undefined) return events.some((event) => typeOf(event) === 'error') ? failed : cutShort;
  if (textOf(result.fields.get('status')) !== 'success') return failed;
  const spoken = events.filter((event) => typeOf(event) === 'message' && textOf(event.fields.get('role')) === 'assistant');
  return { text: spoken.map(contentOf).join('') };
}

function contentOf(event: ObjectNode): string {
  const content = event.fields.get('content');
  return content?.kind === 'string' ? content.text : '';
}

function openSingle(node: ObjectNode): OpenedEnvelope | undefined {
  const isGemini = node.fields.has('response') && (node.fields.has('stats') || node.fields.has('session_id'));
  if (textOf(node.fields.get('refusal')) !== undefined && !node.fields.has('score')) return refused;
  if (!isGemini) return undefined;
  const finish = textOf(fieldNamed(node, 'finishreason')) ?? 'STOP';
  if (finish === 'MAX_TOKENS') return overLimit;
  if (finish !== 'STOP') return refused;
  return { text: textOf(node.fields.get('response')) ?? '' };
}

// {"error": …} or {"type": "error", …} in a provider's words, at the beginning of what it sent.
function isFailure(node: ObjectNode): boolean {
  const error = node.fields.get('error');
  const isNamed = error !== undefined && (error.kind === 'object' || error.kind === 'string');
  return (isNamed && !node.fields.has('score')) || (typeOf(node) === 'error' && node.fields.has('message'));
}
