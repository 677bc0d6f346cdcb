import { createHash, timingSafeEqual } from 'node:crypto';
import type { Principal } from '#mcp/principal.ts';

/** Who may call, by the SHA-256 of what they show: two digests are always of one length. */
export interface Principals {
  /** Whose token an Authorization header carries; null for none, for another scheme and for a wrong one. */
  find(authorization: string | undefined): Principal | null;
}

export interface TokenOf {
  readonly token: string;
  readonly principal: Principal;
}

/** The time that `find` takes says nothing of how much of a token was right, nor of which token it was. */
export function createPrincipals(tokens: readonly TokenOf[]): Principals {
  const known = tokens.map(({ token, principal }) => ({ digest: digestOf(token), principal }));
  return {
    find: (authorization = '') => {
      const [, shown] = /^Bearer +([\w.~+/=-]{1,4096}) *$/i.exec(authorization) ?? [];
      if (shown === undefined) return null;
      const digest = digestOf(shown);
      let found: Principal | null = null;
      for (const one of known) found = timingSafeEqual(one.digest, digest) ? one.principal : found;
      return found;
    },
  };
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
