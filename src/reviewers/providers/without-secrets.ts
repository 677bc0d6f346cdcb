import { hideInError } from '#domain/hide-in-error.ts';
import type { ModelProvider } from './provider.ts';
import type { Redact } from './redact-values.ts';

/**
 * A provider whose answers and errors hold none of the worker's secrets, whatever the model, its server or an agent said. It stands
 * between the provider and all that keeps, reads and shows: an answer is clean before it is kept.
 *
 * Fails   as the provider
 */
export function withoutSecrets(provider: ModelProvider, redact: Redact): ModelProvider {
  return {
    ...provider,
    ask: async (request, context) => {
      try {
        const answer = await provider.ask(request, context);
        return { ...answer, text: redact(answer.text), model: redact(answer.model) };
      } catch (error) {
        hideInError(error, redact);
        throw error;
      }
    },
  };
}
