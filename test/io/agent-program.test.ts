import { chmodSync, realpathSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findProgram } from '#io/agent-program.ts';
import { makeScratch } from '#test/support/scratch.ts';

const scratch = makeScratch('program');
afterAll(() => scratch.remove());

function program(file: string, text: string): string {
  const absolute = scratch.put(file, text);
  chmodSync(absolute, 0o755);
  return absolute;
}

const query = { command: 'agent', searchPath: '', untrustedFolders: [], natives: [] };

test('A script of Node is run by our own Node, any other script and a binary by itself', () => {
  const script = program('a/node_modules/agent/cli.js', '#!/usr/bin/env -S node --no-warnings\n');
  const shell = program('b/agent', '#!/bin/sh\n');
  symlinkSync(script, path.join(scratch.root, 'agent-link'));
  const node = { command: process.execPath, args: [script], folders: [path.join(scratch.root, 'a/node_modules'), expect.any(String)] };
  expect([
    findProgram({ ...query, command: path.join(scratch.root, 'agent-link') }),
    findProgram({ ...query, searchPath: path.dirname(shell) }),
    findProgram({ ...query, command: 'sleep', searchPath: '/usr/bin:/bin' })?.command,
  ]).toEqual([node, { command: shell, args: [], folders: [path.dirname(shell)] }, realpathSync('/bin/sleep')]);
});

test('The native program beside a wrapper script is taken, and beside a stub that only complains', () => {
  const stub = program('e/node_modules/agent/bin/agent.exe', 'echo "Error: the native program is not installed"; exit 1\n');
  const beside = program('e/node_modules/agent-linux/agent', '\u007fELF');
  expect(findProgram({ ...query, command: stub, natives: ['../../agent-linux/agent'] })?.command).toBe(beside);
  const wrapper = program('c/node_modules/agent/bin/agent.js', '#!/usr/bin/env node\n');
  const native = program('c/node_modules/agent-linux/agent', '\u007fELF');
  expect(findProgram({ ...query, command: wrapper, natives: ['../none', '../../agent-linux/agent'] })).toEqual({ command: native, args: [], folders: [path.join(scratch.root, 'c/node_modules')] });
});

test('Nothing is looked for in relative or untrusted folders, or in folders that lead to them', () => {
  const planted = path.dirname(program('project/bin/agent', '#!/bin/sh\n'));
  const project = path.join(scratch.root, 'project');
  const disguised = path.join(scratch.root, 'disguised');
  symlinkSync(planted, disguised);
  const trusted = program('tools/agent', '#!/bin/sh\n');
  const relative = path.relative(process.cwd(), planted);
  expect([
    findProgram({ ...query, searchPath: `${planted}:${disguised}:${project}/bin/../bin`, untrustedFolders: [project] }),
    findProgram({ ...query, searchPath: `${relative}:.:` }),
    findProgram({ ...query, command: `${relative}/agent` }),
    findProgram({ ...query, searchPath: `${planted}:${path.dirname(trusted)}`, untrustedFolders: [project] })?.command,
  ]).toEqual([null, null, null, trusted]);
});

test('What is missing, a folder or not executable is no program', () => {
  const plain = scratch.put('d/agent', 'x');
  expect([findProgram({ ...query, searchPath: path.dirname(plain) }), findProgram({ ...query, command: '/no/such/agent' }), findProgram({ ...query, command: scratch.root })]).toEqual([null, null, null]);
});
