import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findCheck } from '#client/find-checks.ts';
import { trustProject } from '#client/trust.ts';
import { loadConfig, serviceEnvironment, settingsFingerprint, type LoadedConfig } from '#config.ts';
import { AppError } from '#domain/errors.ts';
import { makeScratch, type Scratch } from '#test/support/scratch.ts';

let scratch: Scratch;
let project: string;
beforeEach(() => {
  scratch = makeScratch('find-checks');
  project = join(scratch.root, 'project');
  mkdirSync(project);
});
afterEach(() => scratch.remove());

const theirs = 'checks: [{ name: tests, command: [npm, test], timeout_ms: 5000 }, { name: types, command: [tsc], network: true }]\n';

function userFile(text: string): void {
  const file = join(scratch.outside, '.config/koubou/koubou.yaml');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** As a service has it, which knows no project. */
function worker(env: Record<string, string> = {}): Promise<LoadedConfig> {
  return loadConfig({ cwd: '/', env: { HOME: scratch.outside, ...env } });
}

async function found(name: string, config?: LoadedConfig, root = project): Promise<unknown> {
  try {
    return await findCheck(name, { config: config ?? (await worker()), root });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return `${error.kind} ${error.code}: ${error.message}`;
  }
}

describe('a check is found', () => {
  test('in the user file, for every project', async () => {
    userFile('checks: [{ name: tests, command: [make, test] }]');
    expect(await found('tests')).toEqual({ name: 'tests', command: ['make', 'test'] });
    expect(await found('tests', undefined, scratch.outside)).toEqual({ name: 'tests', command: ['make', 'test'] });
  });

  test('in the file of a trusted project, before the user file, for that project alone', async () => {
    userFile('checks: [{ name: tests, command: [make, test] }]');
    const config = await worker();
    scratch.put('project/koubou.yaml', theirs);
    await trustProject(config.places.stateDir, project);
    expect([await found('tests'), await found('types')]).toEqual([{ name: 'tests', command: ['npm', 'test'], timeoutMs: 5_000 }, { name: 'types', command: ['tsc'], network: true }]);
    expect(await found('tests', undefined, scratch.outside)).toEqual({ name: 'tests', command: ['make', 'test'] });
    expect(await found('types', undefined, scratch.outside)).toContain('Misconfigured CHECK_UNKNOWN');
  });

  test('in the environment before all files, as --config puts it there', async () => {
    scratch.put('project/koubou.yaml', theirs);
    const given = join(scratch.outside, 'given.yaml');
    writeFileSync(given, 'checks: [{ name: lint, command: [oxlint] }]');
    const command = await loadConfig({ cwd: '/', env: { HOME: scratch.outside }, configFile: given, projectRoot: project });
    await trustProject(command.places.stateDir, project);
    const config = await worker(serviceEnvironment(command, {}));
    expect([await found('lint', config), await found('tests', config)]).toEqual([{ name: 'lint', command: ['oxlint'] }, expect.stringContaining('the settings name lint.')]);
    expect(await found('lint', command)).toEqual({ name: 'lint', command: ['oxlint'] });
  });
});

describe('a check is refused', () => {
  test('where the project’s file names it and nobody trusts that file', async () => {
    scratch.put('project/koubou.yaml', theirs);
    expect(await found('tests')).toBe('Misconfigured CHECK_UNTRUSTED: The check tests is a command of the project\'s own koubou.yaml, which nobody has trusted as it is now. Read it, then: koubou trust DIR (the project\'s folder).');
  });

  test('as soon as a byte of a trusted file has changed', async () => {
    scratch.put('project/koubou.yaml', theirs);
    const config = await worker();
    await trustProject(config.places.stateDir, project);
    scratch.put('project/koubou.yaml', theirs.replace('npm, test', 'sh, -c, evil'));
    expect(await found('tests', config)).toContain('CHECK_UNTRUSTED');
  });

  test('where an untrusted file would put another command under a name of the user', async () => {
    userFile('checks: [{ name: tests, command: [make, test] }]');
    scratch.put('project/koubou.yaml', theirs);
    expect([await found('tests'), await found('types')]).toEqual([{ name: 'tests', command: ['make', 'test'] }, expect.stringContaining('CHECK_UNTRUSTED')]);
  });

  test('where nobody names it; those there are, are told', async () => {
    expect(await found('tests')).toBe("Misconfigured CHECK_UNKNOWN: There is no check \"tests\"; the settings name none. Add it under checks: in your own or in the project's koubou.yaml.");
    userFile('checks: [{ name: tests, command: [make] }, { name: types, command: [tsc] }]');
    expect(await found('test')).toBe('Misconfigured CHECK_UNKNOWN: There is no check "test"; the settings name tests, types.');
  });

  test('where the project’s file is broken', async () => {
    scratch.put('project/koubou.yaml', 'checks: [{ name: tests }]');
    expect(await found('tests')).toContain('Misconfigured CONFIG_');
  });
});

test('Checks of a trusted project leave the service as it is: it serves others too', async () => {
  const before = await loadConfig({ cwd: '/', env: { HOME: scratch.outside }, projectRoot: project });
  scratch.put('project/koubou.yaml', theirs);
  await trustProject(before.places.stateDir, project);
  const after = await loadConfig({ cwd: '/', env: { HOME: scratch.outside }, projectRoot: project });
  expect(after.settings.checks.map(({ name }) => name)).toEqual(['tests', 'types']);
  expect([settingsFingerprint(after) === settingsFingerprint(before), serviceEnvironment(after, {})]).toEqual([true, {}]);
});
