/** A stretch of the text that a reader does not see, in UTF-16 units. */
export interface HiddenStretch {
  readonly start: number;
  readonly end: number;
}

/** Tag characters (also those of flags), what turns the direction of writing, and several zero-width characters or variation selectors in a row. */
const invisible = /(?<flag>\u{1F3F4}[\u{E0020}-\u{E007E}]{1,16}\u{E007F})|[\u{E0000}-\u{E007F}]{1,1000}|[\u202A-\u202E\u2066-\u2069]|[\u200B-\u200D\u2060-\u2064\uFEFF]{3,1000}|[\u{E0100}-\u{E01EF}]{2,1000}/gu;
/** A word of Latin letters torn apart by something that has no width. */
const torn = /(?<=[A-Za-z])[\u200B-\u200D\u2060\uFEFF](?=[A-Za-z])/g;
const maxStretches = 20;

/** What is written with characters that nobody sees. The flags of England, Scotland and Wales are not hidden, nor are joined emoji and letters. */
export function hiddenCharacters(text: string): HiddenStretch[] {
  const stretches = [...take(text.matchAll(invisible)), ...take(text.matchAll(torn))];
  return stretches.toSorted((a, b) => a.start - b.start).slice(0, maxStretches);
}

function* take(matches: Iterable<RegExpExecArray>): Generator<HiddenStretch> {
  let taken = 0;
  for (const match of matches) {
    if (match.groups?.['flag'] !== undefined) continue;
    yield { start: match.index, end: match.index + match[0].length };
    taken += 1;
    if (taken === maxStretches) return;
  }
}

/** The text with a full stop for everything that is not an HTML comment, on the same lines; an unclosed comment ends with the text. */
export function onlyComments(text: string): string {
  const pieces: string[] = [];
  let end = 0;
  for (let start = text.indexOf('<!--'); start !== -1; start = text.indexOf('<!--', end)) {
    const close = text.indexOf('-->', start + 4);
    pieces.push(text.slice(end, start).replace(/[^\n]+/g, '.'), text.slice(start + 4, close === -1 ? text.length : close));
    end = close === -1 ? text.length : close + 3;
  }
  return pieces.join('');
}

/** A run that may be base64, long enough for two words. */
const base64Run = /[A-Za-z0-9+/_-]{16,4096}={0,2}/g;
/** Stretches of base64 that decode to readable words, each on one line. */
export function encodedWords(text: string): (HiddenStretch & { readonly words: string })[] {
  return [...text.matchAll(base64Run)].flatMap(({ 0: run, index }) => {
    if (!looksEncoded(run)) return [];
    const words = Buffer.from(run, 'base64').toString('utf8');
    return isReadable(words) ? [{ start: index, end: index + run.length, words: words.replace(/\s+/g, ' ') }] : [];
  });
}

// Long names and paths are no base64: it mixes cases and digits.
function looksEncoded(run: string): boolean {
  return /[a-z]/.test(run) && /[A-Z]/.test(run);
}

function isReadable(words: string): boolean {
  if (/\uFFFD|(?!\s)\p{Cc}/u.test(words)) return false;
  return words.includes(' ') || /[\u3040-\u30FF\u4E00-\u9FFF]{4}/.test(words);
}
