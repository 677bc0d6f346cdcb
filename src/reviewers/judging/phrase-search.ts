import type { InjectionRule, Phrase } from './judge-phrases.ts';

/** A text in which phrases are looked for: lower case, full-width letters as plain ones, marks and invisible characters left out. */
export interface SearchText {
  readonly text: string;
  /** The 1-based line on which a unit of `text` stands. */
  lineAt(offset: number): number;
}

export interface PhraseHit {
  readonly rule: InjectionRule;
  readonly line: number;
}

/** So many hits of one phrase say it all. */
const maxHits = 10;
/** Marks between words that a reader does not see as words: emphasis, quotation, comments, escapes. */
const marks = /(?:(?!\n)[\s*_~#>|"'“”‘’«»\\])+/g;
const clauseEnd = /[.!?。！？;{}[\]()]/;
const latin = /[a-z0-9]/;

export function searchText(text: string): SearchText {
  const ends: number[] = [];
  let length = 0;
  const plainText = text.normalize('NFKC').replace(/\p{Cf}/gu, '').toLowerCase().replace(marks, ' ');
  const lines = plainText.split('\n').map((line) => {
    const plain = `${line.trim()} `;
    length += plain.length;
    ends.push(length);
    return plain;
  });
  return { text: lines.join(''), lineAt: (offset) => lineOf(ends, offset) };
}

function lineOf(ends: readonly number[], offset: number): number {
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle]! > offset) high = middle;
    else low = middle + 1;
  }
  return low + 1;
}

/** The lines on which one of the phrases begins. Time is linear in the length of the text: each step looks only `gap` units ahead. */
export function findPhrases({ text, lineAt }: SearchText, phrases: readonly Phrase[]): PhraseHit[] {
  return phrases.flatMap((phrase) => startsOf(text, phrase).map((start) => ({ rule: phrase.rule, line: lineAt(start) })));
}

function startsOf(text: string, { steps: [first = [], ...others], gap }: Phrase): number[] {
  const starts: number[] = [];
  for (const word of first) {
    for (let at = text.indexOf(word); at !== -1 && starts.length < maxHits; at = text.indexOf(word, at + word.length)) {
      if (isWhole(text, at, word) && follows(text, at + word.length, { steps: others, gap })) starts.push(at);
    }
  }
  return starts;
}

// Of each word of a step the first place within the gap is tried, up to the end of the clause.
function follows(text: string, from: number, { steps: [step, ...others], gap }: Pick<Phrase, 'steps' | 'gap'>): boolean {
  if (step === undefined) return true;
  const ahead = text.slice(from, from + gap);
  const clause = clauseEnd.exec(ahead)?.index ?? gap;
  return step.some((word) => {
    const window = text.slice(from, from + Math.min(gap, clause) + word.length);
    const at = window.indexOf(word);
    return at !== -1 && isWhole(text, from + at, word) && follows(text, from + at + word.length, { steps: others, gap });
  });
}

// No part of a longer word, and no part of a number: neither the 10 of 7/10 nor that of 10.5.
function isWhole(text: string, at: number, word: string): boolean {
  const isPart = (inner: string, outer: string, beyond: string): boolean =>
    latin.test(inner) && (latin.test(outer) || (/[./]/.test(outer) && /\d/.test(inner) && /\d/.test(beyond)));
  const end = at + word.length;
  const unit = (place: number): string => text[place] ?? ' ';
  return !isPart(word[0]!, unit(at - 1), unit(at - 2)) && !isPart(word.at(-1)!, unit(end), unit(end + 1));
}
