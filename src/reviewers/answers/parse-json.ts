import { fail, isAtEnd, skipSpace } from './json-cursor.ts';
import type { Cursor, JsonFailure, JsonNode, JsonRefusal } from './json-cursor.ts';
import { opensString, readString } from './json-strings.ts';
import { readWord } from './json-words.ts';

export type { JsonNode, ObjectNode } from './json-cursor.ts';

export interface ParsedJson {
  /** Absent if the parse failed. */
  readonly node?: JsonNode;
  /** Where the value ends, or where the parse failed. */
  readonly end: number;
  readonly failure?: JsonFailure;
  /** The value is complete but holds a key twice, or one that is not allowed. */
  readonly refusal?: JsonRefusal;
  readonly repaired: boolean;
  /** Keys that were read: a failure after none is prose in braces, not JSON. */
  readonly keys: number;
}

/** No answer nests deeper than 10; more is an attack on the stack. */
export const maxDepth = 64;

const forbiddenKeys = ['__proto__', 'constructor', 'prototype'];
const noFields: ReadonlyMap<string, JsonNode> = new Map();

/**
 * Reads one JSON value that starts at `start`, in time linear in its length, and says where it ends. Strict JSON by default;
 * `tolerant` also takes what models write around it (comments, trailing commas, bare keys, single quotes, raw line breaks,
 * Python words, 8/10) and marks the result as repaired. A value that the text does not finish is 'truncated' in both.
 */
export function parseJsonAt(text: string, start: number, tolerant = false): ParsedJson {
  const cursor: Cursor = { text, tolerant, at: start, depth: 0, keys: 0, repaired: false };
  skipSpace(cursor);
  const node = readValue(cursor);
  const { at: end, failure, refusal, repaired, keys } = cursor;
  return { end, repaired, keys, ...(node && { node }), ...(failure && { failure }), ...(refusal && { refusal }) };
}

function readValue(cursor: Cursor): JsonNode | undefined {
  const next = cursor.text[cursor.at];
  if (next === undefined) return fail(cursor, 'truncated');
  if (next === '{' || next === '[') return readNested(cursor, next);
  if (opensString(next, cursor.tolerant)) {
    const text = readString(cursor, next);
    return text === undefined ? undefined : { kind: 'string', text };
  }
  return readWord(cursor);
}

function readNested(cursor: Cursor, open: '{' | '['): JsonNode | undefined {
  if (cursor.depth === maxDepth) return fail(cursor, 'too_deep');
  cursor.depth += 1;
  cursor.at += 1;
  const node = open === '{' ? readObject(cursor) : readArray(cursor);
  cursor.depth -= 1;
  return node;
}

function readObject(cursor: Cursor): JsonNode | undefined {
  if (closes(cursor, '}')) return { kind: 'object', fields: noFields };
  const fields = new Map<string, JsonNode>();
  for (;;) {
    const key = readKey(cursor);
    if (key === undefined) return undefined;
    refuseKey(cursor, key, fields.has(key));
    const value = readValue(cursor);
    if (value === undefined) return undefined;
    fields.set(key, value);
    const more = readSeparator(cursor, '}');
    if (more === undefined) return undefined;
    if (!more) return { kind: 'object', fields };
  }
}

// The parse goes on, so that the end of the object is known.
function refuseKey(cursor: Cursor, key: string, isTaken: boolean): void {
  if (isTaken) cursor.refusal ??= 'duplicate_key';
  if (forbiddenKeys.includes(key)) cursor.refusal ??= 'forbidden_key';
}

function readArray(cursor: Cursor): JsonNode | undefined {
  const items: JsonNode[] = [];
  if (closes(cursor, ']')) return { kind: 'array', items };
  for (;;) {
    const value = readValue(cursor);
    if (value === undefined) return undefined;
    items.push(value);
    const more = readSeparator(cursor, ']');
    if (more === undefined) return undefined;
    if (!more) return { kind: 'array', items };
  }
}

function closes(cursor: Cursor, close: string): boolean {
  skipSpace(cursor);
  if (cursor.text[cursor.at] !== close) return false;
  cursor.at += 1;
  return true;
}

// True after a comma, false after the closing bracket, undefined after anything else.
function readSeparator(cursor: Cursor, close: string): boolean | undefined {
  if (closes(cursor, close)) return false;
  if (cursor.text[cursor.at] !== ',') return fail(cursor, isAtEnd(cursor) ? 'truncated' : 'malformed');
  cursor.at += 1;
  skipSpace(cursor);
  if (!cursor.tolerant || cursor.text[cursor.at] !== close) return true;
  cursor.at += 1;
  cursor.repaired = true;
  return false;
}

const bareKey = /[\p{L}_$][\p{L}\p{N}_$-]{0,80}/uy;

function readKey(cursor: Cursor): string | undefined {
  const next = cursor.text[cursor.at];
  if (next === undefined) return fail(cursor, 'truncated');
  const key = opensString(next, cursor.tolerant) ? readString(cursor, next) : readBareKey(cursor);
  if (key === undefined) return undefined;
  skipSpace(cursor);
  if (cursor.text[cursor.at] !== ':') return fail(cursor, isAtEnd(cursor) ? 'truncated' : 'malformed');
  cursor.at += 1;
  cursor.keys += 1;
  skipSpace(cursor);
  return key;
}

function readBareKey(cursor: Cursor): string | undefined {
  bareKey.lastIndex = cursor.at;
  const [key] = (cursor.tolerant && bareKey.exec(cursor.text)) || [];
  if (key === undefined) return fail(cursor, 'malformed');
  cursor.at += key.length;
  cursor.repaired = true;
  return key;
}
