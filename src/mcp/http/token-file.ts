import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { AppError } from '#domain/errors.ts';
import { ensureDir, readSecretIfPresent, writeFileAtomic } from '#io/state-files.ts';
import { defaultTenant, type Principal } from '#mcp/principal.ts';
import type { TokenOf } from './principals.ts';

export interface LoadedTokens {
  readonly tokens: readonly TokenOf[];
  /** Where they came from, for people: the file, or the name of the variable. */
  readonly place: string;
  /** The token that was made just now, the one time it may be shown. */
  readonly generated?: string;
}

/** 256 bits. */
const tokenBytes = 32;
const leastLength = 16;

/** Whoever has the token of this user: works on the same runs as the command line. */
const owner: Principal = { tenant: defaultTenant };

/**
 * The tokens that clients may show: the one of KOUBOU_MCP_TOKEN, else those of `mcp-token` in the state folder, which is made
 * with one random token where there is none.
 *
 * In      a line of the file is a token, of the tenant that the command line works for, or `TENANT TOKEN`
 * Fails   Misconfigured MCP_TOKEN_WEAK, MCP_TOKEN_FILE_INVALID, STATE_FILE_OPEN
 */
export function loadTokens({ stateDir, fromEnvironment }: { readonly stateDir: string; readonly fromEnvironment: string | undefined }): LoadedTokens {
  if (fromEnvironment !== undefined && fromEnvironment !== '') {
    assertStrong(fromEnvironment, 'KOUBOU_MCP_TOKEN');
    return { tokens: [{ token: fromEnvironment, principal: owner }], place: 'KOUBOU_MCP_TOKEN' };
  }
  const file = join(stateDir, 'mcp-token');
  const text = readSecretIfPresent(file);
  if (text !== null) return { tokens: readTokens(text, file), place: file };
  const generated = randomBytes(tokenBytes).toString('base64url');
  ensureDir(stateDir, 0o700);
  writeFileAtomic(file, `${generated}\n`, 0o600);
  return { tokens: [{ token: generated, principal: owner }], place: file, generated };
}

function readTokens(text: string, file: string): TokenOf[] {
  const lines = text.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  const tokens = lines.map((line) => {
    const words = line.split(/\s+/);
    const [token, tenant] = words.toReversed();
    if (words.length > 2 || (tenant !== undefined && !/^[A-Za-z0-9._-]{1,64}$/.test(tenant))) throw invalid(file);
    assertStrong(token!, file);
    return { token: token!, principal: tenant === undefined ? owner : { tenant } };
  });
  const isTwice = new Set(tokens.map(({ token }) => token)).size < tokens.length;
  if (tokens.length === 0 || isTwice) throw invalid(file);
  return tokens;
}

function assertStrong(token: string, place: string): void {
  if (token.length >= leastLength && /^[\w.~+/=-]+$/.test(token)) return;
  throw new AppError('Misconfigured', 'MCP_TOKEN_WEAK', `${place} holds a token that is shorter than ${leastLength} characters or has others than letters, digits and . _ ~ + / = -. Make one with \`openssl rand -hex 32\`.`);
}

function invalid(file: string): AppError {
  return new AppError('Misconfigured', 'MCP_TOKEN_FILE_INVALID', `${file} must hold one token a line, each another one, with the tenant before it where it is not the usual one. Repair it, or remove it and a new one is made.`);
}
