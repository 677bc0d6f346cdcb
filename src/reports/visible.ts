// Control characters but tab and line feed, invisible and direction-changing ones, line separators, tags, and halves of surrogate pairs.
const unseen =
  /(?![\t\n])\p{Cc}|[\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\u{e0000}-\u{e007f}]|\p{Cs}/gu;

/**
 * Text in which nothing acts and nothing hides: what a terminal or a reader would not see as a character is shown as '\u{1B}'.
 * Tabs and line feeds stay; the joiners that Persian, Indic scripts and emoji need stay too.
 */
export function visible(text: string): string {
  return text.replace(unseen, (character) => (character === '\r' ? '\\r' : `\\u{${character.codePointAt(0)!.toString(16).toUpperCase()}}`));
}

/** The same on one line: line breaks with the blanks around them become one space, tabs too. */
export function visibleLine(text: string): string {
  const parts = text.split(/\r\n|[\n\r\t]/).map((part) => visible(part).trim());
  return parts.filter((part) => part !== '').join(' ');
}
