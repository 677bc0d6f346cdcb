/** Two slips in a long word, one in a short one. */
function slipsAllowed(word: string): number {
  return word.length <= 4 ? 1 : 2;
}

/** The known word that was probably meant; undefined where none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({ candidate, distance: candidate.startsWith(word) && word.length >= 3 ? 0 : editDistance(word, candidate) }))
    .toSorted((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best !== undefined && best.distance <= slipsAllowed(word) ? best.candidate : undefined;
}

// Insertions, deletions, replacements and swaps of neighbours.
function editDistance(a: string, b: string): number {
  let [previous, current]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let row = 1; row <= a.length; row += 1) {
    const before = previous;
    [previous, current] = [current, [row]];
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = previous[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1] ? before[column - 2]! + 1 : Infinity;
      current[column] = Math.min(previous[column]! + 1, current[column - 1]! + 1, replaced, swapped);
    }
  }
  return current[b.length]!;
}
