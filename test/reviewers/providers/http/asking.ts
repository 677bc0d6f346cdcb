import { AppError, type ErrorKind } from '#domain/errors.ts';
import type { HttpApi, HttpProviderOptions } from '#reviewers/providers/http/endpoint.ts';
import { createHttpProvider } from '#reviewers/providers/http/http-provider.ts';
import type { ModelAnswer, ModelProvider, ModelRequest } from '#reviewers/providers/provider.ts';

export const apis: readonly HttpApi[] = ['openai', 'anthropic', 'google', 'openai-compatible'];
export const key = 'sk-Secret/Key+0123456789';
export const prompt = 'The text under review speaks of Rumpelstiltskin.';
export const schema = { type: 'object', properties: { score: { type: 'number' } }, required: ['score'], additionalProperties: false } as const;

/** Each form below the path under which a server has it. */
export function providerAt(api: HttpApi, origin: string, options: Partial<HttpProviderOptions> = {}): ModelProvider {
  return createHttpProvider({ id: api, api, model: 'some-model', baseUrl: `${origin}/${api === 'google' ? 'v1beta' : 'v1'}`, apiKey: key, apiKeyName: 'SOME_API_KEY', ...options });
}

export function ask(provider: ModelProvider, request: Partial<ModelRequest> = {}, signal = AbortSignal.timeout(10_000)): Promise<ModelAnswer> {
  return provider.ask({ instructions: 'Judge what follows.', prompt, ...request }, { signal, timeoutMs: 10_000 });
}

export interface Told {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly message: string;
  readonly retryAfterMs?: number;
}

/** What an ask fails with; a success or another error fails the test. */
export async function failureOf(asking: Promise<unknown>): Promise<Told> {
  const outcome: unknown = await asking.catch((error: unknown) => error);
  if (!(outcome instanceof AppError)) throw new Error('no AppError', { cause: outcome });
  const { kind, code, message, retryAfterMs } = outcome;
  return { kind, code, message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

export async function codeOf(asking: Promise<unknown>): Promise<string> {
  const { kind, code } = await failureOf(asking);
  return `${kind} ${code}`;
}
