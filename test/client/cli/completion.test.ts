import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { completion } from '#client/cli/completion.ts';
import { commandNames, specOf } from '#client/cli/command-table.ts';
import { parseCommandLine } from '#client/cli/parse.ts';
import type { Program } from '#client/cli/call.ts';
import { findCommand } from '#io/service-process.ts';
import { makeScratch, type Scratch } from '../../support/scratch.ts';
import { testOutput } from './fake-output.ts';

async function scriptFor(shell: string): Promise<string> {
  const { output, stdout } = testOutput();
  const { flags } = parseCommandLine(['completion', shell]);
  await completion({ program: {} as Program, output, flags, arguments: [shell] });
  return stdout.text;
}

/** What bash offers for these words, the last one being typed. */
async function offers(...words: string[]): Promise<string[]> {
  return offersIn('.', ...words);
}

async function offersIn(cwd: string, ...words: string[]): Promise<string[]> {
  const script = `${await scriptFor('bash')}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _koubou; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', script, 'bash', ...words], { encoding: 'utf8', cwd }).split('\n').filter((line) => line !== '');
}

describe('completion in bash', () => {
  test('offers the commands', async () => {
    expect(await offers('koubou', 're')).toEqual(['review', 'result', 'retry', 'reviewers']);
  });

  test('offers the flags of a command and those of all', async () => {
    expect(await offers('koubou', 'review', '--m')).toEqual(['--max-iterations', '--min-severity']);
    expect(await offers('koubou', 'status', '--')).toEqual(['--json', '--address', '--config', '--quiet', '--no-color', '--debug', '--help']);
  });

  test('offers the values of a flag and the words of an argument', async () => {
    expect(await offers('koubou', 'review', 'a.ts', '--min-severity', 'c')).toEqual(['critical']);
    expect(await offers('koubou', 'decide', 'id', 're')).toEqual(['reject', 'retry']);
    expect(await offers('koubou', '--json', 'completion', 'z')).toEqual(['zsh']);
  });
});

describe('completion of names in bash', () => {
  let scratch: Scratch;
  beforeAll(() => {
    scratch = makeScratch('completion');
    for (const file of ['my plans/a.md', 'my notes.md', '*.md', 'a$b.yaml', 'quo"te.yaml']) scratch.put(file, '');
  });
  afterAll(() => scratch.remove());

  test('keeps them whole, whatever is in them', async () => {
    expect((await offersIn(scratch.root, 'koubou', 'review', '--config', '')).toSorted()).toEqual(['*.md', 'a$b.yaml', 'my notes.md', 'my plans', 'quo"te.yaml']);
    expect((await offersIn(scratch.root, 'koubou', 'review', '--config', 'my ')).toSorted()).toEqual(['my notes.md', 'my plans']);
  });

  test('offers folders alone where one is wanted', async () => {
    expect(await offersIn(scratch.root, 'koubou', 'review', '--project-path', '')).toEqual(['my plans']);
  });
});

describe.each(['zsh', 'fish'])('completion in %s', (shell) => {
  test('knows every command and every flag', async () => {
    const script = await scriptFor(shell);
    const missing = commandNames
      .filter((name) => name !== 'mcp')
      .flatMap((name) => [name, ...Object.keys(specOf(name).flags)])
      .filter((word) => !script.includes(word));
    expect(missing).toEqual([]);
  });

  test.skipIf(findCommand(shell, process.env['PATH'] ?? '') === null)('is a script that the shell can read', async () => {
    execFileSync(shell, ['-n'], { input: await scriptFor(shell) });
  });
});

test('an unknown shell is refused', async () => {
  await expect(Promise.resolve().then(() => scriptFor('tcsh'))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
});
