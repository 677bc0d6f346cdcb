import type { Principal } from '#mcp/principal.ts';
import type { HttpLimits } from './limits.ts';
import type { Session } from './session.ts';

/** The sessions of one host. */
export interface Sessions {
  readonly count: number;
  /** Another principal's session is as unknown as one that never was. */
  find(id: string, principal: Principal): Session | null;
  /** Null where no room can be made for the principal: `open` was not called then. */
  add(principal: Principal, open: () => Promise<Session>): Promise<Session | null>;
  forget(id: string): void;
  /** Ends what has been idle for too long. */
  reap(): Promise<void>;
  close(reason: string): Promise<void>;
}

export function createSessions({ maxSessions, sessionIdleMs, sessionSettledMs }: Pick<HttpLimits, 'maxSessions' | 'sessionIdleMs' | 'sessionSettledMs'>): Sessions {
  const sessions = new Map<string, Session>();
  let opening = 0;
  const end = async (session: Session, reason: string): Promise<void> => {
    sessions.delete(session.id);
    await session.close(reason);
  };
  const endAll = async (ending: readonly Session[], reason: string): Promise<void> => {
    await Promise.all(ending.map((session) => end(session, reason)));
  };
  const makeRoom = async (principal: Principal): Promise<boolean> => {
    if (sessions.size + opening < maxSessions) return true;
    const leaving = leavingOf([...sessions.values()], principal, sessionSettledMs);
    if (leaving === null) return false;
    await end(leaving, 'The session made room for another one. Call again.');
    return true;
  };
  return {
    get count() {
      return sessions.size;
    },
    find: (id, principal) => {
      const session = sessions.get(id);
      return session !== undefined && session.principal === principal ? session : null;
    },
    add: async (principal, open) => {
      if (!(await makeRoom(principal))) return null;
      opening += 1;
      const session = await open().finally(() => {
        opening -= 1;
      });
      sessions.set(session.id, session);
      return session;
    },
    forget: (id) => void sessions.delete(id),
    reap: () => endAll([...sessions.values()].filter((session) => idleFor(session) >= sessionIdleMs), 'The session was idle for too long.'),
    close: (reason) => endAll([...sessions.values()], reason),
  };
}

function leavingOf(sessions: readonly Session[], principal: Principal, settledMs: number): Session | null {
  const byIdleness = sessions.toSorted((a, b) => idleFor(b) - idleFor(a));
  const [longest] = byIdleness;
  return longest !== undefined && idleFor(longest) >= settledMs ? longest : crowding(byIdleness, principal);
}

// Nobody keeps others out by opening more sessions than they have: an idle one of his makes room, however fresh.
function crowding(byIdleness: readonly Session[], principal: Principal): Session | null {
  const counts = new Map<Principal, number>();
  for (const { principal: owner } of byIdleness) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  const held = (owner: Principal): number => counts.get(owner) ?? 0;
  const [most] = byIdleness.filter((session) => !session.isBusy()).toSorted((a, b) => held(b.principal) - held(a.principal));
  return most !== undefined && held(most.principal) > held(principal) + 1 ? most : null;
}

function idleFor(session: Session): number {
  return session.isBusy() ? 0 : performance.now() - session.usedAt();
}
