import type { Edit } from './edit-blocks.ts';
import { locateEdits, type LocatedEdit } from './locate-edits.ts';

export type Applied =
  | { readonly kind: 'applied'; readonly text: string }
  /** One sentence for each thing that is wrong, for the model; none quotes the text. */
  | { readonly kind: 'refused'; readonly reasons: readonly string[] };

/** An improvement is no new work: a text grows to at most three times its length, small ones by so many UTF-16 units. */
const growth = 3;
const smallGrowth = 20_000;

/** The text with all edits made, or why none is: each search must occur exactly once (see `locateEdits`), and no two may meet. */
export function applyEdits(text: string, edits: readonly Edit[]): Applied {
  const located = locateEdits(text, edits);
  return located.kind === 'refused' ? located : replaceAt(text, located.edits);
}

/** The text with the replacements at their places, which are in order and do not overlap; everything between stays as it is. */
export function replaceAt(text: string, edits: readonly LocatedEdit[]): Applied {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, replacement } of edits) {
    parts.push(text.slice(at, start), replacement);
    at = end;
  }
  parts.push(text.slice(at));
  const next = withEnd(parts.join(''), text);
  return tooLong(next.length, text.length) ?? { kind: 'applied', text: next };
}

/** The text with the final newline that `like` has, or without. */
export function withEnd(text: string, like: string): string {
  if (text === '' || like === '') return text;
  if (like.endsWith('\n')) return text.endsWith('\n') ? text : `${text}\n`;
  let end = text.length;
  while (end > 0 && text[end - 1] === '\n') end -= text[end - 2] === '\r' ? 2 : 1;
  return text.slice(0, end);
}

export function tooLong(length: number, before: number): Applied | null {
  const limit = Math.max(before * growth, before + smallGrowth);
  return length <= limit ? null : { kind: 'refused', reasons: [`The result would have ${length} characters, more than the ${limit} that an improvement may have.`] };
}
