/**
 * Where `wanted` occurs nearest to `near`, of two equally near places the later; -1 where it does not occur. Time is linear in both,
 * however often and however nearly the text repeats itself, which the engine's own search is not.
 */
export function nearestOccurrence(text: string, wanted: string, near: number): number {
  let found = -1;
  for (const start of occurrences(text, wanted)) {
    if (found === -1 || Math.abs(start - near) <= Math.abs(found - near)) found = start;
    if (start >= near) break;
  }
  return found;
}

// Knuth, Morris and Pratt: in ascending order, overlapping ones too.
function* occurrences(text: string, wanted: string): Generator<number> {
  // The engine's search is quick to find out that a short beginning occurs nowhere, or where first.
  const first = text.indexOf(wanted.slice(0, 32));
  if (wanted === '' || first === -1) return;
  const borders = bordersOf(wanted);
  let matched = 0;
  for (let at = first; at < text.length; at += 1) {
    matched = extend(wanted, borders, { matched, unit: text.charCodeAt(at) });
    if (matched < wanted.length) continue;
    yield at - wanted.length + 1;
    matched = borders[matched - 1]!;
  }
}

// For each beginning of the pattern the length of the longest part that both begins and ends it.
function bordersOf(wanted: string): Uint32Array {
  const borders = new Uint32Array(wanted.length);
  for (let at = 1; at < wanted.length; at += 1) borders[at] = extend(wanted, borders, { matched: borders[at - 1]!, unit: wanted.charCodeAt(at) });
  return borders;
}

function extend(wanted: string, borders: Uint32Array, { matched, unit }: { readonly matched: number; readonly unit: number }): number {
  let length = matched;
  while (length > 0 && wanted.charCodeAt(length) !== unit) length = borders[length - 1]!;
  return wanted.charCodeAt(length) === unit ? length + 1 : length;
}
