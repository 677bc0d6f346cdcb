import { lookAlikes } from './neutralise.ts';

/** A text without what copying changes: runs of blanks are one, what cannot be seen is nothing, look-alikes are what they stand for. */
export interface FoldedText {
  readonly text: string;
  /** Where each unit of `text` stood; ascending. */
  readonly places: Uint32Array;
}

const blank = 0x20;
/** The first half of a tag or a variation selector. */
const tagHalf = 0xdb40;
const originals = new Map(
  Object.entries({ ...lookAlikes, ':2': '：', "'": '\u2018', "'2": '\u2019', '"': '\u201C', '"2': '\u201D', '-': '\u2010', '-2': '\u2011' }).map(([plain, shown]) => [shown.charCodeAt(0), plain.charCodeAt(0)]),
);
const unseen = /\p{Cc}|[\u00AD\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFFD]/u;

export function foldText(text: string): FoldedText {
  const units = new Uint16Array(text.length);
  const places = new Uint32Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const unit = code > blank && code < 0x7f ? code : plainUnit(code);
    if (unit === blank && (length === 0 || units[length - 1] === blank)) continue;
    if (unit === null) at += code === tagHalf ? 1 : 0;
    else {
      units[length] = unit;
      places[length] = at;
      length += 1;
    }
  }
  return { text: new TextDecoder('utf-16le', { ignoreBOM: true }).decode(units.subarray(0, length)), places: places.subarray(0, length) };
}

const known = new Map<number, number | null>();

// Null for what cannot be seen. There are 65,536 units at most to remember.
function plainUnit(code: number): number | null {
  const before = known.get(code);
  if (before !== undefined) return before;
  const unit = String.fromCharCode(code);
  const plain = /\s/.test(unit) ? blank : code === tagHalf || unseen.test(unit) ? null : (originals.get(code) ?? code);
  known.set(code, plain);
  return plain;
}
