import { parseJsonAt } from './parse-json.ts';
import type { JsonRefusal, ObjectNode } from './json-cursor.ts';

/** One complete JSON object of a text, not inside another one. */
export interface FoundObject {
  readonly node: ObjectNode;
  readonly start: number;
  readonly end: number;
  readonly repaired: boolean;
}

export interface ScannedText {
  readonly objects: readonly FoundObject[];
  /** What looked like JSON, whole or not: [start, end). Prose is what is left. */
  readonly spans: readonly (readonly [number, number])[];
  /** The text ends inside an object. */
  readonly truncated: boolean;
  /** Something looked like JSON and was not. */
  readonly malformed: boolean;
  readonly refusal?: JsonRefusal | 'too_deep' | 'too_many_objects';
}

interface Scan {
  readonly text: string;
  readonly tolerant: boolean;
  readonly objects: FoundObject[];
  readonly spans: [number, number][];
  truncated: boolean;
  malformed: boolean;
  refusal?: JsonRefusal | 'too_deep' | 'too_many_objects';
}

/** More than the events of the longest run; the rest would only cost time. */
const maxSpans = 40_000;

/**
 * Every JSON object of a text, in one pass: after a failed start the scan goes on where that parse stopped, never from its
 * beginning, so the time is linear in the length.
 */
export function scanJson(text: string, tolerant: boolean): ScannedText {
  const scan: Scan = { text, tolerant, objects: [], spans: [], truncated: false, malformed: false };
  let at = text.indexOf('{');
  while (at !== -1) {
    if (scan.spans.length === maxSpans) return { ...scan, objects: [], refusal: 'too_many_objects' };
    const next = mayOpen(text, at) ? scanAt(scan, at) : at + 1;
    at = text.indexOf('{', next);
  }
  return scan;
}

// What can follow the brace of an object: a key, its end, space, a comment. Saves the parse of most other braces.
function mayOpen(text: string, at: number): boolean {
  return at + 1 === text.length || /["'“}\s\p{L}_$/#]/u.test(text[at + 1] ?? '');
}

function scanAt(scan: Scan, start: number): number {
  const parsed = parseJsonAt(scan.text, start, scan.tolerant);
  if (parsed.refusal !== undefined) scan.refusal ??= parsed.refusal;
  if (parsed.failure === 'too_deep') return hide(scan, start, tooDeep(scan));
  if (parsed.failure === 'truncated') return hide(scan, start, cut(scan, start, parsed.keys));
  if (parsed.failure === 'malformed') return parsed.keys === 0 ? Math.max(parsed.end, start + 1) : hide(scan, start, broken(scan, parsed.end));
  if (parsed.node?.kind === 'object' && parsed.keys > 0) scan.objects.push({ node: parsed.node, start, end: parsed.end, repaired: parsed.repaired });
  return hide(scan, start, parsed.end);
}

function hide(scan: Scan, start: number, end: number): number {
  scan.spans.push([start, end]);
  return end;
}

function tooDeep(scan: Scan): number {
  scan.refusal = 'too_deep';
  return scan.text.length;
}

// An open brace in prose is no JSON: there must be a key after it, or nothing at all.
function cut(scan: Scan, start: number, keys: number): number {
  if (keys > 0 || /^\{\s{0,40}(?:$|["'])/.test(scan.text.slice(start, start + 48))) scan.truncated = true;
  return scan.text.length;
}

const stop = /[{}]|\n[ \t]{0,8}(?:```|~~~|\n)/g;

// What is left of a broken object belongs to it: up to the brace that closes it, a fence, or an empty line.
function broken(scan: Scan, from: number): number {
  scan.malformed = true;
  stop.lastIndex = from;
  let depth = 1;
  for (let found = stop.exec(scan.text); found !== null; found = stop.exec(scan.text)) {
    if (found[0] === '{') depth += 1;
    else if (found[0] === '}') depth -= 1;
    else return found.index;
    if (depth === 0) return found.index + 1;
  }
  return scan.text.length;
}
