import type { LanguageModel } from 'ai';
import type { Endpoint, HttpApi } from './endpoint.ts';

/** What one question is put to. */
export type Model = Exclude<LanguageModel, string>;

type Connect = (endpoint: Endpoint, fetch: typeof globalThis.fetch) => Promise<Model>;

/**
 * Each library is loaded when it is first asked through. Address and key are always given, since the libraries would look for
 * missing ones in the environment.
 */
export const connections: Readonly<Record<HttpApi, Connect>> = {
  openai: async ({ address, apiKey = '', model }, fetch) => {
    const { createOpenAI } = await import('@ai-sdk/openai');
    return createOpenAI({ baseURL: address, apiKey, fetch }).responses(model);
  },
  anthropic: async ({ address, apiKey = '', model }, fetch) => {
    const { createAnthropic } = await import('@ai-sdk/anthropic');
    return createAnthropic({ baseURL: address, apiKey, fetch }).languageModel(model);
  },
  google: async ({ address, apiKey = '', model }, fetch) => {
    const { createGoogleGenerativeAI } = await import('@ai-sdk/google');
    return createGoogleGenerativeAI({ baseURL: address, apiKey, fetch }).languageModel(model);
  },
  'openai-compatible': async ({ address, apiKey = '', model }, fetch) => {
    const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
    return createOpenAICompatible({ name: 'compatible', baseURL: address, apiKey, fetch, includeUsage: true, supportsStructuredOutputs: true }).chatModel(model);
  },
};
