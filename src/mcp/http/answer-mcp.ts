import type { IncomingMessage, ServerResponse } from 'node:http';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { Principal } from '#mcp/principal.ts';
import { refuse, type Refusal } from './answers.ts';
import type { HttpLimits } from './limits.ts';
import type { RateLimit } from './rate-limit.ts';
import { readMessages, type Message } from './read-messages.ts';
import { openSession, type Session } from './session.ts';
import type { Sessions } from './sessions.ts';

/** One request of a known caller. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly principal: Principal;
  readonly method: 'POST' | 'GET' | 'DELETE';
}

export interface Desk {
  readonly sessions: Sessions;
  readonly rate: RateLimit;
  readonly limits: HttpLimits;
  readonly createServer: (principal: Principal) => McpServer;
}

/** Hands the request to its session, or opens one; whatever belongs to no session is refused here. */
export async function answerMcp(exchange: Exchange, desk: Desk): Promise<void> {
  const { request, response, principal, method } = exchange;
  const tooMany = limitRate(desk, principal, 1);
  if (tooMany !== null) return refuse(request, response, tooMany);
  const id = request.headers['mcp-session-id'];
  const session = typeof id === 'string' ? desk.sessions.find(id, principal) : undefined;
  // Clients begin anew at 404 and at no other status.
  if (session === null) return refuse(request, response, { status: 404, code: -32001, message: 'There is no such session. Begin a new one with `initialize`.' });
  if (method === 'POST') return post(exchange, desk, session);
  if (session === undefined) return refuse(request, response, missingSession);
  await session.handle(request, response);
}

const missingSession: Refusal = { status: 400, message: 'The Mcp-Session-Id header is missing. Begin with `initialize`; its answer carries one.' };

async function post({ request, response, principal }: Exchange, desk: Desk, known: Session | undefined): Promise<void> {
  const read = await readMessages(request, desk.limits);
  if (read.refusal !== null) return refuse(request, response, read.refusal);
  const refusal = limitRate(desk, principal, read.messages.length - 1) ?? (known === undefined && !isInitialize(read.messages) ? missingSession : null);
  if (refusal !== null) return refuse(request, response, refusal);
  const session = known ?? (await begin(principal, desk));
  if (session === null) return refuse(request, response, { status: 503, message: 'Too many sessions are open. Close some, or try again in a minute.', headers: { 'Retry-After': '60' } });
  await session.handle(request, response, read);
  // What was no valid `initialize` leaves nothing behind.
  if (known === undefined && response.statusCode >= 400) await session.close('');
}

function begin(principal: Principal, { sessions, limits, createServer }: Desk): Promise<Session | null> {
  return sessions.add(principal, () => openSession({ principal, createServer, keepAliveMs: limits.keepAliveMs, onClosed: (id) => sessions.forget(id) }));
}

function isInitialize(messages: readonly Message[]): boolean {
  return messages.length === 1 && messages[0]!.method === 'initialize';
}

function limitRate({ rate }: Desk, principal: Principal, calls: number): Refusal | null {
  const seconds = rate.take(principal.tenant ?? '', calls);
  return seconds === 0 ? null : { status: 429, message: `Too many calls at once. Try again in ${seconds} s.`, headers: { 'Retry-After': String(seconds) } };
}
