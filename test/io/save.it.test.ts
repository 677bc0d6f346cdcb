import { createHash } from 'node:crypto';
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '#domain/errors.ts';
import { openArtifactFile } from '#io/files.ts';
import { saveFile } from '#io/save.ts';
import { attack } from '#test/support/attacks.ts';
import { runModule, sourceUrl } from '#test/support/crash.ts';
import { makeScratch, type Scratch } from '#test/support/scratch.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

let scratch: Scratch;
beforeEach(() => {
  scratch = makeScratch('race');
});
afterEach(() => scratch.remove());

describe('against a rival', () => {
  test(`${attack('fs-05').id}: a folder swapped with a link as fast as can be for 2.5 s lets nothing out and nothing in`, async () => {
    const d = path.join(scratch.root, 'd');
    writeFileSync(path.join(scratch.outside, 'secret.md'), 'secret');
    scratch.put('d/secret.md', 'public');
    const swapper = spawn(process.execPath, ['-e', `const fs = require('node:fs'); const d = ${JSON.stringify(d)};
      fs.symlinkSync(${JSON.stringify(scratch.outside)}, d + '.link'); console.log('go');
      let n = 0; const aside = () => { try { fs.renameSync(d, d + '.made-' + n++); } catch {} };
      const move = (from, to) => { for (;;) { try { return fs.renameSync(from, to); } catch { aside(); } } };
      for (;;) { move(d, d + '.real'); move(d + '.link', d); move(d, d + '.link'); move(d + '.real', d); }`], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => swapper.stdout.once('data', resolve));
    const outcomes = new Map<string, number>();
    const texts = new Set<string>();
    const count = (action: () => string) => {
      const outcome = outcomeOf(action);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    };
    const end = performance.now() + 2_500;
    for (let n = 0; performance.now() < end; n++) {
      count(() => saveFile({ root: scratch.root, path: `d/f${n}.md`, rules: {}, expectedSha256: null, content: new Uint8Array([n & 0xff]), runKey: `run-${n}` }).status);
      count(() => {
        texts.add(openArtifactFile({ root: scratch.root, path: 'd/secret.md', rules: {}, maxBytes: 1_000 }).text);
        return 'read';
      });
    }
    expect(swapper.exitCode).toBe(null);
    swapper.kill('SIGKILL');
    await new Promise((resolve) => swapper.once('close', resolve));
    expect([readdirSync(scratch.outside), [...texts]]).toEqual([['secret.md'], ['public']]);
    expect([...outcomes.keys()].filter((outcome) => !['written', 'read', 'PATH_SYMLINK', 'NOT_FOUND', 'FILE_CHANGED', 'SAVE_INTERRUPTED'].includes(outcome))).toEqual([]);
    expect([outcomes.get('written'), outcomes.get('read'), outcomes.get('PATH_SYMLINK')].every((n) => (n ?? 0) > 0)).toBe(true);
  });

  test('two processes that save the same at once both end well, 20 times over, and leave nothing behind', async () => {
    scratch.put('x.md', 'new -1'.repeat(10_000));
    const ends = await Promise.all([runModule(rounds(0)), runModule(rounds(1))]);
    const statuses = ends.map((ended) => ended.stdout.trim().split('\n'));
    expect([ends.map((ended) => ended.stderr), statuses.map((all) => all.length)]).toEqual([['', ''], [20, 20]]);
    expect(statuses[0]!.filter((status, round) => status === 'already' && statuses[1]![round] === 'already')).toEqual([]);
    expect([readFileSync(path.join(scratch.root, 'x.md'), 'utf8'), readdirSync(scratch.root)]).toEqual(['new 19'.repeat(10_000), ['x.md']]);
  });
});

test('two processes that make the same new file at once both end well, 20 times over', async () => {
  const ends = await Promise.all([runModule(rounds(0, 'new')), runModule(rounds(1, 'new'))]);
  const statuses = ends.map((ended) => ended.stdout.trim().split('\n'));
  expect([ends.map((ended) => ended.stderr), statuses.map((all) => all.length)]).toEqual([['', ''], [20, 20]]);
  const together = statuses[0]!.map((status, round) => `${status} ${statuses[1]![round]}`);
  expect(together.filter((both) => both !== 'already written' && both !== 'written already')).toEqual([]);
  expect(readdirSync(scratch.root).toSorted()).toEqual(Array.from({ length: 20 }, (_, round) => `x${round}.md`).toSorted());
});

// One of two processes that wait for each other before each round, then save the same text over the round before's, or as a new file.
function rounds(self: number, what: 'same' | 'new' = 'same'): string {
  const place = what === 'same' ? "path: 'x.md', expectedSha256: createHash('sha256').update(text(round - 1)).digest('hex')" : "path: 'x' + round + '.md', expectedSha256: null";
  return `import { createHash } from 'node:crypto'; import fs from 'node:fs';
    const { saveFile } = await import(${JSON.stringify(sourceUrl('io/save.ts'))});
    const text = (round) => ('new ' + round).repeat(10000);
    for (let round = 0; round < 20; round++) {
      fs.writeFileSync(${JSON.stringify(scratch.outside)} + '/${self}-' + round, '');
      while (!fs.existsSync(${JSON.stringify(scratch.outside)} + '/${1 - self}-' + round));
      const request = { root: ${JSON.stringify(scratch.root)}, rules: {}, runKey: 'run', content: new TextEncoder().encode(text(round)), ${place} };
      for (;;) { try { console.log(saveFile(request).status); break; } catch (error) { if (error.code !== 'SAVE_INTERRUPTED') throw error; } }
    }`;
}

const canMount = outcomeOf(() => {
  execFileSync('unshare', ['-m', 'true'], { stdio: 'ignore' });
  return 'yes';
}) === 'yes';

describe.runIf(canMount)('on a disk that will not take it', () => {
  const saveOn = (mount: string, after: string) => runModule(
    `import { execFileSync } from 'node:child_process'; import fs from 'node:fs';
      const root = ${JSON.stringify(scratch.root)};
      execFileSync('mount', ['-t', 'tmpfs', '-o', '${mount}', 'none', root]);
      fs.writeFileSync(root + '/x.md', 'old'); ${after}
      const { saveFile } = await import(${JSON.stringify(sourceUrl('io/save.ts'))});
      let code = 'none';
      try { saveFile({ root, path: 'x.md', rules: {}, expectedSha256: '${sha256('old')}', content: new Uint8Array(2000000).fill(97), runKey: 'run' }); } catch (error) { code = error.kind + ' ' + error.code; }
      console.log(JSON.stringify([code, fs.readFileSync(root + '/x.md', 'utf8'), fs.readdirSync(root)]));`,
    { wrap: ['unshare', '-m'] },
  );

  test('a full one is Unavailable DISK_FULL, the file keeps its bytes and nothing is left behind', async () => {
    const ended = await saveOn('size=1m', '');
    expect([ended.stderr, JSON.parse(ended.stdout)]).toEqual(['', ['Unavailable DISK_FULL', 'old', ['x.md']]]);
  });

  test('a read-only one is Misconfigured NOT_WRITABLE', async () => {
    const ended = await saveOn('size=9m', `execFileSync('mount', ['-o', 'remount,ro', root]);`);
    expect([ended.stderr, JSON.parse(ended.stdout)]).toEqual(['', ['Misconfigured NOT_WRITABLE', 'old', ['x.md']]]);
  });
});

function outcomeOf(action: () => string): string {
  try {
    return action();
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
}
