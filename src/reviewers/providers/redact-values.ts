/** Shorter values are words such as 'none' or 'ollama', which would tear holes into every text. */
const shortestValue = 8;
/** A line of a key file is a secret of its own, in case only part of the file is shown. */
const shortestLine = 16;

/** What stands in the place of a value that was hidden. */
export const hiddenMark = '[redacted]';

/** The text with every known value replaced by `hiddenMark`; everything else as it was. */
export type Redact = (text: string) => string;

/**
 * Hides exact secret values: as they are, backwards, in hexadecimal, and in base64 at any place of a longer text; each of them also where
 * it is escaped (JSON, URL, HTML, '\x'), even more than once, and where white space or line ends stand between its characters.
 * Values that overlap become one mark. Values below 8 units are left alone. Time grows linearly with the text.
 */
export function createValueRedactor(values: readonly string[]): Redact {
  const lines = values.flatMap((value) => value.split(/\r?\n/).filter((line) => line.length >= shortestLine));
  const forms = [...values, ...lines].filter(({ length }) => length >= shortestValue).flatMap(formsOf);
  const searches = skipped.map((pattern) => ({ pattern, forms: seenForms(forms, pattern) }));
  return (text) => hide(text, searches.flatMap(({ pattern, forms: sought }) => (sought.length === 0 ? [] : rangesIn(viewOf(text, pattern), sought))));
}

/** White space and characters that nobody sees. */
const blanks = /[\s\u00ad\u200b-\u200d\u2060\ufeff]+/g;
const escapes = new RegExp(`\\\\+(?:u([0-9a-f]{4})|x([0-9a-f]{2})|[nrtbf])?|%(?:25)*([0-9a-f]{2})|&(?:amp;)*#(?:x([0-9a-f]{1,6})|([0-9]{1,7}));|${blanks.source}`, 'gi');
/** The text is looked at twice: what stands before a value may turn its beginning into an escape. */
const skipped: readonly RegExp[] = [blanks, escapes];

// What is nothing but white space and backslashes is no secret.
function seenForms(forms: readonly string[], pattern: RegExp): string[] {
  return [...new Set(forms.map((form) => viewOf(form, pattern).text))].filter(({ length }) => length >= shortestValue);
}

function formsOf(value: string): string[] {
  const bytes = Buffer.from(value);
  const hex = bytes.toString('hex');
  const whole = value.toWellFormed();
  const base64 = [bytes.toString('base64'), ...[0, 1, 2].map((offset) => base64Inside(bytes, offset))];
  return [
    value, Array.from(value).toReversed().join(''), hex, hex.toUpperCase(),
    // Beyond ASCII, an address and a form write the bytes of UTF-8, and a form writes '+' for a space.
    encodeURIComponent(whole), new URLSearchParams([['', whole]]).toString().slice(1),
    ...base64.flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')]),
  ];
}

// Three bytes make four characters, so what stands before a value shifts its base64; its first and last characters mix with the neighbours.
function base64Inside(bytes: Buffer, offset: number): string {
  const whole = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64').replace(/=+$/, '');
  return whole.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
}

/** A text without escapes and white space, and where each part of it stands in the text it was made from. */
interface View {
  readonly text: string;
  readonly parts: readonly Part[];
}

interface Part {
  /** In the view. */
  readonly at: number;
  /** In the text it was made from. */
  readonly from: number;
  /** Whether the part is one character that was written as several. */
  readonly isEscape: boolean;
  readonly until: number;
}

function viewOf(text: string, pattern: RegExp): View {
  const [pieces, parts]: [string[], Part[]] = [[], []];
  let [at, from] = [0, 0];
  const add = (piece: string, until: number, isEscape: boolean): void => {
    if (piece !== '') parts.push({ at, from, isEscape, until });
    pieces.push(piece);
    at += piece.length;
    from = until;
  };
  for (const found of text.matchAll(pattern)) {
    add(text.slice(from, found.index), found.index, false);
    add(escaped(found), found.index + found[0].length, true);
  }
  add(text.slice(from), text.length, false);
  return { text: pieces.join(''), parts };
}

function escaped([, unicode, byte, percent, hexEntity, entity]: RegExpExecArray): string {
  const hex = unicode ?? byte ?? percent ?? hexEntity;
  const code = hex === undefined ? Number(entity ?? 0) : Number.parseInt(hex, 16);
  return code === 0 || code > 0x10ffff ? '' : String.fromCodePoint(code).replace(/\s/, '');
}

function hide(text: string, ranges: readonly Range[]): string {
  let [clean, over] = ['', 0];
  for (const [start, end] of merged(ranges)) {
    clean += text.slice(over, start) + hiddenMark;
    over = end;
  }
  return clean + text.slice(over);
}

// Where the character at a place of the view starts or ends in the text.
function placeOf({ parts }: View, at: number, edge: 'start' | 'end'): number {
  let [low, high] = [0, parts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (parts[middle]!.at <= at) low = middle;
    else high = middle - 1;
  }
  const part = parts[low]!;
  if (part.isEscape) return edge === 'start' ? part.from : part.until;
  return part.from + (at - part.at) + (edge === 'start' ? 0 : 1);
}

type Range = readonly [start: number, end: number];

// Where forms of values stand in the text that a view was made from.
function rangesIn(view: View, forms: readonly string[]): Range[] {
  const found: Range[] = [];
  for (const form of forms) {
    for (let at = view.text.indexOf(form); at !== -1; at = view.text.indexOf(form, at + 1)) found.push([placeOf(view, at, 'start'), placeOf(view, at + form.length - 1, 'end')]);
  }
  return found;
}

// In order and without overlaps.
function merged(ranges: readonly Range[]): Range[] {
  const apart: Range[] = [];
  for (const [start, end] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = apart.at(-1);
    if (last !== undefined && start < last[1]) apart[apart.length - 1] = [last[0], Math.max(last[1], end)];
    else apart.push([start, end]);
  }
  return apart;
}
