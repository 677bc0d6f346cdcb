import { createHash } from 'node:crypto';
import { neutralise } from './neutralise.ts';

/** Puts untrusted texts into one prompt. */
export interface DataFrame {
  /** 16 hex digits that occur in none of the texts: whoever wrote them cannot have known it. */
  readonly nonce: string;
  /** The text between lines that carry the nonce, each line with its number; '(none)' for a blank text. */
  block(label: string, text: string): string;
}

/**
 * A frame for these texts. Its nonce follows from all of them, so that the same question is the same prompt and a kept answer is found
 * again; the texts cannot contain it, since one that does changes it.
 *
 * In      every untrusted text of the prompt, and what else makes the question (model, criteria): other questions get other nonces
 */
export function frameData(texts: readonly string[]): DataFrame {
  const nonce = nonceFor(texts);
  return {
    nonce,
    block: (label, text) => {
      if (text.includes(nonce)) throw new RangeError('a text was not named when its frame was made');
      return text.trim() === '' ? '(none)' : `BEGIN ${label} ${nonce}\n${numberLines(neutralise(text))}\nEND ${label} ${nonce}`;
    },
  };
}

function nonceFor(texts: readonly string[]): string {
  for (let round = 0; ; round += 1) {
    const hash = createHash('sha256').update(String(round));
    for (const text of texts) hash.update('\0').update(text);
    const nonce = hash.digest('hex').slice(0, 16);
    if (texts.every((text) => !text.toLowerCase().includes(nonce))) return nonce;
  }
}

function numberLines(text: string): string {
  const lines = text.endsWith('\n') ? text.slice(0, -1) : text;
  return lines
    .split('\n')
    .map((line, index) => `${index + 1}| ${line}`)
    .join('\n');
}

/** One harmless line for a prompt or a message: a file's name, a criterion, somebody's remark. At most `length` UTF-16 units. */
export function inOneLine(text: string, length: number): string {
  const flat = neutralise(text.slice(0, 4 * length)).replace(/[\s\uFFFD]+/g, ' ').trim();
  return flat.length > length ? `${flat.slice(0, length - 1).toWellFormed().replace(/\uFFFD$/, '')}…` : flat;
}
