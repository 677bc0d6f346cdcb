import { AppError } from '#domain/errors.ts';

/** GIT_AUTHOR_* and GIT_COMMITTER_* of a commit. */
export type IdentityEnvironment = Readonly<Record<string, string>>;

/**
 * Author and committer: the user's own identity from the settings, else Koubou's; the trailers name Koubou either way.
 *
 * In      at: ISO 8601, fixed by the workflow, so that every attempt makes the same commit
 */
export function commitIdentity(settings: ReadonlyMap<string, string>, at: string): IdentityEnvironment {
  const name = plain(settings.get('user.name'));
  const email = plain(settings.get('user.email'));
  const person = name === '' ? { name: 'Koubou', email: 'koubou@localhost' } : { name, email: email === '' ? 'koubou@localhost' : email };
  const date = `${secondsOf(at)} +0000`;
  return {
    GIT_AUTHOR_NAME: person.name,
    GIT_AUTHOR_EMAIL: person.email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: person.name,
    GIT_COMMITTER_EMAIL: person.email,
    GIT_COMMITTER_DATE: date,
  };
}

// git drops these too, and refuses a name of which nothing is left.
function plain(value: string | undefined): string {
  return (value ?? '').replace(/[\p{Cc}<>]/gu, '').replace(/^[\s.,:;"'\\]+|[\s.,:;"'\\]+$/g, '').slice(0, 200);
}

function secondsOf(at: string): number {
  const milliseconds = Date.parse(at);
  if (Number.isNaN(milliseconds)) throw new AppError('Bug', 'GIT_BAD_DATE', 'The date of a commit must be ISO 8601.');
  return Math.max(0, Math.floor(milliseconds / 1000));
}
