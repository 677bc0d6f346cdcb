import type { Usage } from '#domain/review.ts';

/** One question to a model. The instructions are ours, the prompt holds untrusted text as data. */
export interface ModelRequest {
  /** Trusted: what the model is to be and to do. */
  readonly instructions: string;
  /** The question with the text it is about. Untrusted in part. */
  readonly prompt: string;
  /** JSON Schema the answer is to follow, asked for by the provider's own mechanism; absent where prose or edits are wanted. Every property is required and no other allowed, as strict modes demand. */
  readonly schema?: Readonly<Record<string, unknown>>;
  /** Tokens; the provider's own limit where absent. */
  readonly maxOutputTokens?: number;
}

/** Tokens are what the provider counted, null where it tells nothing. */
export interface ModelUsage {
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /** What the provider itself says it cost; null leaves it to the price table. */
  readonly costUsd: number | null;
}

/** Why the model stopped: of its own accord, at a token limit, because it refused, or untold. */
export type Finish = 'stop' | 'length' | 'refusal' | 'unknown';

export interface ModelAnswer {
  /** What the model wrote, unread; structured output as JSON text. At most `maxAnswerBytes`. */
  readonly text: string;
  readonly finish: Finish;
  /** The model that answered, as the provider names it. */
  readonly model: string;
  readonly usage: ModelUsage;
}

export interface AskContext {
  /** Aborts on cancellation and when the attempt's time is up: no process and no connection stays behind. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Tells what the answer has cost, whatever becomes of it; called where prices are known, not by the provider itself. */
  readonly spend?: (usage: Usage) => void;
}

/** What `koubou doctor` and `koubou reviewers` tell of a provider. */
export interface ProviderFacts {
  readonly id: string;
  readonly kind: 'agent' | 'http' | 'mock';
  /** Version of the agent's program, or the address that is asked; null where the program is missing. */
  readonly version: string | null;
  readonly model: string;
  /** How it is allowed to ask: 'key in OPENAI_API_KEY', 'login in ~/.codex/auth.json', 'no key needed'; null where nothing was found. */
  readonly login: string | null;
  /** Whether its processes cannot outlive the worker, and by what: 'bubblewrap', 'pid namespace', 'process group'; null for HTTP. */
  readonly jail: string | null;
  /** What is missing and what to do; null where it can be asked. */
  readonly problem: string | null;
}

/** Something that can be asked: an agent's command line, an HTTP interface, or the mock. */
export interface ModelProvider {
  readonly id: string;
  readonly kind: ProviderFacts['kind'];
  /**
   * Asks once; whoever calls decides on another attempt.
   *
   * Fails   Unavailable PROVIDER_* (429, 5xx, overloaded, cut stream, no connection; `retryAfterMs` where told)
   *         · Misconfigured PROVIDER_* (no program, no key, 401, 403, unknown model, context too small for any text)
   *         · TimedOut PROVIDER_TIMED_OUT · InvalidInput PROVIDER_PROMPT_TOO_LONG · Refused PROVIDER_REFUSED (safety filter)
   *         · UnreadableOutput PROVIDER_OUTPUT_TOO_LARGE, PROVIDER_ANSWER_* (no terminal event, unknown form) · the signal's reason
   */
  ask(request: ModelRequest, context: AskContext): Promise<ModelAnswer>;
  /** Nothing could be made of the answer to this question: it is not to be taken from memory again. */
  forget?(request: ModelRequest): Promise<void>;
  /** Looks without asking the model anything. Never fails. */
  facts(): Promise<ProviderFacts>;
}

/** No verdict and no improved text of 20 MB needs more; what is longer is cut off and an error. */
export const maxAnswerBytes = 8_000_000;
