import type { Edit } from './edit-blocks.ts';
import { leftOutLine } from './left-out.ts';
import { occurrences } from './occurrences.ts';

/** Where an edit goes: [start, end) in UTF-16 units of the text. */
export interface LocatedEdit {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  readonly why?: string;
}

export type Located =
  | { readonly kind: 'located'; readonly edits: readonly LocatedEdit[] }
  /** One sentence for each edit that has no place, for the model; none quotes the text. */
  | { readonly kind: 'refused'; readonly reasons: readonly string[] };

/** A longer one is a rewrite of the file. */
const maxSearchLines = 1_000;
/** Longest search within a line, in UTF-16 units. */
const maxWithinLength = 4_000;
/** Places that a refusal names. */
const maxShown = 4;

/**
 * Finds the one place of each edit, or refuses all of them: edits belong together, and half of a renaming is damage.
 *
 * A search is looked for as whole lines, then within one line, then as whole lines without the blanks at their ends; the first
 * of the three that finds it counts, and must find it once. `firstLine` and `endLine` (1-based, exclusive) narrow the search to
 * the part that the model was shown.
 */
export function locateEdits(text: string, edits: readonly Edit[], { firstLine = 1, endLine = Infinity } = {}): Located {
  const lines = linesOf(text);
  const [from, to] = [firstLine - 1, Math.min(endLine - 1, lines.length)];
  const shown = lines.slice(from, to).map((line) => line.text);
  const view: View = { text, lines, from, to, shown, trimmed: shown.map((line) => line.trimEnd()) };
  const found = edits.map((edit) => (isIdle(edit) ? null : locate(edit, view)));
  const reasons = found.flatMap((place, index) => (typeof place === 'string' ? [`Edit ${index + 1}: ${place}`] : []));
  if (reasons.length > 0) return { kind: 'refused', reasons };
  const placed = found.flatMap((place, index) => (place === null || typeof place === 'string' ? [] : [{ place, index }]));
  const sorted = placed.toSorted((a, b) => a.place.start - b.place.start);
  const overlaps = sorted.flatMap(({ place, index }, at) => {
    const before = sorted[at - 1];
    return before !== undefined && before.place.end > place.start ? [`Edit ${index + 1}: it changes lines that edit ${before.index + 1} changes too; write one edit for both.`] : [];
  });
  if (overlaps.length > 0) return { kind: 'refused', reasons: overlaps };
  return { kind: 'located', edits: sorted.map(({ place, index }) => withWhy(place, edits[index]!)) };
}

function withWhy(place: Place, { why }: Edit): LocatedEdit {
  return why === undefined ? place : { ...place, why };
}

interface Line {
  /** Without its end. */
  readonly text: string;
  readonly start: number;
  /** '\r\n', '\n', or '' for a last line without a newline. */
  readonly ending: string;
}

interface View {
  readonly text: string;
  readonly lines: readonly Line[];
  /** Indices of lines, the second exclusive. */
  readonly from: number;
  readonly to: number;
  /** Those lines without their ends, … */
  readonly shown: readonly string[];
  /** … and without the blanks at their ends. */
  readonly trimmed: readonly string[];
}

// The empty string after a final newline is no line: nothing matches it, so the newline stays.
function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const next = newline === -1 ? text.length : newline + 1;
    const isCrlf = newline > start && text[newline - 1] === '\r';
    const ending = newline === -1 ? '' : isCrlf ? '\r\n' : '\n';
    lines.push({ text: text.slice(start, next - ending.length), start, ending });
    start = next;
  }
  return lines;
}

function isIdle({ search, replace }: Edit): boolean {
  return search.length === replace.length && search.every((line, index) => line === replace[index]);
}

type Place = Omit<LocatedEdit, 'why'>;

function locate(edit: Edit, view: View): Place | string {
  return unfitness(edit, view) ?? wholeLines(edit, view) ?? withinLine(edit, view) ?? trimmedLines(edit, view) ?? missing(edit, view);
}

function unfitness({ search, replace }: Edit, { text }: View): string | null {
  if (search.every((line) => line.trim() === '')) return 'its SEARCH is blank; give the lines that the change stands beside.';
  if (search.length > maxSearchLines) return `its SEARCH has ${search.length} lines; write at most ${maxSearchLines}.`;
  if (replace.some((line) => line.includes('\0') || !line.isWellFormed())) return 'its replacement holds characters that no text has.';
  return leftOutLine(replace, text) === null ? null : 'its replacement leaves text out and says so in a placeholder; write every line in full.';
}

function wholeLines({ search, replace }: Edit, view: View): Place | string | null {
  return linesPlace(occurrences(view.shown, search, maxShown), { view, count: search.length, replace });
}

function trimmedLines({ search, replace }: Edit, view: View): Place | string | null {
  const wanted = search.map((line) => line.trimEnd());
  return linesPlace(occurrences(view.trimmed, wanted, maxShown), { view, count: search.length, replace });
}

interface Lines {
  readonly view: View;
  /** How many lines are replaced. */
  readonly count: number;
  readonly replace: readonly string[];
}

function linesPlace(starts: readonly number[], { view: { lines, from }, count, replace }: Lines): Place | string | null {
  if (starts.length > 1) return several(starts.map((start) => from + start));
  const [start] = starts;
  if (start === undefined) return null;
  const at = from + start;
  const [before, first, last] = [lines[at - 1]?.ending ?? '', lines[at]!, lines[at + count - 1]!];
  const end = last.start + last.text.length;
  if (replace.length > 0) return { start: first.start, end, replacement: replace.join(first.ending || before || '\n') };
  // Lines that go take a newline with them: their own, or at the end of a text without one the newline before.
  if (last.ending === '') return { start: first.start - before.length, end, replacement: '' };
  return { start: first.start, end: end + last.ending.length, replacement: '' };
}

// A part of one long line: paragraphs of documents are often one line.
function withinLine({ search, replace }: Edit, view: View): Place | string | null {
  const [part = ''] = search;
  if (search.length !== 1 || part.length > maxWithinLength) return null;
  const { lines, from, to, text } = view;
  const begin = lines[from]?.start ?? text.length;
  const shown = text.slice(begin, lines[to]?.start);
  const starts = occurrences(shown, part, maxShown).map((start) => begin + start);
  const indices = starts.map((start) => lines.findLastIndex((line) => line.start <= start));
  if (starts.length > 1) return several(indices);
  const [start] = starts;
  return start === undefined ? null : { start, end: start + part.length, replacement: replace.join(lines[indices[0]!]!.ending || '\n') };
}

function several(indices: readonly number[]): string {
  const numbers = [...new Set(indices.map((index) => index + 1))];
  const shown = `${numbers.length > 1 ? 'lines' : 'line'} ${numbers.join(', ')}${indices.length === maxShown ? ' and maybe more' : ''}`;
  return `its SEARCH occurs more than once (${shown}); add neighbouring lines until it occurs once.`;
}

const numbered = /^\s{0,8}\d{1,7}\s{0,2}[|:\t│]/;

// Says where the search stops to fit, so that the model can look at the line it got wrong.
function missing({ search }: Edit, { from, trimmed }: View): string {
  if (search.every((line) => line === '' || numbered.test(line))) return 'its SEARCH carries line numbers; write the lines without them.';
  const wanted = search.map((line) => line.trimEnd());
  const starts = occurrences(trimmed, wanted.slice(0, 1), 2);
  const [at] = starts;
  if (at === undefined || starts.length > 1 || wanted[0] === '') return 'its SEARCH does not occur in the text; copy the lines exactly as they are.';
  const differs = wanted.findIndex((line, index) => line !== trimmed[at + index]);
  return `its SEARCH fits from line ${from + at + 1} on but differs at line ${from + at + differs + 1}; copy the lines exactly as they are.`;
}
