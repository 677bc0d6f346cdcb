import type { IncomingMessage } from 'node:http';
import type { Principal } from '#mcp/principal.ts';
import type { Refusal } from './answers.ts';
import type { Places } from './places.ts';
import type { Principals } from './principals.ts';
import { challenge, isMetadataPath } from './resource-metadata.ts';

/** The one place that speaks MCP. */
export const endpoint = '/mcp';

export interface Gate {
  readonly places: Places;
  readonly principals: Principals;
  readonly publicUrl?: URL;
  readonly maxBodyBytes: number;
}

/** What becomes of a request, decided by its head alone. */
export type Admission =
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'metadata' }
  | { readonly kind: 'admitted'; readonly principal: Principal; readonly method: 'POST' | 'GET' | 'DELETE' };

/** Decides before a byte of the body is read: first where the request came from, then what it wants, then who it is. */
export function admit(request: IncomingMessage, gate: Gate): Admission {
  const { path, query } = targetOf(request.url ?? '/');
  const refusal = ofPlace(request, gate) ?? ofTarget(request, path, gate) ?? ofQuery(query);
  if (refusal !== null) return { kind: 'refused', refusal };
  if (path !== endpoint) return { kind: 'metadata' };
  const authorization = request.headers.authorization;
  const principal = gate.principals.find(authorization);
  if (principal === null) return { kind: 'refused', refusal: unknownCaller(gate, authorization) };
  const unreadable = request.method === 'POST' ? ofBody(request, gate) : null;
  if (unreadable !== null) return { kind: 'refused', refusal: unreadable };
  return { kind: 'admitted', principal, method: request.method as 'POST' | 'GET' | 'DELETE' };
}

function targetOf(url: string): { path: string; query: URLSearchParams } {
  const [path = '', ...query] = url.split('?');
  return { path, query: new URLSearchParams(query.join('?')) };
}

function ofPlace({ headers }: IncomingMessage, { places }: Gate): Refusal | null {
  if (!places.allowsHost(headers.host)) return { status: 403, message: 'This server is not called by that name (Host header). Use its own address, or start it with --public-url.' };
  if (!places.allowsOrigin(headers.origin)) return { status: 403, message: 'A page of that origin may not ask this server (Origin header).' };
  return null;
}

function ofTarget({ method }: IncomingMessage, path: string, { publicUrl }: Gate): Refusal | null {
  const isMetadata = publicUrl !== undefined && isMetadataPath(path, endpoint);
  if (path !== endpoint && !isMetadata) return { status: 404, message: `There is nothing here; MCP is spoken at ${endpoint}.` };
  const methods = isMetadata ? ['GET'] : ['GET', 'POST', 'DELETE'];
  if (methods.includes(method ?? '')) return null;
  return { status: 405, message: `Only ${methods.join(', ')} is understood here.`, headers: { Allow: methods.join(', ') } };
}

// Addresses are logged and kept by whatever they pass through.
function ofQuery(query: URLSearchParams): Refusal | null {
  const isToken = [...query.keys()].some((name) => /token|authorization|api[-_]?key/i.test(name));
  return isToken ? { status: 400, message: 'A token never belongs in an address. Send it as `Authorization: Bearer …`, and replace this one: it may have been logged.' } : null;
}

function unknownCaller({ publicUrl }: Gate, authorization: string | undefined): Refusal {
  const message = authorization === undefined
    ? 'A token is missing: send `Authorization: Bearer …`. The server printed where it is kept when it started.'
    : 'That token is not known here. The server printed where its tokens are kept when it started.';
  return { status: 401, message, headers: { 'WWW-Authenticate': challenge(publicUrl, { wasShown: authorization !== undefined }) } };
}

function ofBody({ headers }: IncomingMessage, { maxBodyBytes }: Gate): Refusal | null {
  if (!/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) return { status: 415, message: 'The body must be JSON (Content-Type: application/json).' };
  if (headers['content-encoding'] !== undefined) return { status: 415, message: 'The body must not be compressed.' };
  return Number(headers['content-length'] ?? 0) > maxBodyBytes ? tooLarge(maxBodyBytes) : null;
}

export function tooLarge(maxBodyBytes: number): Refusal {
  return { status: 413, message: `A request may have ${maxBodyBytes} bytes at most. Give the path of a large document instead of its text.` };
}
