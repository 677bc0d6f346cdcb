import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { diffBase } from '#io/git/diff-base.ts';
import { findRepository } from '#io/git/repository.ts';
import { makeRepository, type TestRepository } from '#test/support/git-repository.ts';
import { makeScratch, type Scratch } from '#test/support/scratch.ts';

let scratch: Scratch;
let repository: TestRepository;
let first: string;
beforeEach(() => {
  scratch = makeScratch('base');
  repository = makeRepository(scratch.root);
  first = repository.commitAll('first');
});
afterEach(() => scratch.remove());

const base = async (given?: string) => diffBase((await findRepository(scratch.root, '.'))!, given);

describe('without a base', () => {
  test('the default branch of origin comes first, then main, then master, from where HEAD parted', async () => {
    const seen = [];
    repository.git('branch', '-m', 'master');
    repository.git('checkout', '-q', '-b', 'side');
    repository.commitAll('second');
    seen.push(await base());
    repository.git('branch', 'main', first);
    seen.push(await base());
    repository.git('update-ref', 'refs/remotes/origin/trunk', 'HEAD');
    repository.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/trunk');
    seen.push(await base());
    expect(seen).toEqual([{ name: 'master', id: first }, { name: 'main', id: first }, { name: 'origin/trunk', id: repository.id('HEAD') }]);
  });

  test('HEAD itself where there is no default branch, and nothing where there is no commit', async () => {
    repository.git('branch', '-m', 'elsewhere');
    expect(await base()).toEqual({ name: 'HEAD', id: first });
    repository.git('checkout', '-q', '--orphan', 'empty');
    expect(await base()).toEqual({ name: 'nothing', id: '4b825dc642cb6eb9a060e54bf8d69288fbee4904' });
  });
});

describe('with a base', () => {
  test('it is that commit, by branch, tag, id or number of steps back', async () => {
    repository.git('tag', 'v1');
    const second = repository.commitAll('second');
    expect(await Promise.all(['v1', 'HEAD~1', first.slice(0, 10), 'main'].map((name) => base(name)))).toEqual([
      { name: 'v1', id: first }, { name: 'HEAD~1', id: first }, { name: first.slice(0, 10), id: first }, { name: 'main', id: second },
    ]);
  });

  test('what is no commit is GIT_BAD_REF', async () => {
    const tree = repository.id('HEAD^{tree}');
    for (const name of [tree, 'nowhere', '0'.repeat(40)]) await expect(base(name)).rejects.toMatchObject({ code: 'GIT_BAD_REF' });
  });
});
