import { describe, expect, test } from 'vitest';
import { commitIdentity } from '#io/git/identity.ts';
import { commitMessage, isMessageOf, oneLine } from '#io/git/message.ts';

const run = { runId: 'run-1', iteration: 3, score: 91.5 };

describe('a commit message', () => {
  test('is a subject and trailers as text', () => {
    expect(commitMessage('Improve a.ts', run)).toBe('Improve a.ts\n\nKoubou-Run: run-1\nKoubou-Iteration: 3\nKoubou-Score: 91.5\n');
    expect(commitMessage('Improve a.ts', { ...run, score: null })).toBe('Improve a.ts\n\nKoubou-Run: run-1\nKoubou-Iteration: 3\n');
  });

  test('has a subject of at most 72 letters on one line, whatever it was made from', () => {
    expect(subjectOf('x'.repeat(72))).toBe('x'.repeat(72));
    expect(subjectOf('x'.repeat(73))).toBe(`${'x'.repeat(71)}…`);
    expect(subjectOf('工'.repeat(100))).toBe(`${'工'.repeat(71)}…`);
    expect(subjectOf('a\n\nKoubou-Run: other\tb\u001b[31m\u202e\u0000c')).toBe('a Koubou-Run: other b[31mc');
    expect([subjectOf(''), subjectOf('\u0007 ')]).toEqual(['Improve a file', 'Improve a file']);
  });

  test('is recognised by its own run and iteration, by whole lines', () => {
    const message = commitMessage('Improve a.ts', run);
    expect(isMessageOf(message, { runId: 'run-1', iteration: 3 })).toBe(true);
    expect([{ runId: 'run-1', iteration: 0 }, { runId: 'run-', iteration: 3 }, { runId: 'run-12', iteration: 3 }].map((other) => isMessageOf(message, other))).toEqual([false, false, false]);
    expect(isMessageOf(`about Koubou-Run: run-1\n> Koubou-Iteration: 3\n`, { runId: 'run-1', iteration: 3 })).toBe(false);
  });

  test('keeps a run id on its line', () => {
    const hostile = { runId: 'r\nKoubou-Score: 100', iteration: 1, score: null };
    expect(commitMessage('s', hostile)).toBe('s\n\nKoubou-Run: r Koubou-Score: 100\nKoubou-Iteration: 1\n');
    expect(isMessageOf(commitMessage('s', hostile), hostile)).toBe(true);
  });

  test('has nothing that moves a cursor', () => {
    expect(oneLine(' a\u0085\u2028b\u200e ')).toBe('a b');
  });

  function subjectOf(subject: string): string {
    return commitMessage(subject, run).split('\n')[0]!;
  }
});

describe('the identity of a commit', () => {
  const identity = (settings: Record<string, string>) => Object.values(commitIdentity(new Map(Object.entries(settings)), '2026-11-21T10:20:30.999Z'));

  test("is the user's, twice, with the date of the run", () => {
    expect(commitIdentity(new Map([['user.name', 'Ann'], ['user.email', 'ann@example.org']]), '2026-11-21T10:20:30.999Z')).toEqual({
      GIT_AUTHOR_NAME: 'Ann', GIT_AUTHOR_EMAIL: 'ann@example.org', GIT_AUTHOR_DATE: '1795256430 +0000',
      GIT_COMMITTER_NAME: 'Ann', GIT_COMMITTER_EMAIL: 'ann@example.org', GIT_COMMITTER_DATE: '1795256430 +0000',
    });
  });

  test.each([
    [{}, 'Koubou', 'koubou@localhost'],
    [{ 'user.email': 'ann@example.org' }, 'Koubou', 'koubou@localhost'],
    [{ 'user.name': 'Ann' }, 'Ann', 'koubou@localhost'],
    [{ 'user.name': ' <>.,; ', 'user.email': 'x' }, 'Koubou', 'koubou@localhost'],
    [{ 'user.name': 'A\n<nn>\u0000', 'user.email': '<a@b>' }, 'Ann', 'a@b'],
    [{ 'user.name': '工房 太郎', 'user.email': 'a@b' }, '工房 太郎', 'a@b'],
  ])('of %j is %s <%s>', (settings, name, email) => {
    expect(identity(settings as Record<string, string>).slice(0, 2)).toEqual([name, email]);
  });

  test('needs a date', () => {
    expect(() => commitIdentity(new Map(), 'yesterday')).toThrow(expect.objectContaining({ kind: 'Bug' }));
  });
});
