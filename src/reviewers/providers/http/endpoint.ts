import { AppError } from '#domain/errors.ts';

/** The forms in which models are asked over HTTP; 'openai-compatible' is Chat Completions as LM Studio, Ollama, vLLM and OpenRouter speak it. */
export type HttpApi = 'openai' | 'anthropic' | 'google' | 'openai-compatible';

export interface HttpProviderOptions {
  /** The provider's name in settings and reports. */
  readonly id: string;
  readonly api: HttpApi;
  readonly model: string;
  /** 'https://host/v1': http or https, without user name, query or fragment. The vendor's own where absent; 'openai-compatible' has none. */
  readonly baseUrl?: string;
  /** The value itself; 'openai-compatible' may go without. */
  readonly apiKey?: string;
  /** Where the key came from, for messages: 'OPENAI_API_KEY'. */
  readonly apiKeyName?: string;
}

/** Who is asked, in the words that messages may use. */
export interface Callee {
  readonly id: string;
  readonly model: string;
  readonly address: string;
  /** 'the key in OPENAI_API_KEY' */
  readonly keyPlace: string;
}

export interface Endpoint extends Callee {
  /** Printable ASCII; absent where none is needed. */
  readonly apiKey?: string;
  /** Why it cannot be asked. */
  readonly problem: AppError | null;
}

export const noAddress = 'no address';

const usualAddresses: Readonly<Partial<Record<HttpApi, string>>> = {
  openai: 'https://api.openai.com/v1',
  anthropic: 'https://api.anthropic.com/v1',
  google: 'https://generativelanguage.googleapis.com/v1beta',
};

/** Settles where to ask and with what; `problem` is Misconfigured PROVIDER_ADDRESS, PROVIDER_NO_KEY or PROVIDER_KEY_UNUSABLE. */
export function endpointOf({ id, api, model, baseUrl, apiKey: given = '', apiKeyName }: HttpProviderOptions): Endpoint {
  const apiKey = given.trim();
  const address = addressOf(baseUrl ?? usualAddresses[api] ?? '');
  const keyPlace = apiKeyName === undefined ? 'its key' : `the key in ${apiKeyName}`;
  return { id, model, address: address ?? noAddress, keyPlace, ...(apiKey === '' ? {} : { apiKey }), problem: problemOf() };

  function problemOf(): AppError | null {
    if (address === null) return new AppError('Misconfigured', 'PROVIDER_ADDRESS', `The address of ${id} is missing or unusable: set its base_url to http(s)://host/path without user name, query and fragment.`);
    if (apiKey === '' && api !== 'openai-compatible') return new AppError('Misconfigured', 'PROVIDER_NO_KEY', `${id} cannot be asked without a key: set ${apiKeyName ?? 'it'} in the environment.`);
    if (!/^[\x21-\x7e]*$/.test(apiKey)) return new AppError('Misconfigured', 'PROVIDER_KEY_UNUSABLE', `${id} cannot be asked: ${keyPlace} holds spaces or characters that no key has. Set it anew.`);
    return null;
  }
}

function addressOf(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { protocol, username, password, search, hash, href } = new URL(url);
  return /^https?:$/.test(protocol) && [username, password, search, hash].every((part) => part === '') ? href.replace(/\/+$/, '') : null;
}
