import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const bin = fileURLToPath(new URL('../../bin/', import.meta.url));
// An older Node: one that can be replaced by a newer one in its own process, and one that starts it as a child.
const asNode22 = ['--import', "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'22.15.0'})"];
const asNode20 = ['--import', "data:text/javascript,delete process.execve;Object.defineProperty(process.versions,'node',{value:'20.11.1'})"];
const thisNode = `exec '${process.execPath}' "$@"`;
const newerNode = `node-${process.platform}-${process.arch}`;

// Prints what it was given, then ends as the first argument says.
const program = `
const [how, ...rest] = process.argv.slice(2);
let interrupts = 0;
const show = (value) => process.stdout.write(JSON.stringify(value) + '\\n');
if (how === 'show') show({ entry: import.meta.filename, rest, flags: process.execArgv, node: process.version });
if (how === 'warn') for (const type of ['ExperimentalWarning', 'OtherWarning']) process.emitWarning('said', type), process.emitWarning('said', { type });
if (how === 'exit') process.exitCode = Number(rest[0]);
if (how === 'die') process.kill(process.pid, rest[0]);
if (how === 'wait') {
  process.on('SIGINT', () => { interrupts += 1; });
  for (const name of ['SIGTERM', 'SIGHUP', 'SIGQUIT']) process.on(name, () => { show({ ended: name, interrupts }); process.exit(7); });
  setTimeout(() => {}, 10_000);
  show({ ready: process.pid });
}
`;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'koubou launcher '));
  cpSync(bin, join(folder, 'bin'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'koubou', version: '9.8.7', type: 'module' }));
  mkdirSync(join(folder, 'src'));
  installNode(thisNode);
  writeFileSync(join(folder, 'src/main.ts'), program);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function installNode(script: string): void {
  mkdirSync(join(folder, 'node_modules', newerNode, 'bin'), { recursive: true });
  writeFileSync(join(folder, 'node_modules', newerNode, 'bin/node'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  writeFileSync(join(folder, 'node_modules', newerNode, 'package.json'), JSON.stringify({ name: newerNode, version: '24.0.0' }));
}

const launcher = () => join(folder, 'bin/koubou.js');

function run(args: readonly string[], nodeFlags: readonly string[] = []) {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [...nodeFlags, launcher(), ...args], { encoding: 'utf8' });
  return { status, signal, stdout, stderr };
}

describe('the koubou command', () => {
  test('prints its version from the package it stands in', () => {
    const expected = { status: 0, signal: null, stdout: 'koubou 9.8.7\n', stderr: '' };
    expect([run(['--version']), run(['-V'])]).toEqual([expected, expected]);
  });

  test('has help for every command it lists, by three spellings', () => {
    const overview = run(['--help']).stdout;
    const listed = overview.slice(0, overview.indexOf('Flags of every command'));
    const names = [...listed.matchAll(/^ {2}([a-z]+(?:, [a-z]+)*)/gm)].flatMap(([, found]) => found!.split(', '));
    expect(names).toEqual([
      'review', 'evaluate', 'apply', 'list', 'status', 'wait', 'result', 'cancel', 'parked', 'retry', 'decide',
      'up', 'down', 'worker', 'mcp', 'doctor', 'reviewers', 'trust', 'config', 'completion',
    ]);
    const help = readFileSync(join(folder, 'bin/help.txt'), 'utf8');
    const documented = [...help.matchAll(/^# (\S+)\n/gm)].map(([, name]) => name);
    expect(new Set(documented)).toEqual(new Set(['koubou', ...names]));
    const review = run(['help', 'review']);
    expect(review).toEqual({ status: 0, signal: null, stdout: expect.stringMatching(/^usage: koubou review PATH/) as string, stderr: '' });
    expect([run(['review', '--help']), run(['review', 'a.ts', '-h'])]).toEqual([review, review]);
  });

  test('prints the overview without arguments, and no line of any help is wider than 110 columns', () => {
    const lines = readFileSync(join(folder, 'bin/help.txt'), 'utf8').split('\n');
    expect(lines.filter((line) => line.length > 110)).toEqual([]);
    expect([run([]), run(['help']), run(['-h'])]).toEqual([run(['--help']), run(['--help']), run(['--help'])]);
  });

  test('says which command it does not know', () => {
    const stderr = "koubou: there is no command 'reveiw'. `koubou --help` lists them all.\n";
    expect(run(['reveiw', '--help'])).toEqual({ status: 2, signal: null, stdout: '', stderr });
  });

  test('runs src with the arguments as given, in this Node, in the place of an older one, or as its child', () => {
    const args = ['show', 'a b', '--', '--help', ''];
    const entry = join(folder, 'src/main.ts');
    const shown = [[], asNode22, asNode20].map((flags) => run(args, flags)).map((ran) => ({ ...ran, stdout: JSON.parse(ran.stdout) as unknown }));
    const expected = (flags: readonly string[]): unknown => ({ status: 0, signal: null, stdout: { entry, rest: args.slice(1), flags, node: process.version }, stderr: '' });
    const hushed = expected(['--disable-warning=ExperimentalWarning']);
    expect(shown).toEqual([expected([]), hushed, hushed]);
  });

  test('says nothing of what is experimental in Node, and all else that is warned of', () => {
    for (const flags of [[], asNode22]) {
      const { stderr } = run(['warn'], flags);
      expect([stderr.split('OtherWarning: said').length - 1, stderr.includes('Experimental')]).toEqual([2, false]);
    }
  });

  test('runs dist where it exists', () => {
    mkdirSync(join(folder, 'dist'));
    writeFileSync(join(folder, 'dist/main.js'), 'process.stdout.write("built")');
    const built = run(['show']);
    rmSync(join(folder, 'dist'), { recursive: true });
    expect(built).toEqual({ status: 0, signal: null, stdout: 'built', stderr: '' });
  });

  test('ends as the program ends, by code or by signal', () => {
    const ends = [asNode20, asNode22, []].flatMap((flags) =>
      [['exit', '3'], ['exit', '0'], ['die', 'SIGTERM'], ['die', 'SIGKILL']].map((args) => run(args, flags)),
    );
    const expected = [{ status: 3, signal: null }, { status: 0, signal: null }, { status: null, signal: 'SIGTERM' }, { status: null, signal: 'SIGKILL' }];
    expect(ends.map(({ status, signal }) => ({ status, signal }))).toEqual([...expected, ...expected, ...expected]);
  });

  test('an older Node runs the newer one that npm installed beside it', () => {
    installNode('echo "newer node: $*"');
    const found = run(['show', 'x'], asNode20);
    installNode(thisNode);
    const stdout = `newer node: --disable-warning=ExperimentalWarning ${join(folder, 'src/main.ts')} show x\n`;
    expect(found).toEqual({ status: 0, signal: null, stdout, stderr: '' });
  });

  test('says what to install when no fitting Node is to be found', () => {
    rmSync(join(folder, 'node_modules', newerNode), { recursive: true });
    const { status, stderr } = run(['show'], asNode20);
    installNode(thisNode);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(/^koubou: Node 24\.3 or newer is needed\. This is Node 20\.11\.1.*Install Node 24/) as string });
  });

  test('points to npm start in a checkout that is not set up', () => {
    rmSync(join(folder, 'node_modules'), { recursive: true });
    const early = run(['show']);
    installNode(thisNode);
    const stderr = expect.stringMatching(/not set up yet\. Run `npm start -- …`/) as string;
    expect(early).toEqual({ status: 2, signal: null, stdout: '', stderr });
  });
});

// The real program of this checkout, and places that nothing can be written to or read from any more.
describe('surroundings that are broken', () => {
  const command = fileURLToPath(new URL('../../bin/koubou.js', import.meta.url));
  const started = (line: string, cwd = folder) => {
    const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', line, 'sh', process.execPath, command], { encoding: 'utf8', cwd, env: { PATH: process.env['PATH'], HOME: folder, KOUBOU_HOME: join(folder, 'home') } });
    return { status, stdout, stderr };
  };

  test('a current folder that was removed is told in a sentence, under --json as an object too', () => {
    const gone = 'mkdir gone && cd gone && rmdir ../gone &&';
    const sentence = 'koubou: The folder you stand in does not exist any more. Go to another one and call the command again. [CURRENT_FOLDER_GONE]\n';
    expect(started(`${gone} "$1" "$2" list`)).toEqual({ status: 2, stdout: '', stderr: sentence });
    expect(started(`${gone} KOUBOU_HOME=relative "$1" "$2" list`)).toEqual({ status: 2, stdout: '', stderr: sentence });
    const { status, stdout } = started(`${gone} "$1" "$2" list --json`);
    expect([status, (JSON.parse(stdout) as { error: { code: string } }).error.code]).toEqual([2, 'CURRENT_FOLDER_GONE']);
  });

  test.skipIf(!existsSync('/dev/full'))('standard output on a full disk is told in a sentence, by the program and by its launcher', () => {
    const told = { status: 2, stdout: '', stderr: expect.stringMatching(/^koubou: standard output cannot be written: no space is left there\. [^\n]+\n$/) as string };
    expect(started('"$1" "$2" config show >/dev/full')).toEqual(told);
    expect(started('"$1" "$2" --help >/dev/full')).toEqual(told);
    expect(started('"$1" "$2" config show --json >/dev/full 2>/dev/full')).toEqual({ ...told, stderr: '' });
  });

  test('a reader that has gone is no error', () => {
    for (const line of ['config show', '--help']) expect(started(`{ "$1" "$2" ${line}; echo $? >&2; } | true`)).toEqual({ status: 0, stdout: '', stderr: '0\n' });
  });
});

describe('signals', () => {
  test.for([['in one Node', []], ['in the place of an older one', asNode22], ['as parent and child', asNode20]] as const)('each reaches the program once, %s', async ([, flags]) => {
    const child = spawn(process.execPath, [...flags, launcher(), 'wait'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const output = collect(child);
    await output.until('ready');
    child.kill('SIGINT');
    // Two signals of one process may arrive in any order; the second is sent when the first is surely there.
    await sleep(200);
    child.kill('SIGTERM');
    const code = await new Promise((resolve) => child.on('exit', resolve));
    expect({ code, last: (await output.lines()).at(-1) }).toEqual({ code: 7, last: '{"ended":"SIGTERM","interrupts":1}' });
  });

  test.skipIf(!existsSync('/usr/bin/script'))('Ctrl-C in a terminal is one interrupt, also with a child', async () => {
    const command = [process.execPath, ...asNode20, launcher(), 'wait'].map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
    const terminal = spawn('/usr/bin/script', ['-qec', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const output = collect(terminal);
    const { ready } = JSON.parse(await output.until('ready')) as { ready: number };
    terminal.stdin.write('\u0003');
    await sleep(300);
    process.kill(ready, 'SIGTERM');
    expect(await output.until('ended')).toBe('{"ended":"SIGTERM","interrupts":1}');
  });
});

function collect(child: ChildProcess) {
  const all = text(child.stdout!);
  let seen = '';
  child.stdout!.on('data', (chunk: Buffer) => {
    seen += chunk.toString();
  });
  const linesOf = (output: string) => output.split(/\r?\n/).filter(Boolean);
  return {
    lines: async () => linesOf(await all),
    until: async (word: string): Promise<string> => {
      for (;;) {
        const line = linesOf(seen.slice(0, seen.lastIndexOf('\n') + 1)).find((candidate) => candidate.includes(word));
        if (line !== undefined) return line.slice(line.indexOf('{'));
        await sleep(10);
      }
    },
  };
}
