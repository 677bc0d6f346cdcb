import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { settingsTemplate } from '#wire/settings-template.ts';
import { jsonSchemaText } from '#wire/json-schemas.ts';
import { makeScratch, type Scratch } from '../../support/scratch.ts';
import { runInProcess, type InProcess } from '../../support/program.ts';

let scratch: Scratch;
beforeAll(() => {
  scratch = makeScratch('cli');
  mkdirSync(join(scratch.root, '.git'));
  scratch.put('a.ts', 'export {};\n');
  scratch.put('notes.log', 'x\n');
});
afterAll(() => scratch.remove());

const env = (): Record<string, string> => ({ HOME: scratch.outside, KOUBOU_HOME: join(scratch.outside, 'koubou'), PATH: '/usr/bin:/bin' });
const run = (argv: readonly string[], more: Record<string, string> = {}, input?: Uint8Array): Promise<InProcess> =>
  runInProcess(argv, { cwd: scratch.root, env: { ...env(), ...more }, ...(input === undefined ? {} : { input }) });
const started = (): boolean => existsSync(join(scratch.outside, 'koubou/state/service.json'));

describe('what can be seen to be wrong starts no service', () => {
  test.each([
    ['review nonesuch.ts', 'NOT_FOUND'],
    ['review ../outside.ts', 'PATH_TRAVERSAL'],
    ['review /etc/passwd', 'PATH_ABSOLUTE'],
    ['review .git/config', 'PATH_DENIED_NAME'],
    ['review', 'INPUT_INVALID'],
    ['review a.ts --frob', 'INPUT_UNKNOWN_FLAG'],
    ['review a.ts --profile nonesuch', 'PROFILE_UNKNOWN'],
    ['review a.ts --task x', 'INPUT_INVALID'],
    ['review --task x --diff', 'INPUT_INVALID'],
    ['review --task x --stdin --name x.md', 'INPUT_INVALID'],
    ['review --task x --watch', 'INPUT_INVALID'],
    ['review --task=', 'INPUT_INVALID'],
    ['review --task x --name ../a.md', 'PATH_TRAVERSAL'],
    ['review --task x --name .git/hooks/x', 'PATH_DENIED_NAME'],
    ['review --task x --name a.ts', 'PATH_TAKEN'],
    ['review --task x', 'TASK_NEEDS_MODEL'],
    ['review a.ts --budget-usd 0', 'INPUT_INVALID'],
    ['review a.ts --budget-usd much', 'INPUT_INVALID'],
    ['review a.ts --budget-tokens 1.5', 'INPUT_INVALID'],
    ['review a.ts --project-path nowhere', 'NOT_FOUND'],
    ['review a.ts --project-path a.ts', 'NOT_FOUND'],
    ['review a.ts --project-path ..', 'PATH_TRAVERSAL'],
    ['review a.ts --project-path /', 'PATH_ABSOLUTE'],
    ['evaluate a.ts --project-path nowhere', 'NOT_FOUND'],
    ['decide id continue --budget-tokens 0', 'INPUT_INVALID'],
    ['review a.ts --diff main', 'INPUT_INVALID'],
    ['review a.ts --stdin --name x', 'INPUT_INVALID'],
    ['review --stdin', 'INPUT_INVALID'],
    ['review a.ts --name x', 'INPUT_INVALID'],
    ['review --stdin --name x.ts --write', 'INPUT_INVALID'],
    ['review --stdin --name x.ts --watch', 'INPUT_INVALID'],
    ['review a.ts --watch --detach', 'INPUT_INVALID'],
    ['review a.ts --detach --wait 1s', 'INPUT_INVALID'],
    ['review a.ts --wait soon', 'INPUT_INVALID'],
    ['review a.ts --format html --format junit', 'INPUT_INVALID'],
    ['review a.ts --format pdf', 'INPUT_UNKNOWN_FORMAT'],
    ['review . --format html', 'INPUT_INVALID'],
    ['review a.ts --config nonesuch.yaml', 'FILE_NOT_FOUND'],
    ['review a.ts --root nowhere', 'ROOT_NOT_FOUND'],
    ['review a.ts --baseline nonesuch.json', 'FILE_NOT_FOUND'],
    ['review a.ts --baseline a.ts', 'BASELINE_INVALID'],
    ['review a.ts --baseline .', 'FILE_NOT_READABLE'],
    ['review a.ts --baseline /dev/zero', 'FILE_NOT_READABLE'],
    ['evaluate', 'INPUT_INVALID'],
    ['evaluate a.ts b.ts', 'INPUT_INVALID'],
    ['evaluate a.ts --target 11', 'INPUT_INVALID'],
    ['evaluate nonesuch.md', 'NOT_FOUND'],
    ['evaluate --reply', 'INPUT_INVALID'],
    ['evaluate --reply a.txt', 'FILE_NOT_FOUND'],
    ['evaluate --reply a.ts --scale-max 5', 'INPUT_INVALID'],
    ['evaluate --reply a.ts --cli other', 'INPUT_INVALID'],
    ['mcp here', 'INPUT_INVALID'],
    ['decide id maybe', 'INPUT_INVALID'],
    ['decide id continue --budget-usd free', 'INPUT_INVALID'],
    ['retry', 'INPUT_INVALID'],
    ['retry id --all', 'INPUT_INVALID'],
    ['wait id --wait soon', 'INPUT_INVALID'],
    ['result id --text --diff', 'INPUT_INVALID'],
    ['result nonesuch', 'RUN_UNKNOWN'],
    ['wait nonesuch', 'RUN_UNKNOWN'],
    ['status nonesuch', 'RUN_UNKNOWN'],
    ['worker', 'SERVICE_NOT_RUNNING'],
    ['worker --queues koubou-analisys', 'QUEUE_UNKNOWN'],
    ['worker --queues ,', 'QUEUE_UNKNOWN'],
    ['trust .', 'CONFIG_NOT_FOUND'],
    ['config shwo', 'INPUT_INVALID'],
    ['completion tcsh', 'INPUT_INVALID'],
    ['down --timeout soon', 'INPUT_INVALID'],
    ['review a.ts --address nonsense', 'CONFIG_INVALID'],
    ['review a.ts --address 127.0.0.1:1', 'SERVICE_NOT_ANSWERING'],
    ['up --address 127.0.0.1:1', 'INPUT_INVALID'],
  ])('koubou %s: %s', async (line, code) => {
    const { code: exit, stdout, stderr } = await run([...line.split(' '), '--json']);
    expect([exit, JSON.parse(stdout)]).toEqual([2, { schema: 'koubou.error/1', error: { kind: expect.any(String), code, message: expect.any(String) }, initial_score: null, final_score: null }]);
    expect(stderr).toMatch(new RegExp(String.raw`^(koubou: no service answers[^\n]*\n)?koubou: [^]*\[${code}\]\n$`));
    expect(started()).toBe(false);
  });

  test('neither does a text that is none', async () => {
    expect(await run(['review', '--stdin', '--name', 'x.ts'], {}, new Uint8Array([0xff, 0xfe, 0, 1]))).toMatchObject({ code: 2, stderr: expect.stringContaining('[INPUT_BINARY]') });
  });

  test('nor a name that the settings do not allow', async () => {
    const { code, stderr } = await run(['review', 'notes.log'], { KOUBOU_SAVE_ALLOWED_EXTENSIONS: '.ts,.md' });
    expect([code, stderr]).toEqual([2, expect.stringContaining('[EXT_NOT_ALLOWED]')]);
  });
});

describe('without a service', () => {
  test('status says so, in words and as an object', async () => {
    const { code, stdout } = await run(['status']);
    expect([code, stdout]).toEqual([0, 'No service is running. Runs that wait, and their timers, go on when it is started again: by the next review, or by `koubou up`.\n\nNo run is open.\n']);
    const json = JSON.parse((await run(['status', '--json'])).stdout) as object;
    expect(json).toMatchObject({ address: null, namespace: null, ui_url: null, pid: null, version: null, queues: [], runs: [] });
  });

  test('list and parked show what the store holds and say so', async () => {
    const told = 'koubou: no service answers; this is what the store holds. Runs that are open go on at the next `koubou up` or `koubou review`.\n';
    expect(await run(['list'])).toEqual({ code: 0, stdout: 'No runs yet. Start one with: koubou review PATH\n', stderr: told });
    expect(await run(['parked'])).toEqual({ code: 0, stdout: 'No run is open.\n', stderr: told });
    expect(JSON.parse((await run(['list', '--json', '--quiet'])).stdout)).toEqual({ schema: 'koubou.runs/1', runs: [] });
  });

  test('down has nothing to do', async () => {
    expect(await run(['down'])).toEqual({ code: 0, stdout: 'No service is running.\n', stderr: '' });
  });

  test('a named service that does not answer is named by whom', async () => {
    const { stderr } = await run(['review', 'a.ts'], { TEMPORAL_ADDRESS: '127.0.0.1:1' });
    expect(stderr).toBe('koubou: Nothing answers at 127.0.0.1:1, the Temporal service named by TEMPORAL_ADDRESS. Start that service, or name none to use one of your own. [SERVICE_NOT_ANSWERING]\n');
  });

  test('reviewers lists them', async () => {
    expect((await run(['reviewers'])).stdout).toBe('ID      ROLE      ASKS A MODEL  LANGUAGES   VERSION\nstatic  reviewer  no            typescript  1\n');
    expect(JSON.parse((await run(['reviewers', '--json'])).stdout)).toEqual({
      schema: 'koubou.reviewers/1', reviewers: [{ id: 'static', role: 'reviewer', version: '1', languages: ['typescript'], asks_model: false }],
    });
  });

  test('doctor tells each thing on a line, and 0 means nothing is wrong', async () => {
    const { code, stdout } = await run(['doctor', '--json']);
    const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: { name: string; ok: string }[] };
    expect(code === 0).toBe(ok);
    expect(checks.map(({ name }) => name)).toEqual(['node', 'git', 'temporal', 'service', 'queues', 'store', 'disk', 'engine biome', 'paths', 'sandbox']);
    expect((await run(['doctor'])).stdout).toMatch(/^ok {4}node {10}v\d+/);
  });
});

describe('doctor beside a koubou.yaml that cannot be used', () => {
  test.each([['an unknown key', 'frob: 1\n', /unknown key "frob"/], ['a NUL', 'review:\0\n', /^koubou\.yaml: .* it has NUL bytes/]])('tells of %s and looks at all else', async (_, content, message) => {
    writeFileSync(join(scratch.root, 'koubou.yaml'), content);
    const { code, stdout } = await run(['doctor', '--json']).finally(() => rmSync(join(scratch.root, 'koubou.yaml')));
    const { checks } = JSON.parse(stdout) as { checks: { name: string; ok: string; detail: string }[] };
    expect([code, checks[0], checks.some(({ name }) => name === 'store')]).toEqual([1, expect.objectContaining({ name: 'settings', ok: 'fail', detail: expect.stringMatching(message) }), true]);
  });
});

describe('doctor beside settings of the user that cannot be used', () => {
  const diagnose = async (userFile: string, more: Record<string, string> = {}): Promise<[number, string[], boolean]> => {
    const place = join(scratch.outside, '.config/koubou/koubou.yaml');
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, userFile);
    const { code, stdout } = await run(['doctor', '--json'], more).finally(() => rmSync(place));
    const { checks } = JSON.parse(stdout) as { checks: { name: string; ok: string; detail: string }[] };
    return [code, checks.filter(({ name, ok }) => name === 'settings' && ok === 'fail').map(({ detail }) => detail), checks.some(({ name }) => name === 'store')];
  };

  test('tells of it and looks at all else', async () => {
    expect(await diagnose('frob: 1\n')).toEqual([1, [expect.stringMatching(/koubou\.yaml.*unknown key "frob"/)], true]);
  });

  test('tells of a variable, and of each file that is wrong besides', async () => {
    expect(await diagnose('review: {}\n', { KOUBOU_REVIEW_TARGET: 'high' })).toEqual([1, [expect.stringContaining('KOUBOU_REVIEW_TARGET')], true]);
    writeFileSync(join(scratch.root, 'koubou.yaml'), 'second: 1\n');
    const all = await diagnose('first: 1\n', { KOUBOU_REVIEW_TARGET: 'high' }).finally(() => rmSync(join(scratch.root, 'koubou.yaml')));
    expect(all).toEqual([1, [expect.stringContaining('"first"'), expect.stringContaining('"second"'), expect.stringContaining('KOUBOU_REVIEW_TARGET')], true]);
  });
});

describe('settings', () => {
  test('config show tells every value and where it came from', async () => {
    const { code, stdout } = await run(['config', 'show'], { KOUBOU_REVIEW_TARGET: '90' });
    expect([code, stdout]).toEqual([0, expect.stringMatching(/\nreview\.target +90 +environment KOUBOU_REVIEW_TARGET\nreview\.max_iterations +5 +default\n/)]);
    const { settings } = JSON.parse((await run(['config', 'show', '--json'])).stdout) as { settings: object[] };
    expect(settings[0]).toEqual({ key: 'review.target', value: 85, origin: 'default' });
  });

  test('config schema is the JSON Schema of koubou.yaml', async () => {
    expect(await run(['config', 'schema'])).toEqual({ code: 0, stdout: jsonSchemaText('koubou.schema.json'), stderr: '' });
  });

  test('config init writes a koubou.yaml into the project root once, and trust then pins it', async () => {
    const below = join(scratch.root, 'sub/folder');
    mkdirSync(below, { recursive: true });
    expect(await runInProcess(['config', 'init'], { cwd: below, env: env() })).toEqual({ code: 0, stdout: '', stderr: `Wrote ${scratch.root}/koubou.yaml.\n` });
    expect(readFileSync(join(scratch.root, 'koubou.yaml'), 'utf8')).toBe(settingsTemplate);
    expect(await run(['config', 'init'])).toMatchObject({ code: 2, stderr: expect.stringContaining('[OUTPUT_EXISTS]') });
    scratch.put('koubou.yaml', 'workers:\n  idle_exit: 5m\n');
    expect((await run(['config', 'show'])).stderr).toContain('counts only after `koubou trust');
    expect(await run(['trust', '.'])).toEqual({
      code: 0,
      stdout: `Trusted ${scratch.root}/koubou.yaml as it is now. It may set: workers.idle_exit.\nWhen the file changes, you are asked again.\n`,
      stderr: '',
    });
    const shown = await run(['config', 'show']);
    expect([shown.stderr, shown.stdout]).toEqual(['', expect.stringMatching(/\nworkers\.idle_exit +5m +project file\n/)]);
  });
});
