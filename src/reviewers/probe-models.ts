import { summarizeError } from '#domain/errors.ts';
import { createProviders, type ProviderSources } from './providers/create-providers.ts';
import type { ModelProvider } from './providers/provider.ts';
import { environmentRedactor } from './providers/secret-values.ts';
import { withoutSecrets } from './providers/without-secrets.ts';

/** What came of one short question. */
export interface ProbeAnswer {
  readonly durationMs: number;
  /** Of question and answer, as the provider counted them; null where it does not. */
  readonly tokens: number | null;
  /** Why there was no answer; null where there was one. */
  readonly error: string | null;
}

/** The least that every vendor takes as a limit. Tokens. */
const shortestAnswer = 16;
/** A local model may have to be loaded first. */
export const probeMs = 60_000;

/** Asks every model that can be asked for one word, all at once; by id. It costs a few tokens each. Never fails. */
export async function probeModels(sources: ProviderSources, timeoutMs: number = probeMs): Promise<Readonly<Record<string, ProbeAnswer>>> {
  const redact = environmentRedactor({ environment: sources.environment, providers: sources.settings.providers });
  const probes = createProviders(sources).map(async ({ provider }) => {
    const { problem } = await provider.facts();
    return problem === null ? [[provider.id, await probe(withoutSecrets(provider, redact), timeoutMs)] as const] : [];
  });
  return Object.fromEntries((await Promise.all(probes)).flat());
}

async function probe(provider: ModelProvider, timeoutMs: number): Promise<ProbeAnswer> {
  const started = performance.now();
  const durationMs = (): number => Math.round(performance.now() - started);
  try {
    const request = { instructions: 'Answer with one word and nothing else.', prompt: 'Answer: ok', maxOutputTokens: shortestAnswer };
    const { usage } = await provider.ask(request, { signal: AbortSignal.timeout(timeoutMs), timeoutMs });
    const tokens = usage.inputTokens === null && usage.outputTokens === null ? null : (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0);
    return { durationMs: durationMs(), tokens, error: null };
  } catch (error) {
    const { code, message } = summarizeError(error);
    const isLate = error instanceof DOMException && error.name === 'TimeoutError';
    return { durationMs: durationMs(), tokens: null, error: isLate ? `It did not answer within ${timeoutMs / 1_000} s.` : `${message} [${code}]` };
  }
}
