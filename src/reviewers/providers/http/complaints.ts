import { AppError, type ErrorKind } from '#domain/errors.ts';
import type { Callee } from './endpoint.ts';

/** What a server holds against a request, in whichever words. */
export interface Complaint {
  /** HTTP's, or what an event in a stream stands for; null where untold. */
  readonly status: number | null;
  /** Codes and sentences; they decide what is meant and are shown nowhere. */
  readonly words: string;
  readonly retryAfterMs?: number;
}

interface Rule {
  readonly statuses?: (status: number | null) => boolean;
  readonly words?: RegExp;
  readonly kind: ErrorKind;
  readonly code: string;
  readonly message: (callee: Callee, status: string) => string;
}

const isClientError = (status: number | null): boolean => status === null || (status >= 400 && status < 500);
const is = (...statuses: readonly number[]) => (status: number | null): boolean => status !== null && statuses.includes(status);

/**
 * First match wins. Some servers give the status 500 to what is really about the request, and events in a stream often have none,
 * so the words of a limit, of a filter or of a schema count under every status that can mean them.
 */
const rules: readonly Rule[] = [
  {
    words: /insufficient_quota|billing_hard_limit|usage_limit_reached|billing_error|credit balance|insufficient (?:balance|credits|funds)|PerDay/i,
    kind: 'Misconfigured', code: 'PROVIDER_QUOTA',
    message: ({ id, keyPlace }, status) => `The quota or credit of ${id} is used up${status}: raise it for ${keyPlace}, or choose another provider.`,
  },
  {
    statuses: is(402), kind: 'Misconfigured', code: 'PROVIDER_QUOTA',
    message: ({ id, keyPlace }, status) => `${id} asks for payment${status}: raise the credit of ${keyPlace}, or choose another provider.`,
  },
  {
    words: /context[_ ](?:length|window|size|limit)|exceed_context|maximum context|prompt is too long|input length and|input token count|request_too_large|too many (?:input )?tokens/i,
    kind: 'InvalidInput', code: 'PROVIDER_PROMPT_TOO_LONG',
    message: ({ id, model }, status) => `The text is too long for model '${model}' of ${id}${status}: shorten it, or choose a model with a larger context.`,
  },
  {
    statuses: is(413), kind: 'InvalidInput', code: 'PROVIDER_PROMPT_TOO_LONG',
    message: ({ id }, status) => `The text is larger than ${id} takes${status}: shorten it, or choose another provider.`,
  },
  {
    statuses: isClientError, words: /content_filter|content_policy|ResponsibleAI|content management policy|flagged|usage polic|PROHIBITED_CONTENT/i,
    kind: 'Refused', code: 'PROVIDER_REFUSED',
    message: ({ id }, status) => `The safety filter of ${id} refused the text${status}: choose another provider, or change the text.`,
  },
  {
    statuses: (status) => status === null || is(400, 422, 500, 501)(status), words: /response_?format|text\.format|json_schema|json mode|structured.?output|output_config|response_?(?:json_?)?schema|grammar/i,
    kind: 'Misconfigured', code: 'PROVIDER_SCHEMA_REFUSED',
    message: ({ id, model }, status) => `Model '${model}' of ${id} takes no schema for its answer${status}: choose a model with structured output.`,
  },
  {
    statuses: is(401, 403), kind: 'Misconfigured', code: 'PROVIDER_UNAUTHORIZED',
    message: ({ id, model, keyPlace }, status) => `${id} does not accept ${keyPlace}${status}: set a valid one that may use model '${model}'.`,
  },
  {
    statuses: isClientError, words: /authentication_error|invalid_api_key|api_key_invalid|api key not valid|permission_error/i, kind: 'Misconfigured', code: 'PROVIDER_UNAUTHORIZED',
    message: ({ id, model, keyPlace }, status) => `${id} does not accept ${keyPlace}${status}: set a valid one that may use model '${model}'.`,
  },
  {
    statuses: is(404), kind: 'Misconfigured', code: 'PROVIDER_MODEL_UNKNOWN',
    message: ({ id, model, address }, status) => `${id} does not know model '${model}' at ${address}${status}: check the model's name and the address.`,
  },
  {
    statuses: isClientError, words: /model_not_(?:found|available)|(?:invalid|unknown) model|not a valid model|model\b.{0,200}(?:does not exist|not found)/i, kind: 'Misconfigured', code: 'PROVIDER_MODEL_UNKNOWN',
    message: ({ id, model, address }, status) => `${id} does not know model '${model}' at ${address}${status}: check the model's name and the address.`,
  },
  {
    statuses: (status) => status === 429 || status === null, words: /rate_?limit|too_?many_?requests|resource_exhausted/i, kind: 'Unavailable', code: 'PROVIDER_RATE_LIMITED',
    message: ({ id }, status) => `${id} limits how often it is asked${status}: wait, or lower the rate for this provider.`,
  },
  {
    statuses: is(429), kind: 'Unavailable', code: 'PROVIDER_RATE_LIMITED',
    message: ({ id }, status) => `${id} limits how often it is asked${status}: wait, or lower the rate for this provider.`,
  },
  {
    statuses: (status) => status !== null && status >= 300 && status < 400, kind: 'Misconfigured', code: 'PROVIDER_ADDRESS',
    message: ({ id, address }, status) => `${address} sends on to another address${status}, where no key is sent: set the base_url of ${id} to the address itself.`,
  },
  {
    statuses: (status) => status === null || status >= 500 || is(408, 409, 425)(status), kind: 'Unavailable', code: 'PROVIDER_FAILED',
    message: ({ id }, status) => `${id} failed or is overloaded${status}: try again later.`,
  },
  {
    kind: 'Misconfigured', code: 'PROVIDER_BAD_REQUEST',
    message: ({ id, model, address }, status) => `${id} did not take the request${status}: check that ${address} speaks this interface and that model '${model}' can be asked so.`,
  },
];

/** The error a complaint stands for; its message holds nothing the server wrote. */
export function errorOf(complaint: Complaint, callee: Callee): AppError {
  const rule = rules.find(({ statuses, words }) => (statuses?.(complaint.status) ?? true) && (words?.test(complaint.words) ?? true))!;
  const message = rule.message(callee, complaint.status === null ? '' : ` (HTTP ${complaint.status})`);
  return new AppError(rule.kind, rule.code, message, complaint.retryAfterMs === undefined ? {} : { retryAfterMs: complaint.retryAfterMs });
}

const tellingKeys = new Set(['error', 'response', 'code', 'type', 'status', 'message', 'reason', 'detail', 'details', 'violations', 'quotaId', 'innererror', 'metadata', 'raw']);

/** Codes and sentences of an error in any vendor's form, at most 4000 units. */
export function wordsOf(value: unknown): string {
  return collect(value, 0).join(' ').slice(0, 4000);
}

function collect(value: unknown, depth: number): string[] {
  if (typeof value === 'string') return [value.slice(0, 1000)];
  if (typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null || depth > 6) return [];
  if (Array.isArray(value)) return value.flatMap((item) => collect(item, depth + 1));
  return Object.entries(value).flatMap(([key, part]) => (tellingKeys.has(key) ? collect(part, depth + 1) : []));
}
