/** Two slips in a long word, one in a short one. */
function slipsAllowed(word: string): number {
  return word.length <= 4 ? 1 : 2;
}

/** Longer than any known word can be near to; bounds the work on hostile input. */
const longestWord = 64;

/** The known word that was probably meant; undefined where none is near. */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  if (word.length > longestWord) return undefined;
  const ranked = known.map((candidate) => ({ candidate, slips: countSlips(word, candidate) })).toSorted((a, b) => a.slips - b.slips);
  const [best] = ranked;
  return best !== undefined && best.slips <= slipsAllowed(word) ? best.candidate : undefined;
}

// Letters inserted, left out, replaced or swapped with their neighbour.
function countSlips(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= a.length; row += 1) {
    const above = rows[row - 1]!;
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = above[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const swapped = isSwap ? rows[row - 2]![column - 2]! + 1 : Infinity;
      current[column] = Math.min(above[column]! + 1, current[column - 1]! + 1, replaced, swapped);
    }
    rows.push(current);
  }
  return rows[a.length]![b.length]!;
}
