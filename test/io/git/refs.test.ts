import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { AppError } from '#domain/errors.ts';
import { changedSince } from '#io/git/candidates.ts';
import { commitFile } from '#io/git/commit.ts';
import { checkRevision, isObjectId } from '#io/git/refs.ts';
import { attack } from '#test/support/attacks.ts';

const nowhere = '/nonexistent/koubou';

describe('the name of a commit', () => {
  test.each(['main', 'feature/#12 (x)'.replace(' ', '-'), 'v1.0', 'HEAD~3', 'main^2', 'main@{1}', 'stash@{0}', '日本語', 'a,b&c', '0123abc'])('may be %j', (name) => {
    expect(checkRevision(name)).toBe(name);
  });

  test.each(['', '-x', '--output=x', 'a..b', 'a...b', 'a b', 'a\nb', 'a\u0000b', 'HEAD:x', ':/fix', 'a?', 'a*', 'a[1]', 'a\\b', 'a\u202eb', 'x'.repeat(256)])('may not be %j', (name) => {
    expect(() => checkRevision(name)).toThrow(expect.objectContaining({ kind: 'InvalidInput', code: 'GIT_BAD_REF' }));
  });

  test('an id has 40 or 64 digits', () => {
    expect([isObjectId('a'.repeat(40)), isObjectId('0'.repeat(64)), isObjectId('a'.repeat(41)), isObjectId('A'.repeat(40)), isObjectId('')]).toEqual([true, true, false, false, false]);
  });

  test('what git takes for a branch is never refused by letters alone', () => {
    for (const name of ['a', 'a/b', 'a.b', 'a-b', 'a@b', 'a{b', 'a=b', 'a!b', "a'b", 'a"b', 'a|b', 'a<b', 'a;b', 'a$b', 'a`b']) {
      execFileSync('git', ['check-ref-format', '--branch', name], { stdio: 'ignore' });
      expect(checkRevision(name)).toBe(name);
    }
  });
});

describe('before git or the disk is touched', () => {
  test.each(['git-01', 'git-03'])('%s: a hostile base is GIT_BAD_REF', async (id) => {
    const { ref } = attack(id).input as { ref: string };
    expect(await codeOf(changedSince({ root: nowhere, base: ref }))).toBe('GIT_BAD_REF');
  });

  test('git-05: so is a hostile branch, or a head that is no id', async () => {
    const { branch } = attack('git-05').input as { branch: string };
    const base = { branch: 'main', head: null, blob: null };
    const request = { root: nowhere, path: 'x.md', original: null, content: new Uint8Array(), run: { runId: 'r', iteration: 1, score: 1 }, subject: 's', at: '2026-11-21T00:00:00Z' };
    expect(await codeOf(commitFile({ ...request, base: { ...base, branch } }))).toBe('GIT_BAD_REF');
    expect(await codeOf(commitFile({ ...request, base: { ...base, head: '--output=x' } }))).toBe('GIT_BAD_REF');
    expect(await codeOf(commitFile({ ...request, base }))).toBe('ROOT_NOT_FOUND');
  });
});

async function codeOf(outcome: Promise<unknown>): Promise<string> {
  return outcome.then(() => 'none', (error: unknown) => (error instanceof AppError ? error.code : String(error)));
}
