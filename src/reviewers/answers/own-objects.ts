import type { FoundObject } from './scan-json.ts';

/** How an object stands in the text: as the answer, as the last word of several, in the middle of a sentence, or as a quotation. */
export type Standing = 'own' | 'final' | 'mentioned' | 'quoted';

const quoting =
  /\b(?:says?|states?|contains?|instructs?|tells?|asks?|asked|demands?|claims?|includes?|example|e\.g|for instance|format|schema|template|ignore|previous|previously|earlier|sample|snippet|would be|instead of)\b|という|と書|記載|記述|引用|書かれ|例[:：]|例えば|形式|前回|<!--/i;
// "Here is the JSON you asked for:", "ご指定の形式で回答します：": the answer is presented, not the question repeated.
const presenting =
  /\b(?:here(?:['’]s| is)|below is)\s(?:the|my|your)\s(?:\w{1,14}\s){1,3}?(?:(?:that\s)?you(?:['’]ve| have)?\s(?:asked|requested)(?:\s(?:me\s)?for)?|in the (?:requested|required|given) (?:format|schema))|\bin (?:valid |strict |pure )?JSON(?: format)?(?=\s?[:：])|ご?(?:指定|依頼|要求|希望)(?:いただいた|された|の)?(?:JSON)?(?:形式|フォーマット)/i;
const closing = /\b(?:final|revised|updated|corrected|current)\b|最終|改訂|修正版|今回/i;
const label = /[:：]\s{0,4}(?:\*{1,3})?\s{0,4}$/;
// A list mark, a bracket, an arrow, an opening tag: no words.
const lineLead = /^(?:[^\p{L}\p{N}<>=(]{0,12}|\s{0,8}\d{1,2}[.)]\s|\s{0,8}<[a-z_]{1,20}>\s{0,4})$/iu;
// An assignment or a call: source code.
const code = /(?:=|\(|=>|\breturn)\s{0,4}$/;

/** Reads the words that lead to an object: those before it on its line, or the line above. */
export function standing(text: string, object: FoundObject): Standing {
  const near = text.slice(Math.max(0, object.start - 240), object.start);
  const lineStart = near.lastIndexOf('\n') + 1;
  const lead = near.slice(lineStart).replace(presenting, '');
  if (/^[ \t]{0,8}>/.test(lead)) return 'quoted';
  if (lead.includes('<!--')) return 'quoted';
  const bare = lead.replace(/["'`“「]+\s?$/, '');
  if (!lineLead.test(bare)) return inSentence(bare, bare !== lead);
  const above = lineAbove(near.slice(0, lineStart))?.replace(presenting, '');
  if (above !== undefined && (label.test(above) || above.includes('<!--'))) {
    if (quoting.test(above)) return 'quoted';
    if (closing.test(above)) return 'final';
  }
  return 'own';
}

// "Result: {…}" presents it, "I will not answer {…}" does not.
function inSentence(lead: string, isInQuotes: boolean): Standing {
  if (quoting.test(lead) || code.test(lead)) return 'quoted';
  const isPresented = label.test(lead) || /[.。!！]\s{1,4}$|[。！]$/.test(lead);
  if (!isPresented) return isInQuotes ? 'quoted' : 'mentioned';
  return closing.test(lead) ? 'final' : 'own';
}

// The nearest line above that is neither blank nor a fence.
function lineAbove(text: string): string | undefined {
  return text
    .split('\n')
    .toReversed()
    .find((line) => line.trim() !== '' && !/^\s{0,8}(?:```|~~~)/.test(line));
}
