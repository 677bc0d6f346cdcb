import { positionsOf, type TextPositions } from '#reviewers/engines/text-positions.ts';
import { foldText, type FoldedText } from './folded-text.ts';
import { nearestOccurrence } from './nearest.ts';

/** A stretch of the text in UTF-16 units; the end is exclusive. */
export interface Passage {
  readonly start: number;
  readonly end: number;
}

/** Looks up what a model claims to have read. */
export interface Evidence {
  readonly positions: TextPositions;
  /**
   * Where the quote stands: word for word, else with other blanks, look-alikes, line numbers or an omission. Of several places the one
   * nearest to the line that the model named, of two equally near ones the later. Null where the text does not say it.
   */
  find(quote: string, line?: number): Passage | null;
}

/** Fewer letters prove nothing, unless they stand on the line that was named. */
const shortQuote = 4;
/** What is longer is compared by its beginning. */
const longestQuote = 2_000;
/** Between the two ends of a quote with an omission lie at most so many units. */
const longestOmission = 4_000;

const omission = /\s{0,8}(?:\[?(?:\.{3}|…{1,2})\]?)\s{0,8}/;

export function evidenceIn(text: string): Evidence {
  const positions = positionsOf(text);
  let made: FoldedText | undefined;
  const folded = (): FoldedText => (made ??= foldText(text));
  return {
    positions,
    find: (quote, line) => {
      const wanted = quote.trim().slice(0, longestQuote);
      const near = line === undefined ? 0 : positions.offsetOf(line, 1);
      const found = findExact(text, wanted, near) ?? findFolded(folded(), { wanted: withoutNumbers(wanted), near }) ?? findParts(folded(), { wanted: withoutNumbers(wanted), near });
      if (found === null || lettersIn(wanted) >= shortQuote) return found;
      return positions.placeOf(found.start).line === line ? found : null;
    },
  };
}

function lettersIn(quote: string): number {
  return quote.slice(0, 100).replace(/[^\p{L}\p{N}]/gu, '').length;
}

function findExact(text: string, wanted: string, near: number): Passage | null {
  const start = nearestOccurrence(text, wanted, near);
  return start === -1 ? null : { start, end: start + wanted.length };
}

interface Wanted {
  readonly wanted: string;
  /** Where the model says it stands, in the text itself. */
  readonly near: number;
}

function findFolded(folded: FoldedText, { wanted, near }: Wanted): Passage | null {
  const needle = foldText(wanted).text.trim();
  const start = nearestOccurrence(folded.text, needle, indexOfPlace(folded, near));
  return start === -1 ? null : passage(folded, start, start + needle.length);
}

// "the first words … the last words"
function findParts(folded: FoldedText, { wanted, near }: Wanted): Passage | null {
  const parts = wanted.split(omission).map((part) => foldText(part).text.trim()).filter((part) => part !== '');
  const [first = '', ...others] = parts;
  if (others.length === 0 || lettersIn(first) < shortQuote) return null;
  const start = nearestOccurrence(folded.text, first, indexOfPlace(folded, near));
  let end = start + first.length;
  for (const part of others) {
    const at = start === -1 ? -1 : folded.text.slice(end, end + longestOmission).indexOf(part);
    if (at === -1) return null;
    end += at + part.length;
  }
  return passage(folded, start, end);
}

function passage({ places }: FoldedText, start: number, end: number): Passage {
  return { start: places[start]!, end: places[end - 1]! + 1 };
}

// The first unit that stood at or behind the place.
function indexOfPlace({ places }: FoldedText, place: number): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle]! < place) low = middle + 1;
    else high = middle;
  }
  return low;
}

// The prompt shows '12| ' before each line.
function withoutNumbers(quote: string): string {
  return quote.replace(/^[ \t]{0,8}\d{1,7}\|[ ]?/gm, '');
}

/** The passages that a sentence holds in quotation marks. */
export function quotedIn(sentence: string): string[] {
  return [...sentence.matchAll(/"([^"\n]{1,2000})"|“([^”\n]{1,2000})”|「([^」\n]{1,2000})」|『([^』\n]{1,2000})』|`([^`\n]{1,2000})`/g)].flatMap((match) => match.slice(1).filter((part) => part !== undefined));
}
