import { readDetails } from './answer-details.ts';
import { readJsonAnswer, readyOf } from './json-answer.ts';
import type { JsonAnswer } from './json-answer.ts';
import { noReading } from './outcomes.ts';
import { standing } from './own-objects.ts';
import type { Standing } from './own-objects.ts';
import type { ReadOptions, Reading } from './reading.ts';
import type { FoundObject, ScannedText } from './scan-json.ts';
import { scaleScore } from './score-value.ts';
import type { ScoreClaim } from './score-value.ts';
import { verdictMeaning } from './verdict.ts';

/** One object that answers, and how it stands in the text. */
export interface PlacedAnswer extends JsonAnswer {
  readonly object: FoundObject;
  readonly standing: Standing;
}

/** More answers than anybody gives. */
const maxAnswers = 40;

/** The objects of a text that are answers of its own; quotations are left out. */
export function jsonAnswers(text: string, scanned: ScannedText, isStrict: boolean): PlacedAnswer[] {
  const answers: PlacedAnswer[] = [];
  for (const object of scanned.objects) {
    const answer = readJsonAnswer(object.node, isStrict);
    if (answer === undefined) continue;
    const stands = standing(text, object);
    if (stands !== 'quoted') answers.push({ ...answer, object, standing: stands });
    if (answers.length > maxAnswers) break;
  }
  const isOnlyMentioned = answers.every((answer) => answer.standing === 'mentioned');
  return isOnlyMentioned ? [] : answers;
}

/** One reading of several answers: the final one, or all of them where they agree. */
export function readAnswers(answers: readonly PlacedAnswer[], options: ReadOptions): Reading {
  const nonce = checkNonce(answers, options.nonce);
  if (nonce.cause !== undefined) return { ...noReading('ambiguous', nonce.cause), nonceMatches: false };
  const finals = nonce.answers.filter((answer) => answer.standing === 'final');
  const counted = finals.length > 0 ? finals : nonce.answers;
  const answer = counted.length > maxAnswers ? undefined : agreedAnswer(counted);
  const reading = answer === undefined ? noReading('ambiguous', 'conflicting_scores') : toReading(answer, options.scaleMax ?? 10);
  return options.nonce === undefined ? reading : { ...reading, nonceMatches: true };
}

interface NonceCheck {
  readonly answers: readonly PlacedAnswer[];
  readonly cause?: 'nonce_missing' | 'nonce_mismatch' | 'nonce_not_asked_for';
}

function checkNonce(answers: readonly PlacedAnswer[], nonce: string | undefined): NonceCheck {
  const isMarked = answers.some((answer) => answer.nonce !== undefined);
  if (nonce === undefined) return { answers, ...(isMarked && { cause: 'nonce_not_asked_for' }) };
  const right = answers.filter((answer) => answer.nonce === nonce);
  if (right.length > 0) return { answers: right };
  return { answers: [], cause: isMarked ? 'nonce_mismatch' : 'nonce_missing' };
}

// Answers that say different things about the same are no answer; ones that complete each other are.
function agreedAnswer(answers: readonly PlacedAnswer[]): PlacedAnswer | undefined {
  const [first, ...others] = answers;
  if (first === undefined) return undefined;
  let merged = first;
  for (const other of others) {
    if (isConflict(merged, other)) return undefined;
    const object = { ...merged.object, repaired: merged.object.repaired || other.object.repaired };
    merged = { ...other, ...merged, object };
  }
  return merged;
}

function isConflict(a: JsonAnswer, b: JsonAnswer): boolean {
  const differs = <T>(left: T | undefined, right: T | undefined): boolean => left !== undefined && right !== undefined && left !== right;
  const meaning = ({ verdict }: JsonAnswer): string | undefined => (verdict === undefined ? undefined : (verdictMeaning(verdict) ?? verdict));
  return differs(scoreKey(a), scoreKey(b)) || differs(a.ready, b.ready) || differs(meaning(a), meaning(b)) || differs(a.grade, b.grade);
}

function scoreKey({ score }: JsonAnswer): string | number | undefined {
  return typeof score === 'object' ? score.value / (score.max ?? 1) : score;
}

function toReading(answer: PlacedAnswer, defaultMax: number): Reading {
  const { score, verdict, grade } = answer;
  const words = { ...(verdict !== undefined && { verdict }), ...(grade !== undefined && { grade }) };
  const details = readDetails(answer.node, defaultMax);
  const shared = { ready: readyOf(answer), ...words, ...details, ...(answer.object.repaired && { repaired: true as const }) };
  if (score === 'conflicting') return noReading('ambiguous', 'conflicting_scores');
  if (score === 'unreadable') return { ...noReading('no_score', 'score_not_a_number'), ...shared };
  if (score !== undefined) return { ...scored(score, defaultMax), ...shared };
  const outcome = verdict === undefined && grade === undefined ? 'no_score' : 'ok';
  return { ...noReading(outcome), ...shared };
}

function scored(score: ScoreClaim, defaultMax: number): Reading {
  return { ...scaleScore(score, defaultMax), ready: null };
}
