import { AppError, type ErrorKind } from '#domain/errors.ts';

/** Why there is no answer, whatever words an agent has for it. */
export type Fault = keyof typeof faults;

interface FaultRule {
  readonly kind: ErrorKind;
  readonly code: string;
  /** Follows the agent's name. */
  readonly says: string;
}

const faults = {
  rateLimited: { kind: 'Unavailable', code: 'PROVIDER_RATE_LIMITED', says: 'has been asked too often. Wait, or lower the rate of its queue.' },
  overloaded: { kind: 'Unavailable', code: 'PROVIDER_FAILED', says: 'has no capacity at the moment. Wait.' },
  cutOff: { kind: 'Unavailable', code: 'PROVIDER_CUT_OFF', says: 'lost its connection in the middle of the answer. Wait.' },
  unreachable: { kind: 'Unavailable', code: 'PROVIDER_UNREACHABLE', says: 'has no connection to its model. Check the network and the address.' },
  crashed: { kind: 'Unavailable', code: 'PROVIDER_CRASHED', says: 'ended by itself without finishing. Try again; check its installation if it stays so.' },
  timedOut: { kind: 'TimedOut', code: 'PROVIDER_TIMED_OUT', says: 'did not answer in time and was stopped. Wait, or raise the limit.' },
  notFound: { kind: 'Misconfigured', code: 'PROVIDER_NOT_FOUND', says: 'is not installed. Install it, put it on PATH or set its executable.' },
  notExecutable: { kind: 'Misconfigured', code: 'PROVIDER_NOT_EXECUTABLE', says: 'does not start. Check its program, or install it again.' },
  usage: { kind: 'Misconfigured', code: 'PROVIDER_USAGE', says: 'does not know an option or setting it was given. Install a version that is supported.' },
  noLogin: { kind: 'Misconfigured', code: 'PROVIDER_NO_KEY', says: 'has neither a key nor a login.' },
  loginRefused: { kind: 'Misconfigured', code: 'PROVIDER_UNAUTHORIZED', says: 'was not let in. Renew its key or login.' },
  quota: { kind: 'Misconfigured', code: 'PROVIDER_QUOTA', says: 'has used up its quota. Raise it, or wait until it is renewed.' },
  unknownModel: { kind: 'Misconfigured', code: 'PROVIDER_MODEL_UNKNOWN', says: 'does not know the model, or may not use it. Set another.' },
  rejected: { kind: 'Misconfigured', code: 'PROVIDER_BAD_REQUEST', says: 'had its request rejected. Check its model, its address and its version.' },
  promptTooLong: { kind: 'InvalidInput', code: 'PROVIDER_PROMPT_TOO_LONG', says: 'cannot take so long a text. Review a shorter one, or set a model with more context.' },
  refused: { kind: 'Refused', code: 'PROVIDER_REFUSED', says: 'did not want to answer: its safety rules forbid it.' },
  tooLarge: { kind: 'UnreadableOutput', code: 'PROVIDER_OUTPUT_TOO_LARGE', says: 'answered more than can be read and was stopped.' },
  noAnswer: { kind: 'UnreadableOutput', code: 'PROVIDER_ANSWER_MISSING', says: 'ended without an answer.' },
  invalidAnswer: { kind: 'UnreadableOutput', code: 'PROVIDER_ANSWER_INVALID', says: 'gave an answer that does not follow the schema.' },
  usedTools: { kind: 'UnreadableOutput', code: 'PROVIDER_ANSWER_USED_TOOLS', says: 'used a tool although it has none to use; its answer is not taken.' },
} satisfies Record<string, FaultRule>;

export interface FaultDetails {
  /** Of the agent, for people. */
  readonly agent: string;
  /** HTTP status, where one is known. */
  readonly status?: number | null;
  /** What to add for people, in our own words. */
  readonly hint?: string;
  readonly cause?: unknown;
  readonly retryAfterMs?: number;
}

/** Raised by the readers of adapters; the provider adds what only it knows. */
export class AgentFault extends Error {
  readonly fault: Fault;
  readonly status: number | null;
  readonly retryAfterMs: number | undefined;

  constructor(fault: Fault, details: { readonly status?: number | null; readonly retryAfterMs?: number | undefined } = {}) {
    super(fault);
    this.fault = fault;
    this.status = details.status ?? null;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** A fault in our own words: neither the model's nor the vendor's text is in the message. */
export function faultError(fault: Fault, { agent, status, hint, cause, retryAfterMs }: FaultDetails): AppError {
  const { kind, code, says } = faults[fault];
  const told = typeof status === 'number' ? ` The answer was HTTP ${status}.` : '';
  return new AppError(kind, code, `${agent} ${says}${told}${hint === undefined ? '' : ` ${hint}`}`, {
    ...(cause === undefined ? {} : { cause }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** The fault behind an HTTP status; a 400 says it only in its text. */
export function faultOfStatus(status: number, text: string): Fault {
  const named = faultOfText(text);
  if (named === 'quota') return named;
  if (status >= 500) return 'overloaded';
  return faultsByStatus[status] ?? named ?? 'rejected';
}

const faultsByStatus: Readonly<Record<number, Fault>> = { 401: 'loginRefused', 403: 'loginRefused', 404: 'unknownModel', 408: 'overloaded', 413: 'promptTooLong', 429: 'rateLimited' };

/** In the order in which they are looked for; lower case. */
const phrases: readonly (readonly [Fault, readonly string[]])[] = [
  ['quota', ['usage limit', 'insufficient_quota', 'quota exceeded', 'exceeded your current quota', 'credit balance', 'billing_', 'daily quota', 'perday', 'out of credits']],
  ['promptTooLong', ['context window', 'context_length_exceeded', 'prompt is too long', 'input token count', 'maximum context length', 'context length', 'input is too long', 'input_too_large', 'reduce context or compact']],
  ['refused', ['content_filter', 'content filter', 'safeguards flagged', 'cyber_policy', 'invalid_prompt', 'safety', 'prohibited_content']],
  ['loginRefused', ['api key not valid', 'api_key_invalid', 'invalid api key', 'incorrect api key', 'unauthorized', 'token_expired', 'refresh token', 'please log out and sign in', 'permission denied']],
  ['noLogin', ['not logged in', 'missing environment variable', 'please set an auth method', 'must specify the gemini_api_key', 'no authentication']],
  ['rateLimited', ['rate limit', 'too many requests', 'resource_exhausted', 'suggested retry after']],
  ['overloaded', ['high demand', 'overloaded', 'at capacity', 'unavailable', 'internal server error', 'server error']],
  ['cutOff', ['stream disconnected', 'stream closed', 'idle timeout', 'terminated', 'connection was lost', 'connection was closed', 'incomplete json', 'json parse error', 'is not valid json', 'stream ended', 'econnreset', 'error decoding response']],
  ['unreachable', ['connection failed', 'error sending request', 'fetch failed', 'econnrefused', 'enotfound', 'connection error', 'unable to connect', 'failed to connect', 'waiting for network']],
  ['unknownModel', ['model_not_found', 'model not found', 'is not found', 'does not exist', 'unknown model', 'not supported when using codex']],
];

/** The fault a vendor's or an agent's text speaks of; undefined where it says nothing we know. */
export function faultOfText(text: string): Fault | undefined {
  const words = text.slice(0, 20_000).toLowerCase();
  return phrases.find(([, known]) => known.some((phrase) => words.includes(phrase)))?.[0];
}

/** What the end of a process without an answer means. */
export function faultOfEnd({ exitCode, signal, stderr }: { readonly exitCode: number | null; readonly signal: string | null; readonly stderr: string }): Fault {
  const words = stderr.toLowerCase();
  if (optionErrors.some((phrase) => words.includes(phrase))) return 'usage';
  if (exitCode === 126 || exitCode === 127) return 'notExecutable';
  // A shell that waits for a program tells of a signal as 128 and its number.
  if (signal !== null || (exitCode ?? 0) > 128) return 'crashed';
  const named = faultOfText(stderr);
  return named !== undefined && toldByProcess.has(named) ? named : 'noAnswer';
}

const optionErrors = ['unexpected argument', 'unknown option', 'unknown argument', 'unknown configuration field', 'invalid value', 'unrecognized option'];
const toldByProcess = new Set<Fault>(['noLogin', 'loginRefused', 'unreachable', 'promptTooLong']);

/** The HTTP status a text tells of, as '401 Unauthorized', 'status: 429' or '"code":500'; null where none. */
export function statusInText(text: string): number | null {
  const found = /(?:status:? |"code":\s?|"status":\s?|\()([45]\d\d)\b/.exec(text.slice(0, 20_000));
  return found === null ? null : Number(found[1]);
}
