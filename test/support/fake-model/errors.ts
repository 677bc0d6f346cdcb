import type { Reply, Wire } from './script.ts';

const anthropicTypes: Readonly<Record<number, string>> = {
  400: 'invalid_request_error', 401: 'authentication_error', 403: 'permission_error', 404: 'not_found_error', 413: 'request_too_large', 429: 'rate_limit_error', 500: 'api_error', 529: 'overloaded_error',
};
const googleStatuses: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT', 401: 'UNAUTHENTICATED', 403: 'PERMISSION_DENIED', 404: 'NOT_FOUND', 429: 'RESOURCE_EXHAUSTED', 500: 'INTERNAL', 503: 'UNAVAILABLE',
};
const openaiCodes: Readonly<Record<number, string>> = { 400: 'invalid_request', 401: 'invalid_api_key', 404: 'model_not_found', 429: 'rate_limit_exceeded', 500: 'server_error' };

/** The body of an HTTP error in the words of its vendor. */
export function errorBody(wire: Wire, status: number, reply: Reply): unknown {
  const message = reply.message ?? `scripted error ${status}`;
  const code = reply.code ?? codesOf(wire)[status];
  if (wire === 'anthropic') return { type: 'error', error: { type: code ?? 'api_error', message }, request_id: 'req_scripted' };
  if (wire === 'google') return { error: { code: status, message, status: code ?? 'UNKNOWN', details: [] } };
  return { error: { message, type: code ?? 'invalid_request_error', param: null, code: code ?? null } };
}

function codesOf(wire: Wire): Readonly<Record<number, string>> {
  if (wire === 'anthropic') return anthropicTypes;
  return wire === 'google' ? googleStatuses : openaiCodes;
}
