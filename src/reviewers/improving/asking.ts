import { AppError } from '#domain/errors.ts';
import { addUsage, noUsage, type Usage } from '#domain/review.ts';
import type { CostOf } from '#reviewers/judging/ask-until-read.ts';
import type { ModelAnswer, ModelProvider, ModelRequest } from '#reviewers/providers/provider.ts';
import type { WorkContext } from '#reviewers/reviewer.ts';

/** The questions of one piece of work: they share its time, and what they cost is added up. */
export interface Asking {
  /** Fails as the provider's `ask` does · TimedOut ASK_OUT_OF_TIME · Refused PROVIDER_REFUSED */
  ask(request: ModelRequest): Promise<ModelAnswer>;
  /** Whether there is time for another question. */
  hasTime(): boolean;
  usage(): Usage;
  /** Takes the answers out of memory: whoever tries the same again must not get them once more. */
  forget(): Promise<void>;
}

/** A question takes at least so long; with less time left none is begun. */
const leastAskMs = 2_000;

export function startAsking({ provider, costOf }: { readonly provider: ModelProvider; readonly costOf?: CostOf | undefined }, context: WorkContext): Asking {
  const deadline = performance.now() + context.timeoutMs;
  const answered: { readonly request: ModelRequest; readonly answer: ModelAnswer }[] = [];
  const { signal, spend } = context;
  const remainingMs = (): number => deadline - performance.now();
  return {
    ask: async (request) => {
      signal.throwIfAborted();
      const isLate = answered.length > 0 && remainingMs() < leastAskMs;
      if (isLate) throw new AppError('TimedOut', 'ASK_OUT_OF_TIME', `No time is left to ask ${provider.id} again. Allow more time for an iteration.`);
      const timeoutMs = Math.max(1, Math.floor(remainingMs()));
      const answer = await provider.ask(request, { signal, timeoutMs, ...(spend === undefined ? {} : { spend }) });
      answered.push({ request, answer });
      if (answer.finish === 'refusal') throw new AppError('Refused', 'PROVIDER_REFUSED', `${provider.id} refused to write. Choose another improver, or change the text.`);
      return answer;
    },
    hasTime: () => remainingMs() >= leastAskMs,
    usage: () => answered.map(({ answer }) => usageOf(answer, costOf)).reduce(addUsage, noUsage),
    forget: async () => {
      for (const { request } of answered) await provider.forget?.(request);
    },
  };
}

// Tokens that a provider does not count are none.
function usageOf(answer: ModelAnswer, costOf: CostOf = () => null): Usage {
  const { inputTokens, outputTokens, costUsd } = answer.usage;
  return { inputTokens: inputTokens ?? 0, outputTokens: outputTokens ?? 0, costUsd: costUsd ?? costOf(answer) };
}
