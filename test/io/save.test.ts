import { createHash } from 'node:crypto';
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { saveFile, type SaveRequest } from '#io/save.ts';
import { runModule, sourceUrl } from '#test/support/crash.ts';
import { makeScratch, type Scratch } from '#test/support/scratch.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const bytes = (text: string) => new TextEncoder().encode(text);
const thrown = (code: string, kind: string) => expect.objectContaining({ kind, code });

let scratch: Scratch;
beforeEach(() => {
  scratch = makeScratch('save');
});
afterEach(() => scratch.remove());

const at = (file: string) => path.join(scratch.root, file);
const request = (expected: string | null, text: string, options: Partial<SaveRequest> = {}): SaveRequest => ({
  root: scratch.root, path: 'x.md', rules: {}, expectedSha256: expected === null ? null : sha256(expected), content: bytes(text), runKey: 'run-1', ...options,
});

describe('saving', () => {
  test('replaces a file that is as expected, once: the same call again is harmless', () => {
    scratch.put('x.md', 'old');
    expect([saveFile(request('old', 'new')), saveFile(request('old', 'new'))]).toEqual([
      { status: 'written', sha256: sha256('new') },
      { status: 'already', sha256: sha256('new') },
    ]);
    expect([readFileSync(at('x.md'), 'utf8'), readdirSync(scratch.root)]).toEqual(['new', ['x.md']]);
  });

  test('bytes that are wanted and expected at once are there already', () => {
    scratch.put('x.md', 'same');
    const inode = statSync(at('x.md')).ino;
    const reached: string[] = [];
    expect(saveFile(request('same', 'same', { step: (name) => reached.push(name) })).status).toBe('already');
    expect([statSync(at('x.md')).ino, reached]).toEqual([inode, ['save.opened']]);
  });

  test.each([0o755, 0o600, 0o664, 0o4755])('keeps mode %o and the owner, whatever the umask', (mode) => {
    scratch.put('x.md', 'old');
    chmodSync(at('x.md'), mode);
    const before = process.umask(0o077);
    saveFile(request('old', 'new'));
    process.umask(before);
    expect(statSync(at('x.md')).mode & 0o7777).toBe(mode);
  });

  test('a new file has mode 0644 less the umask, or the mode asked for, and its folders are made', () => {
    const before = process.umask(0o027);
    saveFile(request(null, 'new', { path: 'a/b/x.md' }));
    saveFile(request(null, 'new', { path: 'a/run.sh', mode: 0o755 }));
    process.umask(before);
    expect(['a', 'a/b', 'a/b/x.md', 'a/run.sh'].map((file) => (statSync(at(file)).mode & 0o777).toString(8))).toEqual(['750', '750', '640', '750']);
    expect(saveFile(request(null, 'new', { path: 'a/b/x.md' })).status).toBe('already');
  });

  test("fs-11: a person's edit is a Conflict that names both hashes, and its bytes are kept", () => {
    scratch.put('x.md', 'edited');
    expect(() => saveFile(request('old', 'new'))).toThrow(
      expect.objectContaining({
        kind: 'Conflict',
        code: 'FILE_CHANGED',
        message: `"x.md" was changed meanwhile (expected ${sha256('old').slice(0, 12)}, found ${sha256('edited').slice(0, 12)}). It was left as it is; start a new run to review what it has become.`,
      }),
    );
    expect([readFileSync(at('x.md'), 'utf8'), readdirSync(scratch.root)]).toEqual(['edited', ['x.md']]);
  });

  test('an edit made while the temporary file was being written is kept too', () => {
    scratch.put('x.md', 'old');
    const step = (name: string) => {
      if (name === 'save.before-rename') writeFileSync(at('x.md'), 'edited');
    };
    expect(() => saveFile(request('old', 'new', { step }))).toThrow(thrown('FILE_CHANGED', 'Conflict'));
    expect([readFileSync(at('x.md'), 'utf8'), readdirSync(scratch.root)]).toEqual(['edited', ['x.md']]);
  });

  test('a file that was deleted, one that must not exist but does, and a folder that is gone are Conflicts', () => {
    expect(() => saveFile(request('old', 'new'))).toThrow(expect.objectContaining({ code: 'FILE_CHANGED', message: expect.stringContaining('found no file') }));
    expect(() => saveFile(request('old', 'new', { path: 'gone/x.md' }))).toThrow(thrown('FILE_CHANGED', 'Conflict'));
    scratch.put('x.md', 'made meanwhile');
    expect(() => saveFile(request(null, 'new'))).toThrow(expect.objectContaining({ kind: 'Conflict', code: 'FILE_CHANGED', message: '"x.md" was made by somebody else meanwhile. It was left as it is; start a new run with another name, or review that file.' }));
    expect([readFileSync(at('x.md'), 'utf8'), existsSync(at('gone'))]).toEqual(['made meanwhile', false]);
  });

  test('fs-01, fs-04, fs-12: links, second names and forbidden names are refused and what they lead to is untouched', () => {
    symlinkSync(scratch.outside, at('d'));
    writeFileSync(path.join(scratch.outside, 'secret.txt'), 'secret');
    linkSync(path.join(scratch.outside, 'secret.txt'), at('x.md'));
    symlinkSync('../outside/secret.txt', at('y.md'));
    expect(() => saveFile(request(null, 'new', { path: 'd/x.md' }))).toThrow(thrown('PATH_SYMLINK', 'InvalidInput'));
    expect(() => saveFile(request(null, 'new', { path: 'd/e/x.md' }))).toThrow(thrown('PATH_SYMLINK', 'InvalidInput'));
    expect(() => saveFile(request('secret', 'new'))).toThrow(thrown('PATH_HARDLINK', 'InvalidInput'));
    expect(() => saveFile(request('secret', 'new', { path: 'y.md' }))).toThrow(thrown('PATH_SYMLINK', 'InvalidInput'));
    expect(() => saveFile(request(null, 'new', { path: '.Git/Hooks/post-commit.md' }))).toThrow(thrown('PATH_DENIED_NAME', 'InvalidInput'));
    expect([readdirSync(scratch.outside), readFileSync(path.join(scratch.outside, 'secret.txt'), 'utf8')]).toEqual([['secret.txt'], 'secret']);
  });

  test('fs-08: a root that became a link since the artifact was opened is ROOT_CHANGED, and nothing is written below its target', () => {
    scratch.put('x.md', 'old');
    writeFileSync(path.join(scratch.outside, 'x.md'), 'old');
    renameSync(scratch.root, `${scratch.root}-moved`);
    symlinkSync(scratch.outside, scratch.root);
    expect(() => saveFile(request('old', 'new'))).toThrow(thrown('ROOT_CHANGED', 'Conflict'));
    expect(readFileSync(path.join(scratch.outside, 'x.md'), 'utf8')).toBe('old');
    rmSync(scratch.root);
    renameSync(`${scratch.root}-moved`, scratch.root);
  });

  test('a failure takes back the folders it made', () => {
    scratch.put('a/kept.md', '');
    const step = (name: string) => {
      if (name === 'save.half-written') throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    };
    expect(() => saveFile(request(null, 'new', { path: 'a/b/c/x.md', step }))).toThrow(thrown('DISK_FULL', 'Unavailable'));
    expect(readdirSync(scratch.root, { recursive: true })).toEqual(['a', 'a/kept.md']);
  });

  test.each([
    ['ENOSPC', 'DISK_FULL', 'Unavailable'],
    ['EDQUOT', 'DISK_FULL', 'Unavailable'],
    ['EROFS', 'NOT_WRITABLE', 'Misconfigured'],
    ['EACCES', 'NOT_WRITABLE', 'Misconfigured'],
    ['EMFILE', 'TOO_MANY_FILES', 'Unavailable'],
    ['EIO', 'FILE_SYSTEM_ERROR', 'Unavailable'],
  ])('%s while writing is %s (%s), the file keeps its bytes and nothing is left behind', (system, code, kind) => {
    scratch.put('x.md', 'old');
    const step = (name: string) => {
      if (name === 'save.half-written') throw Object.assign(new Error(system), { code: system });
    };
    expect(() => saveFile(request('old', 'new', { step }))).toThrow(thrown(code, kind));
    expect([readFileSync(at('x.md'), 'utf8'), readdirSync(scratch.root)]).toEqual(['old', ['x.md']]);
  });

  test.runIf(process.getuid?.() === 0)('a file and a folder that may not be written are NOT_WRITABLE', () => {
    chmodSync(scratch.put('x.md', 'old'), 0o666);
    chmodSync(scratch.put('open/x.md', 'old'), 0o444);
    chmodSync(at('open'), 0o777);
    chmodSync(path.dirname(scratch.root), 0o755);
    process.seteuid!(65_534);
    try {
      for (const file of ['x.md', 'open/x.md']) expect(() => saveFile(request('old', 'new', { path: file }))).toThrow(thrown('NOT_WRITABLE', 'Misconfigured'));
    } finally {
      process.seteuid!(0);
    }
    expect([readFileSync(at('x.md'), 'utf8'), readdirSync(at('open'))]).toEqual(['old', ['x.md']]);
  });

  test('what a killed attempt left behind goes with the next attempt, what a living one is writing stays', () => {
    scratch.put('x.md', 'old');
    const names: string[] = [];
    const step = (name: string) => {
      if (name === 'save.before-rename') names.push(...readdirSync(scratch.root).filter((file) => file.endsWith('.tmp')));
    };
    saveFile(request('old', 'new', { step }));
    const dead = names[0]!.replace(`-${process.pid}-`, '-4194303-');
    const foreign = names[0]!.replace(/^\.koubou-[0-9a-f]{16}/, '.koubou-0123456789abcdef');
    for (const name of [names[0]!, dead, foreign]) scratch.put(name, 'half');
    saveFile(request('new', 'newer'));
    expect(readdirSync(scratch.root).toSorted()).toEqual([foreign, names[0]!, 'x.md'].toSorted());
  });

  test('nothing stays open, whatever the end', () => {
    scratch.put('d/x.md', 'old');
    const before = readdirSync('/proc/self/fd').length;
    saveFile(request('old', 'new', { path: 'd/x.md' }));
    saveFile(request('old', 'new', { path: 'd/x.md' }));
    expect(() => saveFile(request('old', 'newer', { path: 'd/x.md' }))).toThrow(thrown('FILE_CHANGED', 'Conflict'));
    expect(() => saveFile(request(null, 'new', { path: 'd/x.md/y' }))).toThrow();
    expect(readdirSync('/proc/self/fd')).toHaveLength(before);
  });
});

const steps = ['save.opened', 'save.before-open', 'save.half-written', 'save.before-rename', 'save.after-rename', 'save.done'];

describe('a save that is killed', () => {
  // Every step, and random moments, together with the commit: git/commit-kill.it.test.ts.
  test('while a new file has two names is finished by the next attempt', async () => {
    const ended = await runModule(attempt("if (name === 'save.linked') process.kill(process.pid, 'SIGKILL');", null));
    expect([ended.signal, readdirSync(scratch.root).length]).toEqual(['SIGKILL', 2]);
    expect([saveFile(request(null, 'new')).status, readdirSync(scratch.root), readFileSync(at('x.md'), 'utf8')]).toEqual(['already', ['x.md'], 'new']);
  });

  test.each(['save.half-written', 'save.after-rename'])('at %s is finished by the next attempt, with the right bytes and nothing left behind', async (name) => {
    scratch.put('x.md', 'old');
    mkdirSync(at('unrelated'));
    const ended = await runModule(attempt(`if (name === '${name}') process.kill(process.pid, 'SIGKILL');`));
    expect(ended.signal).toBe('SIGKILL');
    expect(['old', 'new']).toContain(readFileSync(at('x.md'), 'utf8'));
    const report = saveFile(request('old', 'new'));
    expect([report.status, readFileSync(at('x.md'), 'utf8'), readdirSync(scratch.root)]).toEqual([
      name === 'save.after-rename' ? 'already' : 'written', 'new', ['unrelated', 'x.md'],
    ]);
  });

  test('names every step of a save', () => {
    scratch.put('x.md', 'old');
    const reached: string[] = [];
    saveFile(request('old', 'new', { step: (name) => reached.push(name) }));
    expect(reached).toEqual(steps);
  });
});

function attempt(onStep: string, expected: string | null = sha256('old')): string {
  return `const { saveFile } = await import(${JSON.stringify(sourceUrl('io/save.ts'))});
    saveFile({ root: ${JSON.stringify(scratch.root)}, path: 'x.md', rules: {}, expectedSha256: ${JSON.stringify(expected)}, content: new TextEncoder().encode('new'),
      runKey: 'run-1', step: (name) => { ${onStep} } });`;
}
