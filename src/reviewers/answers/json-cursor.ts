/** A JSON value with its numbers as they were written: 8.0 stays '8.0'. Objects are maps, so no key reaches a prototype. */
export type JsonNode =
  | { readonly kind: 'object'; readonly fields: ReadonlyMap<string, JsonNode> }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' };

export type ObjectNode = Extract<JsonNode, { kind: 'object' }>;

export type JsonFailure = 'malformed' | 'truncated' | 'too_deep';
export type JsonRefusal = 'duplicate_key' | 'forbidden_key';

/** Where a parse is, and what it has seen. */
export interface Cursor {
  readonly text: string;
  readonly tolerant: boolean;
  at: number;
  depth: number;
  keys: number;
  repaired: boolean;
  failure?: JsonFailure;
  refusal?: JsonRefusal;
}

export function isAtEnd(cursor: Cursor): boolean {
  return cursor.at >= cursor.text.length;
}

export function skipSpace(cursor: Cursor): void {
  const { text } = cursor;
  for (;;) {
    const code = text.charCodeAt(cursor.at);
    if (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) cursor.at += 1;
    else if (!cursor.tolerant || (code !== 0x2f && code !== 0x23) || !skipComment(cursor)) return;
  }
}

function skipComment(cursor: Cursor): boolean {
  const isLine = cursor.text[cursor.at] === '#' || cursor.text.startsWith('//', cursor.at);
  if (!isLine && !cursor.text.startsWith('/*', cursor.at)) return false;
  const end = isLine ? cursor.text.indexOf('\n', cursor.at) : cursor.text.indexOf('*/', cursor.at + 2);
  cursor.at = end === -1 ? cursor.text.length : end + (isLine ? 1 : 2);
  cursor.repaired = true;
  return true;
}

/** Ends the parse: the first failure stays. */
export function fail(cursor: Cursor, failure: JsonFailure): undefined {
  cursor.failure = failure;
  return undefined;
}
