/** Longest answer that is read, in UTF-16 units; the answers of agents are a few kilobytes. */
export const maxAnswerLength = 4 * 1024 * 1024;

const escape = String.fromCharCode(27);
const bell = String.fromCharCode(7);
const controlSequence = new RegExp(`${escape}\\[[0-9;:?<=>]{0,64}[ -/]{0,8}[@-~]`, 'g');
// Links and window titles: ESC ] … BEL, or ended by ESC \.
const systemCommand = new RegExp(`${escape}\\][^${bell}${escape}]{0,2048}(?:${bell}|${escape}\\\\)`, 'g');
// Control characters but tab and line feed, invisible and direction-changing ones, byte order marks, tags. The joiners stay: a
// quotation of Persian or of an emoji must still be found in the document.
const unseen = /(?:(?![\t\n])\p{Cc}|[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}])+/gu;

/** The text without terminal sequences and characters that nobody sees, with plain newlines. */
export function cleanText(text: string): string {
  const plain = text.includes(escape) ? text.replace(systemCommand, '').replace(controlSequence, '') : text;
  return plain.replace(/\r\n?|[\u2028\u2029]/g, '\n').replace(unseen, '');
}

/** Full-width letters, digits and signs, and the minus sign, as their ASCII ones, character by character: positions stay the same. */
export function foldWidth(text: string): string {
  return text.replace(/[\uff01-\uff5e\u3000\u00a0\u2212]/g, (character) => {
    if (character === '\u2212') return '-';
    return character < '\uff01' ? ' ' : String.fromCharCode(character.charCodeAt(0) - 0xfee0);
  });
}
