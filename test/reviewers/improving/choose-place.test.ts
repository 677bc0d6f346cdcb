import { describe, expect, test } from 'vitest';
import { checkDraftPath, choosePlace, type PlaceInput } from '#reviewers/improving/choose-place.ts';
import { baseName } from '#reviewers/improving/content-name.ts';
import { folderInTask, nameInTask } from '#reviewers/improving/task-names.ts';
import { cpuMs } from '#test/reports/cpu-time.ts';

describe('the name that a task speaks of', () => {
  test.each([
    ['Write plan.md.', 'plan.md'],
    ['Create `src/net/retry.ts` with a retry', 'src/net/retry.ts'],
    ['README.mdを書いてください', 'README.md'],
    ['仕様書をdocs/spec.mdに書いて', 'docs/spec.md'],
    ['「設計書.md」を作って', '設計書.md'],
    ['設計書.mdを作って', '設計書.md'],
    ['docs/注文/仕様.md に書く', 'docs/注文/仕様.md'],
    ['Write a Dockerfile for it', 'Dockerfile'],
    ['plan.md and again plan.md', 'plan.md'],
    ['Turn a.py into b.ts', undefined],
    ['Use Node.js and Vue.js', undefined],
    ['See https://host.invalid/a/plan.md', undefined],
    ['Write /etc/plan.md', undefined],
    ['Write ../plan.md', undefined],
    ['Write ~/plan.md', undefined],
    ['Edit .github/workflows/ci.yml', undefined],
    ['C:\\plan.md', undefined],
    ['me@host.py', undefined],
    ['a retry function', undefined],
    ['', undefined],
  ])('%j: %s', (task, name) => {
    expect(nameInTask(task)).toBe(name);
  });

  test('is found in linear time', () => {
    const spent = cpuMs(() => {
      for (const part of ['a', 'a/', 'a.', '漢', 'a.md ', '-']) {
        nameInTask(part.repeat(1_000_000));
        folderInTask(part.repeat(1_000_000));
      }
    });
    expect(spent).toBeLessThan(2_000);
  });
});

describe('the folder that a task speaks of', () => {
  test.each([
    ['Put it in the docs folder', 'docs'],
    ['Write it into src/net directory please', 'src/net'],
    ['into the folder notes', 'notes'],
    ['Save it under docs/ please', 'docs'],
    ['docsフォルダに保存して', 'docs'],
    ['「docs/specs」ディレクトリに', 'docs/specs'],
    ['in this folder', undefined],
    ['/etc/ is where it was', undefined],
    ['../up/ is where', undefined],
    ['a retry function', undefined],
  ])('%j: %s', (task, folder) => {
    expect(folderInTask(task)).toBe(folder);
  });
});

describe('what a text calls itself', () => {
  test.each([
    ['# Order Confirmation: the Spec\n', '.md', 'order-confirmation-the-spec'],
    ['intro\n\nThe Plan\n========\n', '.md', 'the-plan'],
    ['# 注文確認の仕様\n', '.md', '注文確認の仕様'],
    [`# ${'word '.repeat(30)}\n`, '.md', 'word-word-word-word-word-word-word-word'],
    ['# ☃\n', '.md', 'draft'],
    ['no heading\n', '.md', 'draft'],
    ['import os\n\nclass HttpRetry:\n    pass\n', '.py', 'http_retry'],
    ['def main():\n    pass\n\ndef back_up(x):\n    pass\n', '.py', 'back_up'],
    ['export function parseOrder() {}\n', '.ts', 'parse-order'],
    ['const a = 1;\n', '.js', 'draft'],
    ['<title>Our Shop</title>', '.html', 'our-shop'],
    ['<p>', '.html', 'index'],
    ['echo', '.sh', 'run'],
  ])('%j as %s: %s', (text, ending, name) => {
    expect(baseName(text, ending)).toBe(name);
  });
});

describe('where a draft goes', () => {
  const input: PlaceInput = { task: 'Write something', proposed: '', text: '# The Plan\n\n- one\n', rules: {}, files: [] };
  test.each<[string, Partial<PlaceInput>, string, string, string]>([
    ['the name that was given', { asked: 'a/b.py', task: 'Write c.md', proposed: 'd.md' }, 'a/b.py', 'The name was given.', 'python'],
    ['the name in the task', { task: 'Write docs/c.md', proposed: 'd.md' }, 'docs/c.md', 'The task names it.', 'markdown'],
    ['not a name in the task that is there already', { task: 'Sum up c.md', proposed: 'd.md', files: ['c.md'] }, 'd.md', 'The model named it.', 'markdown'],
    ['not a name in the task that may not be written', { task: 'Sum up c.txt', proposed: 'd.md', rules: { allowedExtensions: ['.md'] } }, 'd.md', 'The model named it.', 'markdown'],
    ['the name of the model', { proposed: 'notes/d.md' }, 'notes/d.md', 'The model named it.', 'markdown'],
    ['the name of the model in the folder of the task', { task: 'Put it in the docs folder', proposed: 'd.md' }, 'docs/d.md', 'The model named it; the task names the folder.', 'markdown'],
    ['an ending for a name without one', { proposed: 'notes/d' }, 'notes/d.md', 'It ends in .md because its lines look like it.', 'markdown'],
    ['a name from the content', {}, 'the-plan.md', 'It ends in .md because its lines look like it.', 'markdown'],
    ['a whole name from the content', { text: 'FROM node:24\nRUN npm ci\n' }, 'Dockerfile', 'It is a Dockerfile: its lines look like it.', 'unknown'],
    ['the folder that is allowed and suits', { rules: { allowedDirectories: ['src', './docs/'] } }, 'docs/the-plan.md', 'It ends in .md because its lines look like it; the settings allow that folder.', 'markdown'],
    ['the first allowed folder where none suits', { rules: { allowedDirectories: ['src', 'lib'] } }, 'src/the-plan.md', 'It ends in .md because its lines look like it; the settings allow that folder.', 'markdown'],
    ['the root where it is allowed', { rules: { allowedDirectories: ['docs', '.'] } }, 'the-plan.md', 'It ends in .md because its lines look like it.', 'markdown'],
    ['where the project keeps such files', { files: ['docs/a.md', 'docs/b.md', 'README.md'] }, 'docs/the-plan.md', 'It ends in .md because its lines look like it; the project keeps such files there.', 'markdown'],
    ['the root for what stands there', { proposed: 'README.md', files: ['docs/a.md', 'docs/b.md'] }, 'README.md', 'The model named it.', 'markdown'],
    ['tests beside tests only', { proposed: 'a.test.ts', text: 'x', files: ['src/a.ts', 'src/b.ts', 'src/c.ts', 'test/a.test.ts', 'test/b.test.ts'] }, 'test/a.test.ts', 'The model named it; the project keeps such files there.', 'typescript'],
  ])('is %s', (_, changed, name, why, language) => {
    expect(choosePlace({ ...input, ...changed })).toEqual({ name, why, language });
  });

  test.each([
    ['../a.md', 'PATH_TRAVERSAL'],
    ['/a.md', 'PATH_ABSOLUTE'],
    ['.git/config.md', 'PATH_DENIED_NAME'],
    ['.hidden.md', 'PATH_DENIED_NAME'],
    ['a/.config/b.md', 'PATH_DENIED_NAME'],
    ['a\u202egnp.md', 'PATH_BAD_CHAR'],
  ])('is never %j', (path, code) => {
    expect(() => checkDraftPath(path, {})).toThrow(expect.objectContaining({ kind: 'InvalidInput', code }));
    expect(() => choosePlace({ ...input, proposed: path })).toThrow(expect.objectContaining({ kind: 'InvalidInput', code }));
  });

  test('is never outside of what is allowed', () => {
    expect(() => choosePlace({ ...input, proposed: 'src/a.md', rules: { allowedDirectories: ['docs'] } })).toThrow(expect.objectContaining({ code: 'PATH_OUTSIDE_ALLOWED' }));
    expect(() => choosePlace({ ...input, proposed: 'a.md', rules: { allowedExtensions: ['.py'] } })).toThrow(expect.objectContaining({ code: 'EXT_NOT_ALLOWED' }));
  });
});
