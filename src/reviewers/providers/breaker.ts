import { AppError } from '#domain/errors.ts';
import type { ModelProvider } from './provider.ts';

export interface BreakerOptions {
  /** So many failures in a row and the provider is left alone … */
  readonly failures: number;
  /** … for so long; then one question tries it. */
  readonly restMs: number;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
}

/** A provider that is down is down for minutes: five answers in vain tell, and half a minute is less than a person notices. */
export const usualBreaker: BreakerOptions = { failures: 5, restMs: 30_000 };

/**
 * A provider that is left alone for a while once it has failed often: waiting runs do not pile their questions up on one that is down.
 *
 * Fails   as the provider · Unavailable PROVIDER_RESTING with the time that is left
 */
export function withBreaker(provider: ModelProvider, { failures, restMs, now = () => performance.now() }: BreakerOptions = usualBreaker): ModelProvider {
  let inVain = 0;
  let restsUntil = -Infinity;
  return {
    ...provider,
    ask: async (request, context) => {
      const leftMs = restsUntil - now();
      if (leftMs > 0) throw resting(provider.id, leftMs);
      try {
        const answer = await provider.ask(request, context);
        inVain = 0;
        return answer;
      } catch (error) {
        inVain = isDown(error) ? inVain + 1 : 0;
        if (inVain >= failures) restsUntil = now() + restMs;
        throw error;
      }
    },
  };
}

// A limit that the provider itself names, and a caller that gave up, say nothing of its health.
function isDown(error: unknown): boolean {
  return error instanceof AppError && error.kind === 'Unavailable' && error.retryAfterMs === undefined;
}

function resting(id: string, leftMs: number): AppError {
  return new AppError('Unavailable', 'PROVIDER_RESTING', `${id} has failed several times in a row and is left alone for ${Math.ceil(leftMs / 1_000)} s. Wait, or name another reviewer.`, { retryAfterMs: Math.ceil(leftMs) });
}
