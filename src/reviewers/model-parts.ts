import { readOwnFile } from '#io/own-files.ts';
import { createDrafter } from './improving/draft.ts';
import { createModelImprover } from './improving/model-improver.ts';
import { createModelReviewer } from './judging/model-reviewer.ts';
import { loadReviewPrompts } from './judging/review-prompts.ts';
import { withBreaker } from './providers/breaker.ts';
import type { ProviderEntry } from './providers/create-providers.ts';
import { withoutSecrets } from './providers/without-secrets.ts';
import type { Redact } from './providers/redact-values.ts';
import { payOnce, type AnswerMemory, type DayBudget } from './providers/paid-provider.ts';
import { priceOf, type Prices } from './providers/prices.ts';
import type { RegistryParts } from './registry.ts';
import type { Reviewer } from './reviewer.ts';

export interface ModelPartsOptions {
  readonly memory: AnswerMemory;
  readonly prices: Prices;
  readonly dayBudget: DayBudget;
  /** Hides the worker's secrets in all that models say. */
  readonly redact: Redact;
  /** EVALUATION_MODE. */
  readonly mode: 'flexible' | 'strict';
  /** Absolute; EVALUATION_PROMPT_PATH. */
  readonly evaluationPromptPath?: string;
}

/** Every model as a reviewer, as an improver and as a drafter: paid once, left alone while it is down. */
export function createModelParts(entries: readonly ProviderEntry[], options: ModelPartsOptions): RegistryParts {
  const { evaluationPromptPath, memory, prices, dayBudget, mode, redact } = options;
  const { prompts, warnings } = loadReviewPrompts(evaluationPromptPath === undefined ? {} : { evaluationPromptPath });
  const improve = readOwnFile('prompts/improve.md');
  const draft = readOwnFile('prompts/draft.md');
  const parts = entries.map(({ provider: plain, model, asked, queue, pricesItself }) => {
    const provider = payOnce(withoutSecrets(withBreaker(plain), redact), { memory, prices, dayBudget, asked });
    const setup = { provider, version: model ?? `the model that ${plain.id} chooses`, queue };
    const isPriced = pricesItself || (model !== null && priceOf(model, prices) !== undefined);
    return {
      reviewer: { ...warning(createModelReviewer({ ...setup, mode, prompts }), warnings), isPriced },
      improver: { ...createModelImprover({ ...setup, prompts: { improve } }), isPriced },
      drafter: createDrafter({ ...setup, prompts: { draft } }),
    };
  });
  return { reviewers: parts.map(({ reviewer }) => reviewer), improvers: parts.map(({ improver }) => improver), drafters: parts.map(({ drafter }) => drafter) };
}

// Whoever set a prompt of their own must see where it was not used.
function warning(reviewer: Reviewer, warnings: readonly string[]): Reviewer {
  if (warnings.length === 0) return reviewer;
  return {
    ...reviewer,
    review: async (input, context) => {
      const result = await reviewer.review(input, context);
      return input.purpose === 'evaluate' ? { ...result, evaluation: { ...result.evaluation, warnings: [...(result.evaluation?.warnings ?? []), ...warnings] } } : result;
    },
  };
}
