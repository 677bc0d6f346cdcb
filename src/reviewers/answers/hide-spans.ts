/** [start, end) in UTF-16 units. */
export type Span = readonly [number, number];

/** The text with a space in place of each span. Spans are in order and do not overlap. */
export function hideSpans(text: string, spans: readonly Span[]): string {
  if (spans.length === 0) return text;
  const kept: string[] = [];
  let at = 0;
  for (const [start, end] of spans) {
    kept.push(text.slice(at, start));
    at = end;
  }
  kept.push(text.slice(at));
  return kept.join(' ');
}
