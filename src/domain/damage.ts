/** What is plainly wrong with a candidate's text beside the revision it came from, or null. */
export function damageOf(text: string, previous: string | undefined): string | null {
  if (previous === undefined) return null;
  if (text.trim() === '' && previous.trim() !== '') return 'It is empty.';
  const isBeginning = text.length < previous.length && previous.startsWith(text.trimEnd());
  return isBeginning && losesMore(text, previous) ? 'It is truncated: it is only the beginning of the previous revision.' : null;
}

// Trimming blank lines at the end is an edit; losing words there is damage.
function losesMore(text: string, previous: string): boolean {
  return previous.slice(text.trimEnd().length).trim() !== '';
}
