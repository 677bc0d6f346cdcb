import { readScale } from './score-scale.ts';
import { scoreLabel, scoreRole } from './score-labels.ts';
import type { ScoreLabel, ScoreRole } from './score-labels.ts';
import type { ScoreClaim } from './score-value.ts';

/** What one sentence claims about the score. */
export type TextClaim =
  | { readonly kind: 'score'; readonly claim: ScoreClaim; readonly rank: ClaimRank }
  /** A range, an arrow, a number with thousands: labelled as the score, and not one number. */
  | { readonly kind: 'unclear'; readonly rank: ClaimRank }
  /** So many of so many tests: not a score. */
  | { readonly kind: 'count'; readonly rank: 0 }
  /** The text ends inside the number. */
  | { readonly kind: 'cut'; readonly rank: ClaimRank };

/** How plainly a number is labelled: 5 current or final, 4 overall, 3 "score", 2 no label but a scale, 1 alone on its line. */
export type ClaimRank = 0 | 1 | 2 | 3 | 4 | 5;

// Not a part of a word, a version or a longer number.
const number = /(?<![\dA-Za-z_.,#$€¥])-?\d{1,4}(?:\.\d{1,3}|,\d{1,2})?(?!\d|[.,]\d)(?!(?!pts|points?|stars?|out\b)[A-Za-z])/g;
/** A sentence with more numbers than this is data. */
const maxNumbers = 24;

/** A sentence in two spellings of the same length: `text` folded to ASCII and without markup, `source` as written. */
export interface Sentence {
  readonly text: string;
  readonly source: string;
  /** Nothing follows it in the answer. */
  readonly isEnd: boolean;
}

interface Candidate {
  readonly before: string;
  readonly after: string;
  readonly raw: string;
  readonly value: number;
  readonly max: number | null;
  readonly hasUnit: boolean;
  readonly isFirst: boolean;
}

/** Every claim of one sentence. A number is a score by its label or its scale; a bare one is not. */
export function scoreClaims(sentence: Sentence): TextClaim[] {
  return candidates(sentence).flatMap((candidate) => readCandidate(candidate, sentence) ?? []);
}

function candidates(sentence: Sentence): Candidate[] {
  const found: Candidate[] = [];
  const { text, labelMax } = withoutLabelScale(sentence.text.replace(earlierScore, (aside) => ' '.repeat(aside.length)));
  let from = 0;
  let prefixMax: number | null = null;
  for (const match of text.matchAll(number)) {
    const end = match.index + match[0].length;
    if (match.index < from || found.length === maxNumbers) continue;
    const rest = text.slice(end);
    const declared = /^\s?点(?:満点|中)/.test(rest) ? Number(match[0]) : null;
    if (declared !== null && /\d/.test(rest)) {
      prefixMax = declared;
      continue;
    }
    const scale = readScale(rest);
    const before = text.slice(from, match.index);
    const raw = sentence.source.slice(match.index, end);
    const value = Number(match[0].replace(',', '.'));
    const after = rest.slice(scale.length);
    const max = scale.max ?? prefixMax ?? labelMax;
    found.push({ before: before.replace(prefixScale, ''), after, raw, value, max, hasUnit: scale.length > 0, isFirst: from === 0 });
    from = end + scale.length;
    prefixMax = null;
  }
  return found;
}

// "Score (previous 6.1): 7.3"
const earlierScore = /\((?:previous(?:ly)?|prev|was|before|last|前回|以前)[^()]{1,24}\)/gi;
// "Score (0-10):", "Score [out of 100]:", "10点満点中": the scale stands before the number.
const labelScale = /[([]\s?(?:(?:\d{1,2}\s?(?:[-–~〜]|to)\s?)|out of\s|max\.?\s|\/\s?)(\d{1,3})\s?[)\]]|[([]\s?(\d{1,3})\s?点満点\s?[)\]]/i;
// Only where no number stands before it: "78点(100点満点)" is read from the number on.
function withoutLabelScale(text: string): { readonly text: string; readonly labelMax: number | null } {
  const found = labelScale.exec(text);
  if (found === null || /\d/.test(text.slice(0, found.index))) return { text, labelMax: null };
  return { text: text.replace(labelScale, (scale) => ' '.repeat(scale.length)), labelMax: Number(found[1] ?? found[2]) };
}

const prefixScale = /(?:\d{1,3}\s?点(?:満点)?(?:中|で|の|のうち)?[、,\s]?)$/;

function readCandidate(candidate: Candidate, sentence: Sentence): TextClaim | undefined {
  // "Score: ___/10": a scale, and no number on it.
  if (/(?:\/|\bout of)\s{0,3}$/.test(candidate.before)) return undefined;
  const label = scoreLabel(candidate.before);
  const role = scoreRole(candidate.before, candidate.after);
  if (role !== null && role !== 'current') return undefined;
  if (isCount(candidate, label)) return { kind: 'count', rank: 0 };
  const rank = rankOf(candidate, label, role);
  if (rank === undefined || isForSomethingElse(candidate)) return undefined;
  if (isCut(candidate, sentence)) return { kind: 'cut', rank };
  if (isPartOfRange(candidate)) return { kind: 'unclear', rank };
  const { raw, value, max } = candidate;
  return { kind: 'score', claim: { raw, value, max }, rank };
}

function rankOf(candidate: Candidate, label: ScoreLabel, role: ScoreRole): ClaimRank | undefined {
  const isMeasured = candidate.max !== null || candidate.hasUnit;
  if (label === 'category') return undefined;
  const isLabelled = label !== 'none';
  const isScore = isLabelled ? isMeasured || isPartOfRange(candidate) || !isNumberOfThings(candidate) : isUnlabelledScore(candidate, role, isMeasured);
  if (!isScore) return undefined;
  if (role === 'current') return 5;
  return isLabelled ? (label === 'overall' ? 4 : 3) : 2;
}

// "Evaluation: 3 issues", "評価は3段階"; "Total: 7" may count anything: a total score says so, or has a scale.
function isNumberOfThings({ before, after }: Candidate): boolean {
  if (/(?:^|[^\p{L}])(?:total|sum|合計|トータル)[^\p{L}]*$/iu.test(before)) return true;
  if (/^\s?(?:です|でした|だ|と|で|に|、)/.test(after)) return false;
  return /^\s{0,2}\p{L}/u.test(after) && !/^\s(?:overall|but|and|because|since|as|with|which|out|for|on|in|now|so|due|vs|versus|against|compared)\b/.test(after);
}

// "7 out of 10." and "85点です。" stand alone; "2/5 Error handling" is a count or a heading.
function isUnlabelledScore(candidate: Candidate, role: ScoreRole, isMeasured: boolean): boolean {
  const standsAlone = candidate.isFirst || role === 'current';
  return isMeasured && standsAlone && isUsualScale(candidate) && endsStatement.test(candidate.after);
}

// 4/5 is a score where stars are spoken of, else a count.
function isUsualScale({ before, after, value, max }: Candidate): boolean {
  if (max === null) return true;
  if (value > max || !usualScales.has(max)) return false;
  return max !== 5 || /[★⭐]/u.test(before) || /^\s?stars?/.test(after);
}

const usualScales: ReadonlySet<number> = new Set([5, 10, 20, 50, 100]);
const endsStatement =
  /^\s{0,3}(?:$|[.,!;。、！)—–|-]|points?\b|stars?\b|overall|from (?:me|us)\b|です|でした|と(?:します|評価|判断|採点)|[にへ](?:と)?(?:向上|改善|上昇|低下|上が|下が)|[^\p{L}\p{N}\s])/u;

const counted = /^\s{0,2}(?:of the\s)?(?:\w{1,20}\s)?(?:checks?|tests?|items?|criteria|requirements?|tasks?|questions?|steps?|files?|boxes|項目|件|個)\b/;

function isCount(candidate: Candidate, label: ScoreLabel): boolean {
  return candidate.max !== null && label === 'none' && candidate.isFirst && counted.test(candidate.after);
}

const whole = /^\s(?:for|on|in)\s(?:this|the|its|now|implementation|overall|total|my|our|document)\b/;

// "8/10 for clarity" is clarity's.
function isForSomethingElse(candidate: Candidate): boolean {
  return /^\s(?:for|on|in)\s\p{L}/u.test(candidate.after) && !whole.test(candidate.after);
}

// "Score: 8/" and "Score: 8." with nothing after it: the rest may be missing.
function isCut(candidate: Candidate, sentence: Sentence): boolean {
  if (!sentence.isEnd) return false;
  if (/^\s?\/\s?$/.test(candidate.after)) return true;
  return candidate.after === '.' && !candidate.hasUnit && /[:=]\s{0,4}$/.test(candidate.before);
}

function isPartOfRange(candidate: Candidate): boolean {
  const isStart = /^\s?(?:[-–—]\d|[~〜]\s?\d|(?:to|or)\s\d|->|→|⇒|=>|から)/.test(candidate.after) || /\bbetween\s{1,2}$/.test(candidate.before);
  return isStart || /\d\s?(?:[-–—~〜]|and|or|to)\s?$/.test(candidate.before);
}
