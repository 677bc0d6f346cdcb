import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { changedSince, listCandidates } from '#io/git/candidates.ts';
import { makeRepository, type TestRepository } from '#test/support/git-repository.ts';
import { makeScratch, type Scratch } from '#test/support/scratch.ts';

let scratch: Scratch;
beforeEach(() => {
  scratch = makeScratch('candidates');
});
afterEach(() => scratch.remove());

const list = async (directory = '.', root = scratch.root) => (await listCandidates({ root, directory }))?.files ?? null;
const put = (...files: string[]) => files.forEach((file) => scratch.put(file, `${file}\n`));

describe('the files of a folder', () => {
  test('in a repository are those that git does not ignore, tracked or not', async () => {
    const repository = makeRepository(scratch.root);
    put('a.ts', 'src/b.ts', 'gone.ts', 'build/out.ts', 'src/.hidden/c.ts', 'src/secret.md', 'node_modules/x/index.js');
    repository.write('.gitignore', 'build/\nsecret.md\n');
    repository.git('add', '-A');
    repository.git('add', '-f', 'node_modules');
    repository.git('commit', '-q', '-m', 'base');
    put('src/new.ts', 'name with space.md', '工房.md');
    rmSync(path.join(scratch.root, 'gone.ts'));
    symlinkSync('a.ts', path.join(scratch.root, 'link.ts'));
    expect(await list()).toEqual(['.gitignore', 'a.ts', 'name with space.md', 'src/.hidden/c.ts', 'src/b.ts', 'src/new.ts', '工房.md']);
    expect([await list('src'), await list('.', path.join(scratch.root, 'src'))]).toEqual([['src/.hidden/c.ts', 'src/b.ts', 'src/new.ts'], ['.hidden/c.ts', 'b.ts', 'new.ts']]);
  });

  test('in a repository below the root are those of that repository', async () => {
    const inner = makeRepository(path.join(scratch.root, 'inner'));
    inner.write('.gitignore', 'out\n');
    inner.write('x.ts', '');
    inner.write('out/y.ts', '');
    expect(await list('inner')).toEqual(['inner/.gitignore', 'inner/x.ts']);
  });

  test('without a repository are all but node_modules and folders with a dot', async () => {
    put('b.ts', 'a/c.ts', '.env.ts', '.cache/x.ts', 'a/node_modules/y.ts', 'a/.git.ts');
    mkdirSync(path.join(scratch.root, 'empty'));
    symlinkSync('a', path.join(scratch.root, 'linked'));
    execFileSync('mkfifo', [path.join(scratch.root, 'pipe.ts')]);
    expect([await list(), await list('a'), await list('empty')]).toEqual([['.env.ts', 'a/.git.ts', 'a/c.ts', 'b.ts'], ['a/.git.ts', 'a/c.ts'], []]);
  });

  test('are none of a file or of nothing, and a path outside is refused', async () => {
    put('a.ts');
    expect([await list('a.ts'), await list('none')]).toEqual([null, null]);
    await expect(list('..')).rejects.toMatchObject({ code: 'PATH_TRAVERSAL' });
    symlinkSync(scratch.outside, path.join(scratch.root, 'out'));
    await expect(list('out')).rejects.toMatchObject({ code: 'PATH_SYMLINK' });
    await expect(list('.', path.join(scratch.root, 'nowhere'))).rejects.toMatchObject({ code: 'ROOT_NOT_FOUND' });
  });

  test.each([['in a repository', true], ['without one', false]])('%s are told apart from those whose name is refused, each with the reason', async (_, isRepository) => {
    if (isRepository) makeRepository(scratch.root);
    put('a.ts', '-rf.ts', 'ab:c.ts', 'sub/x\u202Ey.ts', 'node_modules/never/told.js');
    const bytes = (name: string): Buffer => Buffer.concat([Buffer.from(`${scratch.root}/`), Buffer.from(name, 'latin1')]);
    writeFileSync(bytes('bad\xff.py'), 'x = 1\n');
    mkdirSync(bytes('dir\xff'));
    writeFileSync(bytes('dir\xff/z.py'), 'x = 1\n');
    const found = await listCandidates({ root: scratch.root, directory: '.' });
    expect(found?.files).toEqual(['a.ts']);
    expect(found?.refused).toEqual([
      { path: '-rf.ts', because: "its name is refused: a name must not begin with '-'" },
      { path: 'ab:c.ts', because: "its name is refused: device names, ':', '~1' and a dot or space at a name's end mean other files on some systems" },
      { path: 'bad\uFFFD.py', because: 'its name is not UTF-8' },
      { path: isRepository ? 'dir\uFFFD/z.py' : 'dir\uFFFD', because: 'its name is not UTF-8' },
      { path: 'sub/x\u202Ey.ts', because: 'its name is refused: control, invisible, bidirectional or ill-formed characters are not allowed' },
    ]);
  });

  test('are refused when there are too many', async () => {
    put('a.ts', 'b.ts', 'c.ts');
    expect((await listCandidates({ root: scratch.root, directory: '.', limit: 3 }))?.files).toHaveLength(3);
    await expect(listCandidates({ root: scratch.root, directory: '.', limit: 2 })).rejects.toMatchObject({
      kind: 'InvalidInput', code: 'FOLDER_TOO_LARGE', message: expect.stringContaining('more than 2 files'),
    });
  });
});

describe('changed lines', () => {
  let repository: TestRepository;
  const since = (base?: string, root = scratch.root) => changedSince({ root, ...(base === undefined ? {} : { base }) });
  const changed = async (...given: Parameters<typeof since>) => (await since(...given)).files;
  const lines = (count: number, change: Record<number, string> = {}) => Array.from({ length: count }, (_, index) => change[index + 1] ?? `line ${index + 1}`).join('\n');
  beforeEach(() => {
    repository = makeRepository(scratch.root);
    repository.write('a.ts', lines(20));
    repository.write('sub/b.ts', lines(5));
    repository.write('gone.ts', 'x\n');
    repository.write('p.bin', new Uint8Array([0, 1, 2]));
    repository.commitAll();
  });

  test('are those of commits, of the index, of the working tree and of new files together', async () => {
    repository.git('checkout', '-q', '-b', 'side');
    repository.write('a.ts', lines(20, { 3: 'committed' }));
    repository.commitAll('on the side');
    repository.write('sub/b.ts', lines(5, { 5: 'staged' }));
    repository.git('add', 'sub/b.ts');
    repository.write('a.ts', lines(20, { 3: 'committed', 10: 'changed', 11: 'changed too' }));
    repository.write('sub/new file.md', 'one\ntwo\n');
    repository.write('empty.md', '');
    repository.write('p.bin', new Uint8Array([0, 3]));
    repository.write('new.bin', new Uint8Array([0, 3]));
    rmSync(path.join(scratch.root, 'gone.ts'));
    expect(await changed()).toEqual([
      { path: 'a.ts', lines: [[3, 3], [10, 11]] },
      { path: 'sub/b.ts', lines: [[5, 5]] },
      { path: 'sub/new file.md', lines: [[1, 2]] },
    ]);
    expect(await changed('HEAD')).toEqual([
      { path: 'a.ts', lines: [[10, 11]] },
      { path: 'sub/b.ts', lines: [[5, 5]] },
      { path: 'sub/new file.md', lines: [[1, 2]] },
    ]);
    expect(await changed('main', path.join(scratch.root, 'sub'))).toEqual([
      { path: 'b.ts', lines: [[5, 5]] },
      { path: 'new file.md', lines: [[1, 2]] },
    ]);
  });

  test('leave out what a filter makes, links, and what git ignores, whatever its settings say', async () => {
    repository.write('.gitattributes', '*.lfs filter=lfs\n');
    repository.write('x.lfs', 'pointer\n');
    repository.commitAll('with a filter');
    repository.git('config', 'filter.lfs.clean', 'false');
    repository.git('config', 'diff.noprefix', 'true');
    repository.git('config', 'color.ui', 'always');
    repository.git('config', 'diff.mnemonicPrefix', 'true');
    repository.write('x.lfs', 'changed\n');
    repository.write('.gitignore', 'ignored.md\n');
    repository.write('ignored.md', 'x\n');
    rmSync(path.join(scratch.root, 'a.ts'));
    symlinkSync('sub/b.ts', path.join(scratch.root, 'a.ts'));
    expect(await changed()).toEqual([{ path: '.gitignore', lines: [[1, 1]] }]);
    expect(readFileSync(path.join(scratch.root, 'x.lfs'), 'utf8')).toBe('changed\n');
  });

  test('of files whose name is refused are told apart, each with the reason', async () => {
    repository.write('ab:c.ts', 'x\n');
    repository.commitAll('a name of old');
    repository.write('ab:c.ts', 'y\n');
    repository.write('-new.ts', 'x\n');
    repository.write('a.ts', lines(20, { 1: 'changed' }));
    const file = Buffer.concat([Buffer.from(`${scratch.root}/`), Buffer.from('bad\xff.py', 'latin1')]);
    writeFileSync(file, 'x = 1\n');
    expect(await since()).toEqual({
      files: [{ path: 'a.ts', lines: [[1, 1]] }],
      refused: [
        { path: '-new.ts', because: "its name is refused: a name must not begin with '-'" },
        { path: 'ab:c.ts', because: "its name is refused: device names, ':', '~1' and a dot or space at a name's end mean other files on some systems" },
        { path: 'bad\uFFFD.py', because: 'its name is not UTF-8' },
      ],
    });
  });

  test('are all lines in a repository without a commit', async () => {
    makeRepository(path.join(scratch.outside, 'fresh')).write('x.md', 'a\nb');
    expect(await changed(undefined, path.join(scratch.outside, 'fresh'))).toEqual([{ path: 'x.md', lines: [[1, 2]] }]);
  });

  test('are refused against nonsense and outside of a repository', async () => {
    for (const base of ['no-such-branch', '--output=x', 'main..side', 'HEAD:a.ts', '']) {
      await expect(changed(base)).rejects.toMatchObject({ kind: 'InvalidInput', code: 'GIT_BAD_REF' });
    }
    await expect(changed(undefined, scratch.outside)).rejects.toMatchObject({ code: 'GIT_NOT_A_REPOSITORY' });
  });
});
