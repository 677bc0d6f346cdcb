import { AppError } from '#domain/errors.ts';
import type { Usage } from '#domain/review.ts';
import type { ModelAnswer, ModelProvider, ModelRequest } from '#reviewers/providers/provider.ts';
import type { WorkContext } from '#reviewers/reviewer.ts';

/** In USD by the price table; null where the model has no price. Asked where the provider itself tells no cost. */
export type CostOf = (answer: Pick<ModelAnswer, 'model' | 'usage'>) => number | null;

/** The questions of one piece of work: they share its time, and what they cost is added up. */
export interface Asking {
  /** Fails as the provider's `ask` does · TimedOut ASK_OUT_OF_TIME · Refused PROVIDER_REFUSED */
  ask(request: ModelRequest): Promise<ModelAnswer>;
  /** Whether there is time for another question. */
  hasTime(): boolean;
  usage(): Usage;
}

/** A question takes at least so long; with less time left none is begun. */
const leastAskMs = 2_000;

export function startAsking({ provider, costOf }: { readonly provider: ModelProvider; readonly costOf?: CostOf | undefined }, context: WorkContext): Asking {
  const deadline = performance.now() + context.timeoutMs;
  const answers: ModelAnswer[] = [];
  const remainingMs = (): number => deadline - performance.now();
  return {
    ask: async (request) => {
      context.signal.throwIfAborted();
      const isLate = answers.length > 0 && remainingMs() < leastAskMs;
      if (isLate) throw new AppError('TimedOut', 'ASK_OUT_OF_TIME', `No time is left to ask ${provider.id} again. Allow more time for an iteration.`);
      const answer = await provider.ask(request, { signal: context.signal, timeoutMs: Math.max(1, Math.floor(remainingMs())) });
      answers.push(answer);
      if (answer.finish === 'refusal') throw new AppError('Refused', 'PROVIDER_REFUSED', `${provider.id} refused to write. Choose another improver, or change the text.`);
      return answer;
    },
    hasTime: () => remainingMs() >= leastAskMs,
    usage: () => addUp(answers, costOf),
  };
}

// Tokens that a provider does not count are none; a cost that nobody knows makes the sum unknown.
function addUp(answers: readonly ModelAnswer[], costOf: CostOf = () => null): Usage {
  const costs = answers.map((answer) => answer.usage.costUsd ?? costOf(answer));
  return {
    inputTokens: answers.reduce((sum, { usage }) => sum + (usage.inputTokens ?? 0), 0),
    outputTokens: answers.reduce((sum, { usage }) => sum + (usage.outputTokens ?? 0), 0),
    costUsd: costs.reduce((sum: number | null, cost) => (sum === null || cost === null ? null : sum + cost), 0),
  };
}
