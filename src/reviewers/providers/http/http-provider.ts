import type { ModelProvider, ProviderFacts } from '#reviewers/providers/provider.ts';
import { askModel, byInstruction, refusesSchema } from './ask-model.ts';
import { endpointOf, noAddress, type Endpoint, type HttpProviderOptions } from './endpoint.ts';
import { connections } from './models.ts';
import { createTransport } from './transport.ts';

/**
 * A model behind an HTTP interface. One request an ask and one connection a request; the libraries load with the first ask.
 *
 * A server that takes no schema is asked once more without one, with the schema in the instructions, and from then on only so: what
 * it refused cost nothing. Structured output is not checked here: text that breaks the schema comes back as it is.
 *
 * Out     finish 'refusal' where the model declines in its own words; where a safety filter steps in, Refused PROVIDER_REFUSED
 * Fails   as ModelProvider says, and Misconfigured PROVIDER_ADDRESS, PROVIDER_CERTIFICATE, PROVIDER_NO_KEY, PROVIDER_KEY_UNUSABLE,
 *         PROVIDER_UNAUTHORIZED, PROVIDER_MODEL_UNKNOWN, PROVIDER_QUOTA, PROVIDER_BAD_REQUEST
 *         · Unavailable PROVIDER_RATE_LIMITED, PROVIDER_FAILED, PROVIDER_UNREACHABLE, PROVIDER_CUT_OFF
 *         · UnreadableOutput PROVIDER_ANSWER_UNFINISHED, PROVIDER_ANSWER_MALFORMED
 */
export function createHttpProvider(options: HttpProviderOptions): ModelProvider {
  const endpoint = endpointOf(options);
  let takesSchemas = true;
  return {
    id: options.id,
    kind: 'http',
    async ask(request, { signal }) {
      signal.throwIfAborted();
      if (endpoint.problem !== null) throw endpoint.problem;
      const asking = async (put: typeof request) => askModel(await connections[options.api](endpoint, createTransport(endpoint)), put, { callee: endpoint, signal });
      try {
        return await asking(takesSchemas ? request : byInstruction(request));
      } catch (error) {
        if (!takesSchemas || request.schema === undefined || !refusesSchema(error)) throw error;
        takesSchemas = false;
        return asking(byInstruction(request));
      }
    },
    facts: () => Promise.resolve(factsOf(options, endpoint)),
  };
}

function factsOf({ id, model }: HttpProviderOptions, { address, apiKey, keyPlace, problem }: Endpoint): ProviderFacts {
  return { id, kind: 'http', version: address === noAddress ? null : address, model, login: loginOf(), jail: null, problem: problem?.message ?? null };

  function loginOf(): string | null {
    if (apiKey !== undefined) return keyPlace === 'its key' ? 'key' : keyPlace.replace('the key', 'key');
    return problem === null ? 'no key needed' : null;
  }
}
