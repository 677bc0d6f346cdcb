import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { placeBelowRoots } from '#mcp/paths.ts';
import { chooseRoots } from '#mcp/roots.ts';
import type { McpRoot } from '#mcp/server-options.ts';
import { makeScratch, type Scratch } from '../support/scratch.ts';

let scratch: Scratch;
beforeEach(() => {
  scratch = makeScratch('mcp-roots');
});
afterEach(() => scratch.remove());

const rootOf = (folder: string): McpRoot => ({ folder, settings: () => Promise.reject(new Error('not asked')) });

describe('the roots of a server', () => {
  test('are those that were named, else the repository around the folder it was started in', () => {
    mkdirSync(join(scratch.root, '.git'));
    mkdirSync(join(scratch.root, 'a/b'), { recursive: true });
    const cwd = join(scratch.root, 'a/b');
    expect(chooseRoots({ cwd, environment: {}, given: [] })).toEqual([{ root: scratch.root, because: 'repository' }]);
    expect(chooseRoots({ cwd, environment: {}, given: ['..', scratch.outside, '..'] })).toEqual([{ root: join(scratch.root, 'a'), because: '--root' }, { root: scratch.outside, because: '--root' }]);
    expect(() => chooseRoots({ cwd, environment: {}, given: ['nonesuch'] })).toThrow(expect.objectContaining({ code: 'ROOT_NOT_FOUND' }));
  });

  test('are the project that Claude Code names, where it is a folder', () => {
    const chosen = (project: string): string[] => chooseRoots({ cwd: scratch.root, environment: { CLAUDE_PROJECT_DIR: project }, given: [] }).map(({ root }) => root);
    expect([chosen(scratch.outside), chosen('relative'), chosen('/nonesuch')]).toEqual([[scratch.outside], [scratch.root], [scratch.root]]);
  });

  test('are never a whole disk or a whole home without being named', () => {
    expect(chooseRoots({ cwd: '/', environment: {}, given: [] })).toEqual([]);
    expect(chooseRoots({ cwd: scratch.root, environment: {}, given: [], home: scratch.root })).toEqual([]);
    expect(chooseRoots({ cwd: '/', environment: {}, given: [scratch.root] })).toHaveLength(1);
  });
});

describe('a path of a caller', () => {
  test.each([
    ['src/a.ts', 'src/a.ts'],
    ['./src/a.ts', 'src/a.ts'],
    ['src/', 'src'],
    ['.', '.'],
    ['../a.ts', '../a.ts'],
  ])('%s lies in the first root as %s', (given, path) => {
    const root = rootOf(scratch.root);
    expect(placeBelowRoots(given, [root])).toEqual({ root, path });
  });

  test('that is absolute has to begin with a root, as a whole name', () => {
    const roots = [rootOf(scratch.root), rootOf(scratch.outside)];
    expect(placeBelowRoots(`${scratch.outside}/a.ts`, roots)).toEqual({ root: roots[1], path: 'a.ts' });
    expect(placeBelowRoots(scratch.root, roots)).toEqual({ root: roots[0], path: '.' });
    for (const path of [`${scratch.root}-secret/a.ts`, '/etc/passwd', '/']) expect(() => placeBelowRoots(path, roots)).toThrow(expect.objectContaining({ code: 'ROOT_NOT_ALLOWED' }));
  });

  test('that is relative belongs to the root that has such a file', () => {
    const roots = [rootOf(scratch.root), rootOf(scratch.outside)];
    scratch.put('here.ts', '');
    mkdirSync(join(scratch.outside, 'there'));
    expect(['here.ts', 'there', 'nowhere.ts'].map((path) => placeBelowRoots(path, roots).root)).toEqual([roots[0], roots[1], roots[0]]);
  });

  test('is refused where the server has no root', () => {
    expect(() => placeBelowRoots('a.ts', [])).toThrow(expect.objectContaining({ code: 'ROOT_NOT_ALLOWED', message: expect.stringContaining('koubou mcp --root DIR') }));
  });
});
