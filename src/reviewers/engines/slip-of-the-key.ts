/** Below this many letters too many names are near to each other. */
const shortestName = 5;

/**
 * Whether a misspelt name is so near to an existing one that nothing else can be meant: one letter missing, added, wrong
 * or swapped with its neighbour, or other capitals. Not where only the end differs (item and items are two things), a digit,
 * or the capital at the beginning (Order and order are a class and one of its objects).
 */
export function isSlipOfTheKey(written: string, meant: string): boolean {
  if (written.length < shortestName || written === meant || differsInFirstCapital(written, meant)) return false;
  if (written.toLowerCase() === meant.toLowerCase()) return true;
  const head = commonBeginning(written, meant);
  const tail = commonBeginning(reversed(written.slice(head)), reversed(meant.slice(head)));
  const wrong = written.slice(head, written.length - tail);
  const right = meant.slice(head, meant.length - tail);
  if (tail === 0 || /\d/.test(wrong + right)) return false;
  return wrong.length <= 1 && right.length <= 1 ? true : isSwap(wrong, right);
}

function differsInFirstCapital(a: string, b: string): boolean {
  return a[0] !== b[0] && a[0]?.toLowerCase() === b[0]?.toLowerCase();
}

function isSwap(wrong: string, right: string): boolean {
  return wrong.length === 2 && wrong === reversed(right);
}

function commonBeginning(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length += 1;
  return length;
}

function reversed(text: string): string {
  return text.split('').toReversed().join('');
}
