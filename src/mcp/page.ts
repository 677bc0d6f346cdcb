/** About 5,000 tokens; hosts cut or put aside answers of 25,000. */
export const longestPage = 20_000;

export interface PageWish {
  /** 0-based, in UTF-16 units. */
  readonly offset: number;
  readonly maxChars: number;
  /** The call that gives the next page, less its offset. */
  readonly again: string;
}

/** One page of a text, with what is needed to read on where there is more. No character is torn apart. */
export function pageOf(text: string, { offset: asked, maxChars, again }: PageWish): string {
  const offset = beforeCharacter(text, asked);
  if (offset >= text.length) return text === '' ? '(empty)' : `(nothing: the text has ${text.length} characters)`;
  const end = beforeCharacter(text, Math.min(text.length, offset + maxChars));
  const page = text.slice(offset, end);
  if (offset === 0 && end === text.length) return page;
  const rest = end === text.length ? 'That is the end.' : `Call ${again} and offset ${end} for more.`;
  return `${page}\n\n[Characters ${offset} to ${end} of ${text.length}. ${rest}]`;
}

function beforeCharacter(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code >= 0xdc00 && code <= 0xdfff ? index - 1 : index;
}
