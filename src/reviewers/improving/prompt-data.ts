import { createHash } from 'node:crypto';

/**
 * Words for delimiters and tags that nothing in `seed` can have foreseen: they follow from all of it, so that the same question is the same prompt.
 */
export function* nonces(seed: string): Generator<string, never> {
  for (let round = 0; ; round += 1) yield createHash('sha256').update(`${round}:`).update(seed).digest('hex').slice(0, 12);
}

/** The first nonce that occurs in none of the texts it is to mark off. */
export function nonceFor(texts: readonly string[]): string {
  for (const nonce of nonces(texts.join('\0'))) if (texts.every((text) => !text.includes(nonce))) return nonce;
  throw new RangeError('nonces do not end');
}

/** Untrusted text between delimiters; '(none)' where there is none. `firstLine` numbers its lines. */
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

/** The template with every `{{name}}` replaced at once: what a value holds is never taken for a variable. */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{\{\s{0,4}(\w{1,40})\s{0,4}\}\}/g, (found, name: string) => (Object.hasOwn(values, name) ? values[name]! : found));
}

/** One line for people and prompts: no control characters, at most `length` UTF-16 units. */
export function oneLine(text: string, length: number): string {
  const flat = text.replace(/[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ').trim();
  return flat.length > length ? `${flat.slice(0, length - 1).toWellFormed().replace(/\uFFFD$/, '')}…` : flat;
}

/** The beginning of a text, ended at a line where one ends in its second half. */
export function beginning(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length).toWellFormed();
  const newline = cut.lastIndexOf('\n');
  return `${newline > length / 2 ? cut.slice(0, newline) : cut}\n[cut here]`;
}
