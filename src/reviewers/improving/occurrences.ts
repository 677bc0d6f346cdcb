/**
 * The first `limit` places, overlapping ones too, where a sequence of lines or of characters occurs in another.
 *
 * In      sequence not empty
 * Out     indices; in time linear to both (Knuth, Morris, Pratt), whatever a model wrote
 */
export function occurrences(text: ArrayLike<string>, sequence: ArrayLike<string>, limit: number): number[] {
  const borders = bordersOf(sequence);
  const found: number[] = [];
  let matched = 0;
  for (let at = 0; at < text.length && found.length < limit; at += 1) {
    while (matched > 0 && text[at] !== sequence[matched]) matched = borders[matched - 1]!;
    if (text[at] === sequence[matched]) matched += 1;
    if (matched < sequence.length) continue;
    found.push(at + 1 - matched);
    matched = borders[matched - 1]!;
  }
  return found;
}

// For each beginning of the sequence, how long its longest proper beginning is that it also ends with.
function bordersOf(sequence: ArrayLike<string>): number[] {
  const borders = [0];
  let length = 0;
  for (let at = 1; at < sequence.length; at += 1) {
    while (length > 0 && sequence[at] !== sequence[length]) length = borders[length - 1]!;
    if (sequence[at] === sequence[length]) length += 1;
    borders.push(length);
  }
  return borders;
}
