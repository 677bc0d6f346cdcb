/** How git turns the bytes of a working file into those of a blob. */
export type EndOfLineRule = 'keep' | 'text' | 'auto';

export interface TextAttributes {
  /** As `git check-attr` prints them: set, unset, unspecified, or a value. */
  readonly text: string;
  readonly eol: string;
  /** What `text` was called before git 1.7.2. */
  readonly crlf: string;
}

/** The rule of gitattributes(5), then of core.autocrlf; what the working file looks like (core.eol) plays no part here. */
export function endOfLineRule(attributes: TextAttributes, autocrlf: string | undefined): EndOfLineRule {
  const text = attributes.text === 'unspecified' ? attributes.crlf : attributes.text;
  if (text === 'unset') return 'keep';
  if (text === 'set' || text === 'input') return 'text';
  if (text === 'auto') return 'auto';
  if (attributes.eol === 'lf' || attributes.eol === 'crlf') return 'text';
  return autocrlf !== undefined && /^(?:true|yes|on|1|input)$/i.test(autocrlf) ? 'auto' : 'keep';
}

/**
 * The bytes of the blob that `git add` would make of these.
 *
 * In      committed: the blob as it is in the repository; with `auto`, one that has CRLF keeps it
 * Source  convert.c of git 2.39
 */
export function toBlob(content: Uint8Array, rule: EndOfLineRule, committed: Uint8Array | null): Uint8Array {
  if (rule === 'keep' || !hasCrlf(content)) return content;
  if (rule === 'auto' && (looksBinary(content) || (committed !== null && hasCrlf(committed) && !looksBinary(committed)))) return content;
  return content.filter((byte, index) => byte !== carriageReturn || content[index + 1] !== lineFeed);
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
/** Backspace, tab, form feed, escape. */
const printableControls: readonly number[] = [0x08, 0x09, 0x0c, 0x1b];

function hasCrlf(bytes: Uint8Array): boolean {
  for (let at = bytes.indexOf(carriageReturn); at >= 0; at = bytes.indexOf(carriageReturn, at + 1)) {
    if (bytes[at + 1] === lineFeed) return true;
  }
  return false;
}

// git calls a file binary for a lone CR, a NUL, or more than one unprintable byte in 128; an end-of-file mark is no byte.
function looksBinary(bytes: Uint8Array): boolean {
  const counted = bytes.at(-1) === 0x1a ? bytes.subarray(0, -1) : bytes;
  let [printable, unprintable] = [0, 0];
  for (const [index, byte] of counted.entries()) {
    if (byte === 0 || (byte === carriageReturn && counted[index + 1] !== lineFeed)) return true;
    if (byte === carriageReturn || byte === lineFeed) continue;
    if (isPrintable(byte)) printable += 1;
    else unprintable += 1;
  }
  return printable >> 7 < unprintable;
}

function isPrintable(byte: number): boolean {
  return byte < 0x20 ? printableControls.includes(byte) : byte !== 0x7f;
}
