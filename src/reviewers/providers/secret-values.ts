import { createValueRedactor, type Redact } from './redact-values.ts';

export interface SecretSources {
  /** The worker's own environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Those of the settings: `apiKeyEnv` names a variable that holds a key whatever it is called. */
  readonly providers?: Readonly<Record<string, { readonly apiKeyEnv?: string }>>;
  /** Addresses that may hold a password, such as the store's. */
  readonly addresses?: readonly string[];
}

/** Names by which programs know their keys: OPENAI_API_KEY, GH_TOKEN, ANTHROPIC_AUTH_TOKEN, TEMPORAL_TLS_CLIENT_KEY_DATA … */
const secretNames = /(?:^|_)(?:API_?KEY|KEY|KEY_DATA|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?)$/i;

/** Names that may stand for a file as well: SSL_KEY, GOOGLE_APPLICATION_CREDENTIALS. */
const maybePaths = /(?:^|_)(?:KEY|CREDENTIALS?)$/i;
const path = /^(?:~|\.{1,2})?\/[\w./@+-]*$/;

/** Placeholders such as 'lm-studio' and 'not-needed' are words that documents hold too. */
const longestWord = 20;
const shortestSecret = 8;

/**
 * Every value of the environment that must never be shown: keys, tokens, passwords, also those within addresses.
 * What looks like a word or a path is none.
 */
export function secretValues({ environment, providers = {}, addresses = [] }: SecretSources): string[] {
  const keyVariables = Object.values(providers).map(({ apiKeyEnv }) => apiKeyEnv);
  const keys = Object.entries(environment).flatMap(([name, value = '']) => {
    const isKey = keyVariables.includes(name) || (secretNames.test(name) && !(maybePaths.test(name) && path.test(value)));
    return isKey ? [value.trim()] : [];
  });
  const passwords = [...Object.values(environment), ...addresses].flatMap((value) => passwordOf(value ?? ''));
  return [...new Set([...keys, ...passwords].filter(isSecret))];
}

/** Hides all of them, wherever they stand. */
export function environmentRedactor(sources: SecretSources): Redact {
  return createValueRedactor(secretValues(sources));
}

function isSecret(value: string): boolean {
  return value.length >= longestWord || (value.length >= shortestSecret && /\d/.test(value) && /\D/.test(value));
}

function passwordOf(value: string): string[] {
  if (!value.includes('://') || !URL.canParse(value)) return [];
  const { password } = new URL(value);
  return password === '' ? [] : [...new Set([password, decoded(password)])];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
