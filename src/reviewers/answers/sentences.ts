import { foldWidth } from './clean-text.ts';
import type { Sentence } from './score-claims.ts';
import { scoreLabel } from './score-labels.ts';
import { readGrade, readScoreText } from './score-value.ts';
import { readYesNo, verdictMeaning } from './verdict.ts';

const sentenceEnd = /[。！？!?](?:[」』”"')\]]?)|[.](?=\s|$)|;(?=\s)|[,|、](?=\s{0,3}(?:(?:is_?)?ready|verdict|decision|判定|実装準備|実装可能)[^,.;。、]{0,24}[:=：])/gi;

/** The sentences of one line, each folded to ASCII and freed of markup; both spellings have the same length. */
export function sentencesOf(line: string, isLast: boolean): Sentence[] {
  const text = withoutMarkup(withoutQuotes(foldWidth(line)));
  const sentences: Sentence[] = [];
  let from = 0;
  for (const found of text.matchAll(sentenceEnd)) {
    const to = found.index + found[0].length;
    if (isNumbering(text.slice(from, to))) continue;
    sentences.push({ text: text.slice(from, to), source: line.slice(from, to), isEnd: isLast && to === text.length });
    from = to;
  }
  if (text.slice(from).trim() !== '') sentences.push({ text: text.slice(from), source: line.slice(from), isEnd: isLast });
  return sentences;
}

// "1." begins a list item, it is no sentence.
function isNumbering(text: string): boolean {
  return /^\s{0,8}\d{1,2}\.$/.test(text);
}

const bullet = /^(\s{0,12})(?:[-*+•・‣▪][ \t]|\d{1,2}[.)][ \t])/;

// Emphasis, headings, list marks and code ticks become spaces; [x] and [ ] stay, they are answers.
function withoutMarkup(line: string): string {
  const unlisted = line.replace(bullet, (mark) => ' '.repeat(mark.length)).replace(/^\s{0,8}#{1,6}(?=\s)/, blank);
  return unlisted.replace(/\*{1,3}|__|`|\[\[|\]\]|【|】/g, (mark) => (mark === '】' ? ':' : blank(mark)));
}

function blank(text: string): string {
  return ' '.repeat(text.length);
}

const quotes = /"([^"]{1,400})"|“([^”]{1,400})”|「([^」]{1,400})」|『([^』]{1,400})』|`([^`]{1,400})`/g;

// Quoted text is somebody else's, unless it is the value or the label itself: `8.8/10`, 判定は「不合格」, "Overall score": 7.
function withoutQuotes(line: string): string {
  if (!/["“「『`]/.test(line)) return line;
  return line.replace(quotes, (whole: string, ...groups: (string | undefined)[]) => {
    const inside = groups.slice(0, 5).find((group) => group !== undefined) ?? '';
    return isOwnWord(inside) ? ` ${inside} ` : blank(whole);
  });
}

function isOwnWord(inside: string): boolean {
  const word = inside.trim();
  if (word.length > 24) return false;
  if (readScoreText(word) !== undefined || readGrade(word) !== undefined) return true;
  if (/\d/.test(word)) return false;
  const label = scoreLabel(word);
  return label === 'overall' || label === 'plain' || (word.length <= 16 && (verdictMeaning(word) !== undefined || readYesNo(word) !== null));
}
