import { hideSpans } from './hide-spans.ts';
import type { Span } from './hide-spans.ts';

const tag = /<(\/?)(?:think|thinking|thought|reasoning|scratchpad|reflection)>/gi;

/**
 * The text without what the model thought aloud. A thought begins at the start of a line; one that does not end leaves nothing
 * after it, and one whose beginning was swallowed leaves nothing before its end.
 */
export function withoutThinking(text: string): { readonly text: string; readonly isCut: boolean } {
  const spans: Span[] = [];
  let open: number | undefined;
  for (const found of text.matchAll(tag)) {
    const end = found.index + found[0].length;
    if (found[1] === '') {
      if (open === undefined && isAtLineStart(text, found.index)) open = found.index;
    } else if (open !== undefined) {
      spans.push([open, end]);
      open = undefined;
    } else if (spans.length === 0 && !isInJson(text, found.index)) spans.push([0, end]);
  }
  if (open !== undefined) spans.push([open, text.length]);
  return { text: hideSpans(text, spans), isCut: open !== undefined };
}

function isAtLineStart(text: string, at: number): boolean {
  const lead = text.slice(Math.max(0, at - 40), at);
  return lead.slice(lead.lastIndexOf('\n') + 1).trim() === '';
}

// A closing tag in a JSON string is the text of somebody else.
function isInJson(text: string, at: number): boolean {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  return /^\s{0,12}[{["]/.test(text.slice(start, start + 16));
}

/** The text without `<!-- … -->`; an unclosed comment hides what follows it. */
export function withoutComments(text: string): string {
  const spans: Span[] = [];
  for (let start = text.indexOf('<!--'); start !== -1; ) {
    const end = text.indexOf('-->', start + 4);
    spans.push([start, end === -1 ? text.length : end + 3]);
    start = end === -1 ? -1 : text.indexOf('<!--', end + 3);
  }
  return hideSpans(text, spans);
}
