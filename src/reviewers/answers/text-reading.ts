import { isFailedCall, isLikelyFailedCall, isRefusal } from './not-an-answer.ts';
import { noReading } from './outcomes.ts';
import type { ReadOptions, Reading, ReadingCause, ReadingOutcome } from './reading.ts';
import { scaleScore } from './score-value.ts';
import { readSections } from './sections.ts';
import type { ChosenScore } from './choose-score.ts';
import { readTextAnswer } from './text-answer.ts';
import type { TextAnswer } from './text-answer.ts';

/** From this rank on a number in prose is labelled as the score. */
const labelledFrom = 3;
/** Prose that rounds the JSON's number does not contradict it. */
const rounding = 0.5;

const unreadable: Readonly<Record<Exclude<ChosenScore['kind'], 'one' | 'none' | 'count'>, readonly [ReadingOutcome, ReadingCause]>> = {
  cut: ['truncated', 'cut_number'],
  conflict: ['ambiguous', 'conflicting_scores'],
  unclear: ['ambiguous', 'several_numbers'],
};

/** Reads an answer that has no JSON of its own. */
export function readProse(prose: string, options: ReadOptions): Reading {
  if (isFailedCall(prose)) return noReading('provider_error', 'error_reported');
  if (options.mode === 'strict') return failure(prose) ?? noReading('no_score');
  const reading = readWords(prose, readTextAnswer(prose), options.scaleMax ?? 10);
  if (options.nonce === undefined || (reading.outcome !== 'ok' && reading.outcome !== 'out_of_range')) return reading;
  return prose.includes(options.nonce) ? { ...reading, nonceMatches: true } : { ...noReading('ambiguous', 'nonce_missing'), nonceMatches: false };
}

function readWords(prose: string, answer: TextAnswer, defaultMax: number): Reading {
  const { score } = answer;
  if (answer.isOverfull) return noReading('ambiguous', 'too_many_statements');
  if (score.kind === 'one' && (score.rank >= labelledFrom || !isRefusal(prose))) {
    return { ...scaleScore(score.claim, defaultMax), ...saidIn(answer), ...readSections(prose) };
  }
  if (score.kind === 'one' || score.kind === 'none' || score.kind === 'count') return readWithoutScore(prose, answer);
  return noReading(...unreadable[score.kind]);
}

function readWithoutScore(prose: string, answer: TextAnswer): Reading {
  const isJudged = answer.verdict !== undefined || answer.grade !== undefined;
  if (isJudged) return { ...noReading('ok'), ...saidIn(answer), ...readSections(prose) };
  const failed = failure(prose);
  if (failed !== undefined) return failed;
  if (answer.score.kind === 'count') return noReading('ambiguous', 'count_not_a_score');
  return { ...noReading('no_score'), ...saidIn(answer), ...readSections(prose) };
}

function saidIn({ ready, verdict, grade }: TextAnswer): Pick<Reading, 'ready' | 'verdict' | 'grade'> {
  return { ready, ...(verdict !== undefined && { verdict }), ...(grade !== undefined && { grade }) };
}

function failure(prose: string): Reading | undefined {
  if (isRefusal(prose)) return noReading('refusal', 'refused');
  return isLikelyFailedCall(prose) ? noReading('provider_error', 'error_reported') : undefined;
}

/**
 * A reading of JSON beside the prose around it: a plainly labelled score there that differs makes both ambiguous, a plain "not
 * ready" takes back a yes, and a score that the JSON does not have is filled in.
 */
export function withProse(reading: Reading, prose: string, options: ReadOptions): Reading {
  if (prose.trim() === '' || reading.outcome === 'ambiguous') return reading;
  const answer = readTextAnswer(prose);
  const doubted = reading.ready === true && answer.ready === false ? { ...reading, ready: null } : reading;
  const { score } = answer;
  if (score.kind !== 'one' || score.rank < labelledFrom) return doubted;
  return withProseScore(doubted, scaleScore(score.claim, options.scaleMax ?? 10));
}

function withProseScore(reading: Reading, prose: ReturnType<typeof scaleScore>): Reading {
  // A score field that holds no number is the answer's own statement; prose does not replace it.
  if (reading.scoreRaw === null) return reading.cause === undefined ? { ...reading, ...prose } : reading;
  const isSame = prose.score !== null && reading.score !== null && Math.abs(prose.score - reading.score) <= rounding;
  return isSame || reading.outcome !== 'ok' ? reading : noReading('ambiguous', 'conflicting_scores');
}
