import { AppError } from '#domain/errors.ts';
import { addUsage, noUsage, type Usage } from '#domain/review.ts';
import { readAnswer, type Reading } from '#reviewers/answers/read-answer.ts';
import type { ModelAnswer, ModelProvider, ModelRequest } from '#reviewers/providers/provider.ts';
import type { WorkContext } from '#reviewers/reviewer.ts';
import type { AskedCriterion } from './criteria-asked.ts';
import { askedAgain, type ReviewQuestion } from './review-question.ts';

/** In USD by the price table; null where the model has no price. Asked where the provider itself tells no cost. */
export type CostOf = (answer: Pick<ModelAnswer, 'model' | 'usage'>) => number | null;

export interface Asking {
  readonly provider: ModelProvider;
  readonly mode: 'flexible' | 'strict';
  readonly costOf?: CostOf | undefined;
}

export interface ReadAnswer {
  readonly reading: Reading;
  /** Of both questions, where there were two. */
  readonly usage: Usage;
  /** The first answer did not bring the nonce back. */
  readonly lostNonce: boolean;
}

/** Why an answer is of no use; 'unjudged' has a score and no mark for anything that was asked. */
type Problem = 'no_score' | 'out_of_range' | 'ambiguous' | 'truncated' | 'empty' | 'unjudged' | 'nonce';

/** For the model. */
const corrections: Readonly<Record<Problem, string>> = {
  no_score: 'it held no score that can be read.',
  out_of_range: 'a score in it was not between 0 and 10.',
  ambiguous: 'it contradicted itself, or held several answers.',
  truncated: 'it was cut off before its end. Be shorter: fewer findings, shorter sentences.',
  empty: 'it was empty.',
  unjudged: 'it gave no mark for any of the criteria.',
  nonce: 'it did not hold the nonce of this question.',
};

/** A question takes at least so long; with less time left none is begun. */
const leastAskMs = 2_000;

/**
 * Asks, reads, and asks once more where nothing could be made of the answer.
 *
 * Fails   UnreadableOutput ANSWER_* by the second answer's outcome · Refused ANSWER_REFUSAL · Unavailable ANSWER_PROVIDER_ERROR ·
 *         as the provider's `ask`
 */
export async function askUntilRead(asking: Asking, question: ReviewQuestion, context: WorkContext): Promise<ReadAnswer> {
  const deadline = performance.now() + context.timeoutMs;
  const first = await ask(asking, question.request, { context, deadline });
  const reading = readAsked(first, asking, question);
  const problem = problemOf(reading, asking.provider, question);
  const usage = usageOf(first, asking);
  if (problem === null) return { reading, usage, lostNonce: false };
  if (deadline - performance.now() < leastAskMs) throw await unreadable(asking.provider, problem, [question.request]);
  const request = askedAgain(question, corrections[problem]);
  const second = await ask(asking, request, { context, deadline });
  const again = readAsked(second, asking, question);
  const remaining = problemOf(again, asking.provider, question);
  if (remaining !== null) throw await unreadable(asking.provider, remaining, [question.request, request]);
  return { reading: again, usage: addUsage(usage, usageOf(second, asking)), lostNonce: problem === 'nonce' };
}

async function ask({ provider }: Asking, request: ModelRequest, { context, deadline }: { readonly context: WorkContext; readonly deadline: number }): Promise<ModelAnswer> {
  context.signal.throwIfAborted();
  const { signal, spend } = context;
  const timeoutMs = Math.max(1, Math.floor(deadline - performance.now()));
  return provider.ask(request, { signal, timeoutMs, ...(spend === undefined ? {} : { spend }) });
}

// Half a sentence may read like a whole one: what was cut at the token limit is not looked at.
function readAsked({ text, finish }: ModelAnswer, { mode }: Asking, { nonce }: ReviewQuestion): Reading {
  const none = { score: null, scoreRaw: null, scaleMax: null, ready: null };
  if (finish === 'length') return { outcome: 'truncated', ...none, cause: 'token_limit' };
  if (finish === 'refusal') return { outcome: 'refusal', ...none, cause: 'refused' };
  return readAnswer(text, { mode, nonce });
}

function problemOf({ outcome, cause, ...said }: Reading, { id }: ModelProvider, { criteria }: ReviewQuestion): Problem | null {
  if (outcome === 'refusal') throw new AppError('Refused', 'ANSWER_REFUSAL', `${id} refused to review the text. Choose another reviewer, or change the text.`);
  if (outcome === 'provider_error') throw new AppError('Unavailable', 'ANSWER_PROVIDER_ERROR', `${id} answered with an error of its own instead of a review. Try again later.`);
  if (cause === 'nonce_missing' || cause === 'nonce_mismatch') return 'nonce';
  if (outcome !== 'ok') return outcome;
  return criteria.length === 0 || isJudged(said, criteria) ? null : 'unjudged';
}

function isJudged({ categories = [], findings = [] }: Pick<Reading, 'categories' | 'findings'>, criteria: readonly AskedCriterion[]): boolean {
  return findings.length > 0 || categories.some(({ name, score }) => score !== null && criteria.some((criterion) => names(criterion, name)));
}

/** Whether an answer's name for a criterion means this one. */
export function names({ key, name }: AskedCriterion, answered: string): boolean {
  const plain = answered.trim().toLowerCase();
  return plain === key || plain === name.trim().toLowerCase();
}

// Whoever tries the same question again must not get the same answers from memory.
async function unreadable(provider: ModelProvider, problem: Problem, requests: readonly ModelRequest[]): Promise<AppError> {
  for (const request of requests) await provider.forget?.(request);
  const code = problem === 'nonce' ? 'ANSWER_AMBIGUOUS' : `ANSWER_${problem.toUpperCase()}`;
  const often = requests.length === 1 ? 'and no time was left to ask again' : 'twice';
  return new AppError('UnreadableOutput', code, `The answer of ${provider.id} could not be used, ${often}: ${corrections[problem]} Choose another model or reviewer.`, { isFinal: requests.length > 1 });
}

function usageOf(answer: ModelAnswer, { costOf = () => null }: Asking): Usage {
  const { inputTokens, outputTokens, costUsd } = answer.usage;
  return addUsage(noUsage, { inputTokens: inputTokens ?? 0, outputTokens: outputTokens ?? 0, costUsd: costUsd ?? costOf(answer) });
}
