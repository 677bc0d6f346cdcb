import { scoreLabel } from './score-labels.ts';
import type { Sentence, TextClaim } from './score-claims.ts';

const run = /(?:[★⭐☆]\ufe0f?\s?){1,10}/u;

/** ★★★★☆ after a label: the filled ones of all of them; of five where none is empty. */
export function starClaim(sentence: Sentence): TextClaim[] {
  const found = run.exec(sentence.text);
  if (found === null) return [];
  const end = found.index + found[0].length;
  const label = scoreLabel(sentence.text.slice(0, found.index));
  // Where a number stands too, the number is the score.
  const filled = count(found[0], /[★⭐]/gu);
  const empty = count(found[0], /☆/gu);
  const isAlone = sentence.text.trim() === found[0].trim() && empty > 0;
  if (/\d/.test(sentence.text) || (label !== 'overall' && label !== 'plain' && !isAlone)) return [];
  const claim = { raw: sentence.source.slice(found.index, end).trim(), value: filled, max: empty > 0 ? filled + empty : 5 };
  return [{ kind: 'score', claim, rank: isAlone ? 2 : label === 'overall' ? 4 : 3 }];
}

function count(text: string, glyph: RegExp): number {
  return [...text.matchAll(glyph)].length;
}
