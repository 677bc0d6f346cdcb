import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commitFile, type CommitRequest } from '#io/git/commit.ts';
import { inspectGit } from '#io/git/inspect.ts';
import { saveFile } from '#io/save.ts';
import { afterSaving, useHome } from '#test/support/commit-request.ts';
import { makeRepository, type TestRepository } from '#test/support/git-repository.ts';
import { kill, prepareAttempt, type Effects, type WaitingAttempt } from '#test/support/save-and-commit.ts';
import { makeScratch, type Scratch } from '#test/support/scratch.ts';

const randomKills = 64;

const steps = [
  'save.opened', 'save.before-open', 'save.half-written', 'save.before-rename', 'save.after-rename', 'save.done',
  'commit.blobs', 'commit.objects', 'commit.index-locked', 'commit.before-ref', 'commit.after-ref', 'commit.index', 'commit.done',
];

let scratch: Scratch;
let repository: TestRepository;
let restoreHome: () => void;
let status: string;
let round = 0;
let next: WaitingAttempt;

beforeAll(() => {
  scratch = makeScratch('kill');
  restoreHome = useHome(scratch.outside);
  repository = makeRepository(scratch.root);
  repository.write('x.md', 'old\n');
  repository.write('y.md', 'y\n');
  repository.commitAll();
  repository.write('y.md', 'staged\n');
  repository.git('add', 'y.md');
  repository.write('y.md', 'and changed\n');
  repository.write('z.md', 'untracked\n');
  status = repository.git('status', '--porcelain');
  next = prepareAttempt();
});
afterAll(() => {
  kill(next.child, false);
  restoreHome();
  scratch.remove();
});

async function newRun(isDirty: boolean): Promise<Effects> {
  round += 1;
  if (isDirty) repository.write('x.md', `work in progress ${round}\n`);
  const state = (await inspectGit({ root: scratch.root, path: 'x.md' }))!;
  return { root: scratch.root, runId: `run-${round}`, original: repository.read('x.md'), content: `text ${round}\n${'x'.repeat(5_000)}\n`, base: { branch: state.branch, head: state.head, blob: state.blob } };
}

function takeAttempt(): WaitingAttempt {
  const attempt = next;
  next = prepareAttempt();
  return attempt;
}

/** The next attempt, in this process; a lock that a dead git command left is removed as a person would. */
async function finish(effects: Effects): Promise<number> {
  const request = saveAgain(effects);
  for (let removed = 0; ; removed++) {
    try {
      await commitFile(request);
      return removed;
    } catch (error) {
      const stale = locks().filter((lock) => lstatSync(lock).isFile());
      if (removed > 3 || stale.length === 0 || (error as { code?: string }).code !== 'GIT_LOCKED') throw error;
      for (const lock of stale) rmSync(lock, { force: true });
    }
  }
}

function saveAgain(effects: Effects): CommitRequest {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const expectedSha256 = createHash('sha256').update(effects.original).digest('hex');
  saveFile({ root: effects.root, path: 'x.md', rules: {}, expectedSha256, content: bytes(effects.content), runKey: effects.runId });
  return {
    root: effects.root, path: 'x.md', original: bytes(effects.original), content: bytes(effects.content), base: effects.base,
    run: { runId: effects.runId, iteration: 1, score: 90 }, subject: 'Improve x.md', at: '2026-11-21T10:20:30Z',
  };
}

function locks(): string[] {
  const gitDir = path.join(scratch.root, '.git');
  return readdirSync(gitDir, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.lock')).map((file) => path.join(gitDir, file));
}

function expectExactlyOnce(effects: Effects, isDirty: boolean): void {
  const iterations = repository.git('log', '--fixed-strings', `--grep=Koubou-Run: ${effects.runId}\n`, '--format=%(trailers:key=Koubou-Run,valueonly)%(trailers:key=Koubou-Iteration,valueonly)');
  const own = iterations.split('\n\n').map((entry) => entry.trim().split('\n')).filter(([run]) => run === effects.runId).map(([, iteration]) => iteration);
  expect([effects.runId, own]).toEqual([effects.runId, isDirty ? ['1', '0'] : ['1']]);
  expect(repository.read('x.md')).toBe(effects.content);
  expect(repository.git('status', '--porcelain')).toBe(status);
  expect(readdirSync(scratch.root).toSorted()).toEqual(['.git', 'x.md', 'y.md', 'z.md']);
  expect([readdirSync(path.join(scratch.root, '.git')).filter((name) => name.startsWith('koubou')), locks()]).toEqual([[], []]);
}

describe('an attempt that is killed', () => {
  test.each(steps.flatMap((step) => [[step, 'a clean file'], [step, 'a file with changes']]))('at %s on %s is finished exactly once by the next', async (step, which) => {
    const isDirty = which !== 'a clean file';
    const effects = await newRun(isDirty);
    expect((await takeAttempt().run(effects, step)).signal).toBe('SIGKILL');
    await finish(effects);
    expectExactlyOnce(effects, isDirty);
  });

  test(`at ${randomKills} random moments, with git's own commands at every fourth, is finished exactly once by the next`, async () => {
    const before = performance.now();
    const unharmed = await newRun(false);
    expect((await takeAttempt().run(unharmed)).output).toContain('committed');
    const longest = (performance.now() - before) * 1.1;
    let [killed, stale] = [0, 0];
    for (let n = 0; n < randomKills; n++) {
      const isDirty = n % 2 === 1;
      const effects = await newRun(isDirty);
      const attempt = takeAttempt();
      const ended = attempt.run(effects);
      const timer = setTimeout(() => kill(attempt.child, n % 4 === 3), Math.random() * longest);
      if ((await ended).signal === 'SIGKILL') killed += 1;
      clearTimeout(timer);
      stale += await finish(effects);
      expectExactlyOnce(effects, isDirty);
    }
    expect(killed).toBeGreaterThan(randomKills / 4);
    expect(stale).toBeLessThanOrEqual(randomKills / 4);
  }, 300_000);

  test('leaves a repository without a fault', () => {
    expect(() => repository.git('fsck', '--full', '--strict')).not.toThrow();
  });
});

describe('several at once', () => {
  test('two processes with the same run make one commit, 20 times over', async () => {
    for (let n = 0; n < 20; n++) {
      const effects = await newRun(n % 2 === 1);
      const ends = await Promise.all([takeAttempt(), takeAttempt()].map((attempt) => attempt.run(effects)));
      const reports = ends.map(({ output }) => (/SAVE_INTERRUPTED/.test(output) ? 'again' : (JSON.parse(output) as { status: string }).status));
      if (reports.includes('again')) await finish(effects);
      expect(reports.filter((report) => report === 'committed').length).toBeLessThanOrEqual(1);
      expectExactlyOnce(effects, n % 2 === 1);
    }
  }, 300_000);

  test('ten runs on ten files take turns and all succeed', async () => {
    const files = Array.from({ length: 10 }, (_, index) => `many/${index}.md`);
    for (const file of files) repository.write(file, 'draft\n');
    const requests = await Promise.all(files.map((file) => afterSaving(repository, 'better\n', { path: file, run: { runId: file, iteration: 1, score: 1 } })));
    const reports = await Promise.all(requests.map((request) => commitFile(request)));
    expect(reports.map(({ status: end }) => end)).toEqual(files.map(() => 'committed'));
    expect(repository.git('ls-tree', '-r', '--name-only', 'HEAD', 'many/').split('\n')).toEqual(files.toSorted());
    expect([repository.git('status', '--porcelain'), existsSync(path.join(scratch.root, '.git/koubou.lock')), readFileSync(path.join(scratch.root, 'many/3.md'), 'utf8')]).toEqual([status, false, 'better\n']);
  });
});
