import { isScored, type Finding, type ScoredCategory } from '#domain/finding.ts';
import { suspicionLimit, type CriterionScore, type ReviewerResult } from '#domain/review.ts';
import type { Reading } from '#reviewers/answers/read-answer.ts';
import type { ModelProvider } from '#reviewers/providers/provider.ts';
import type { Reviewer, ReviewerQueue, ReviewInput, WorkContext } from '#reviewers/reviewer.ts';
import { sizeFactor } from '#reviewers/size-factor.ts';
import { askBesideProject } from './ask-beside-project.ts';
import { names, type CostOf, type ReadAnswer } from './ask-until-read.ts';
import type { AskedCriterion } from './criteria-asked.ts';
import { evidenceIn, quotedIn, type Evidence } from './evidence.ts';
import { evaluationIn } from './free-words.ts';
import { scanForInjection } from './injection.ts';
import { withoutTwins } from './injection-twins.ts';
import { isQuoted, toFindings } from './model-findings.ts';
import { secretMask } from './quoted-secrets.ts';
import type { ReviewPrompts } from './review-prompts.ts';
import { secretsIn } from './secrets-in-text.ts';

export interface ModelReviewerSetup {
  readonly provider: ModelProvider;
  /** Two equal versions ask the same model the same questions. */
  readonly version: string;
  readonly queue: ReviewerQueue;
  /** EVALUATION_MODE: 'strict' takes JSON only. */
  readonly mode: 'flexible' | 'strict';
  readonly costOf?: CostOf;
  readonly prompts: ReviewPrompts;
}

/** From this mark on, of 10, praise without a single quotation is looked at by a person (95 of 100). */
const praiseFrom = 9.5;

/**
 * The reviewer that asks a model. What it says becomes findings and marks; its own score and word are told beside them and decide
 * nothing. A text that speaks to its judge is found out without the model.
 *
 * Out     criteria: the marks for the requested categories and for the criteria of the request, as far as the answer gives them;
 *         its engine has judged a category that has a mark or a finding whose quote is in the text
 * Fails   UnreadableOutput ANSWER_* (two answers of which nothing can be made) · Refused ANSWER_REFUSAL · Unavailable
 *         ANSWER_PROVIDER_ERROR · Misconfigured PROMPT_INVALID · as the provider's `ask`
 */
export function createModelReviewer(setup: ModelReviewerSetup): Reviewer {
  return {
    id: setup.provider.id,
    version: setup.version,
    queue: setup.queue,
    asksModel: true,
    review: (input, context) => review(setup, input, context),
  };
}

async function review(setup: ModelReviewerSetup, input: ReviewInput, context: WorkContext): Promise<ReviewerResult> {
  const started = performance.now();
  const { question, answer, warnings } = await askBesideProject(setup, { template: promptFor(setup.prompts, input), input }, context);
  const evidence = evidenceIn(input.text);
  const { findings: answered = [] } = answer.reading;
  const mask = secretMask({ text: input.text, known: await secretsIn(input.text), answered, evidence });
  const found = toFindings(answered, { source: setup.provider.id, path: input.name, text: input.text, evidence, mask });
  const marks = marksIn(answer.reading, question.criteria);
  const injection = scanForInjection(input.text, input.name);
  const durationMs = Math.round(performance.now() - started);
  return {
    findings: withoutTwins(injection.findings, found),
    engines: [{ id: setup.provider.id, version: setup.version, categories: judged(input.requested, marks, found), durationMs }],
    parses: null,
    sizeFactor: sizeFactor(input.kind, input.text),
    metrics: null,
    lost: [],
    evaluation: { ...evaluationIn(answer.reading, mask), ...(warnings.length === 0 ? {} : { warnings }) },
    criteria: marks,
    suspicions: [...distrust(answer, found, evidence), ...injection.suspicions].slice(0, suspicionLimit),
    usage: answer.usage,
  };
}

function promptFor(prompts: ReviewPrompts, { kind, purpose = 'review' }: ReviewInput): ReviewPrompts[keyof ReviewPrompts] {
  if (kind !== 'document') return prompts.code;
  return purpose === 'evaluate' ? prompts.evaluate : prompts.document;
}

// On 0–100; the first mark where an answer gives two for one thing.
function marksIn({ categories = [] }: Reading, criteria: readonly AskedCriterion[]): CriterionScore[] {
  return criteria.flatMap((criterion) => {
    const mark = categories.find(({ name }) => names(criterion, name))?.score ?? null;
    return mark === null ? [] : [{ name: criterion.name, score: Math.round(mark * 100) / 10 }];
  });
}

function judged(requested: readonly ScoredCategory[], marks: readonly CriterionScore[], found: readonly Finding[]): ScoredCategory[] {
  const spoken = found.filter(isQuoted).flatMap(({ category }) => (isScored(category) ? [category] : []));
  return requested.filter((category) => spoken.includes(category) || marks.some(({ name }) => name.toLowerCase() === category));
}

// Praise is cheap: who has read the text can quote it.
function distrust({ reading, lostNonce }: ReadAnswer, found: readonly Finding[], evidence: Evidence): string[] {
  const isPraise = (reading.score ?? 0) >= praiseFrom;
  const isProved = found.some(isQuoted) || (reading.analysis?.strengths ?? []).flatMap(quotedIn).some((quote) => evidence.find(quote) !== null);
  return [
    ...(isPraise && !isProved ? ['The model gives the highest marks and quotes nothing of the text.'] : []),
    ...(lostNonce ? ['The first answer did not bring back the nonce of its question: it may have been copied from the text.'] : []),
  ];
}
