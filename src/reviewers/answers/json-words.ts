import { fail } from './json-cursor.ts';
import type { Cursor, JsonNode } from './json-cursor.ts';

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const fraction = /-?\d{1,4}(?:\.\d{1,4})?(?: ?\/ ?\d{1,3}| ?%)/y;
const word = /-?[A-Za-z]{1,12}/y;
const literals = new Map<string, JsonNode>([
  ['true', { kind: 'boolean', value: true }],
  ['false', { kind: 'boolean', value: false }],
  ['null', { kind: 'null' }],
]);
const repairedLiterals = new Map<string, JsonNode>([
  ['True', { kind: 'boolean', value: true }],
  ['False', { kind: 'boolean', value: false }],
  ['None', { kind: 'null' }],
  ['undefined', { kind: 'null' }],
  ...['NaN', 'Infinity', '-Infinity'].map((text): [string, JsonNode] => [text, { kind: 'number', text, value: Number(text) }]),
]);

/** The number or word at the cursor; a number that ends the text may have lost digits and is 'truncated'. */
export function readWord(cursor: Cursor): JsonNode | undefined {
  const written = (cursor.tolerant && sticky(fraction, cursor)) || undefined;
  if (written !== undefined) return take(cursor, written, { kind: 'string', text: written }, true);
  const digits = sticky(number, cursor);
  if (digits !== undefined) return take(cursor, digits, { kind: 'number', text: digits, value: Number(digits) });
  const letters = sticky(word, cursor) ?? '';
  const literal = literals.get(letters);
  if (literal !== undefined) return take(cursor, letters, literal);
  const repair = cursor.tolerant ? repairedLiterals.get(letters) : undefined;
  if (repair !== undefined) return take(cursor, letters, repair, true);
  return fail(cursor, endsInWord(cursor) ? 'truncated' : 'malformed');
}

function take(cursor: Cursor, written: string, node: JsonNode, isRepair = false): JsonNode | undefined {
  cursor.at += written.length;
  const next = cursor.text[cursor.at];
  if (next !== undefined && !/[\s,}\]/]/.test(next)) return fail(cursor, endsInWord(cursor) ? 'truncated' : 'malformed');
  if (isRepair) cursor.repaired = true;
  return node;
}

function sticky(pattern: RegExp, cursor: Cursor): string | undefined {
  pattern.lastIndex = cursor.at;
  return pattern.exec(cursor.text)?.[0];
}

// The text ends inside the word at the cursor: 'tr', '9.', '-'.
function endsInWord(cursor: Cursor): boolean {
  return cursor.text.length - cursor.at <= 12 && !/[\s,}\]`]/.test(cursor.text.slice(cursor.at));
}
