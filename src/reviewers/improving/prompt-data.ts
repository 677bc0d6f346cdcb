/**
 * Untrusted text between delimiters, letter by letter; '(none)' where there is none. `firstLine` numbers its lines.
 *
 * Unlike what a judge is shown, nothing in it is replaced by look-alikes: an improver copies from it, and its answer is no verdict.
 *
 * In      nonce: occurs nowhere in the text
 */
export function asData(text: string, { nonce, label, firstLine }: { readonly nonce: string; readonly label: string; readonly firstLine?: number }): string {
  if (text.trim() === '') return '(none)';
  const body = firstLine === undefined ? text : numberLines(text, firstLine);
  return `BEGIN ${label} ${nonce}\n${body}\nEND ${label} ${nonce}`;
}

function numberLines(text: string, firstLine: number): string {
  return text
    .split('\n')
    .map((line, index) => `${firstLine + index}| ${line}`)
    .join('\n');
}

/** The beginning of a text, ended at a line where one ends in its second half. */
export function beginning(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length).toWellFormed();
  const newline = cut.lastIndexOf('\n');
  return `${newline > length / 2 ? cut.slice(0, newline) : cut}\n[cut here]`;
}

/** One line for people: no control characters, at most `length` UTF-16 units. */
export function oneLine(text: string, length: number): string {
  const flat = text.replace(/[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ').trim();
  return flat.length > length ? `${flat.slice(0, length - 1).toWellFormed().replace(/\uFFFD$/, '')}…` : flat;
}
