/** Above either, an artifact is only checked for syntax and secrets (source: an engine's time grows faster than the text). */
export const fullLimits = { lines: 20_000, bytes: 1_000_000 } as const;

/** A line beyond this is no line that people write: linters take minutes for it. */
export const longestLine = 100_000;

/** Code with lines of this many units on average is made by a tool: only secrets are looked for. */
export const minifiedMeanLine = 500;

/** Whether the whole text can be given to every engine. */
export function fitsFully(text: string): boolean {
  if (text.length > fullLimits.bytes) return false;
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines <= fullLimits.lines && Buffer.byteLength(text) <= fullLimits.bytes;
}

/**
 * The part of a big document that stands for all of it. The time of markdownlint grows with the square of a paragraph of tags or a nested list: there
 * 300,000 units take minutes, these two seconds, and usual text a third of one.
 */
export const beginning = { lines: 1_000, units: 25_000 } as const;

/** The longest beginning of whole lines within `beginning`. */
export function beginningOf(text: string): string {
  let end = 0;
  for (let line = 0; line < beginning.lines; line += 1) {
    const next = text.indexOf('\n', end);
    if (next < 0 || next + 1 > beginning.units) break;
    end = next + 1;
  }
  return text.slice(0, end);
}

/** The 1-based number of the first line longer than `longestLine`, or null. */
export function tooLongLine(text: string): number | null {
  let line = 1;
  let start = 0;
  for (;;) {
    const end = text.indexOf('\n', start);
    if ((end < 0 ? text.length : end) - start > longestLine) return line;
    if (end < 0) return null;
    start = end + 1;
    line += 1;
  }
}

/** Whether code looks as a minifier writes it: mean line above `minifiedMeanLine` units. */
export function isMinified(text: string): boolean {
  if (text.length < 5_000) return false;
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1;
  return text.length / lines > minifiedMeanLine;
}

/** How many lines are not blank. */
export function nonBlankLines(text: string): number {
  let count = 0;
  for (const line of text.split('\n')) if (line.trim() !== '') count += 1;
  return count;
}
