import { fail } from './json-cursor.ts';
import type { Cursor } from './json-cursor.ts';

const backslash = 0x5c;
const firstPrintable = 0x20;

const closing = new Map([
  ['"', '"'],
  ["'", "'"],
  ['“', '”'],
]);

/** Whether a string may start with this character: single and curly quotes only where repairs are allowed. */
export function opensString(character: string | undefined, isTolerant: boolean): character is string {
  return character === '"' || (isTolerant && character !== undefined && closing.has(character));
}

/** The string that starts at the cursor, with its escapes resolved. Linear in its length. */
export function readString(cursor: Cursor, quote: string): string | undefined {
  const start = cursor.at + 1;
  const quoteCode = closing.get(quote)?.charCodeAt(0);
  const { text } = cursor;
  let isPlain = true;
  let at = start;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quoteCode) return endString(cursor, { start, end: at, isPlain, quote });
    if (code !== backslash && code >= firstPrintable) continue;
    isPlain = false;
    const length = code === backslash ? escapeLength(cursor, at) : controlLength(cursor);
    if (length === 0) return stopAt(cursor, at);
    at += length - 1;
  }
  cursor.at = text.length;
  return fail(cursor, 'truncated');
}

function endString(cursor: Cursor, string: { start: number; end: number; isPlain: boolean; quote: string }): string {
  const inside = cursor.text.slice(string.start, string.end);
  cursor.at = string.end + 1;
  if (string.quote !== '"') cursor.repaired = true;
  return string.isPlain ? inside : decode(inside, cursor.tolerant);
}

// 0 for a sequence that JSON does not know; \' only where repairs are allowed.
function escapeLength(cursor: Cursor, at: number): number {
  const { text } = cursor;
  const next = text[at + 1] ?? '';
  if (next === '') return 2;
  if (next === 'u') return /^[0-9a-fA-F]{4}$/.test(text.slice(at + 2, at + 6)) || at + 6 > text.length ? 6 : 0;
  return '"\\/bfnrt'.includes(next) || (next === "'" && cursor.tolerant) ? 2 : 0;
}

// Raw line breaks and tabs are not JSON; models write them.
function controlLength(cursor: Cursor): number {
  if (!cursor.tolerant) return 0;
  cursor.repaired = true;
  return 1;
}

function stopAt(cursor: Cursor, at: number): undefined {
  cursor.at = at;
  return fail(cursor, 'malformed');
}

// Every escape is known by now, so this parse does not fail.
function decode(inside: string, isTolerant: boolean): string {
  const strict = isTolerant ? withoutRepairs(inside) : inside;
  return JSON.parse(`"${strict}"`) as string;
}

function withoutRepairs(inside: string): string {
  if (!/["']|\p{Cc}/u.test(inside)) return inside;
  return inside.replace(/\\.|"|\p{Cc}/gsu, (part) => {
    if (part === "\\'") return "'";
    if (part === '"') return '\\"';
    return part.length === 1 && part !== '\\' ? `\\u${part.charCodeAt(0).toString(16).padStart(4, '0')}` : part;
  });
}
