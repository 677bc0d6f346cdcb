import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCheck, type CheckJob, type CheckPlace } from '#io/checks/run-check.ts';
import { markedProcesses } from '#io/jail-marker.ts';
import { findJail, jailKinds, type JailKind } from '#io/jail.ts';
import { jailTools } from '#test/support/agents.ts';
import { makeRepository, type TestRepository } from '#test/support/git-repository.ts';
import { makeScratch } from '#test/support/scratch.ts';

const scratch = makeScratch('run-check');
const home = path.join(scratch.root, 'home');
const tools = jailTools();
const here = new Map(await Promise.all(jailKinds.map(async (kind) => [kind, await findJail([kind], tools)] as const)));
let project: TestRepository;

beforeAll(() => {
  project = makeRepository(path.join(home, 'project'));
  project.write('.gitignore', 'node_modules/\n.env\n');
  project.write('src/a.txt', 'as it was\n');
  project.write('src/b.txt', 'another\n');
  project.write('run.sh', '#!/bin/sh\necho ran "$@"\n');
  chmodSync(path.join(project.folder, 'run.sh'), 0o755);
  project.commitAll();
  project.write('.env', 'KEY=of-the-project\n');
  project.write('new.txt', 'not yet tracked\n');
  project.write('node_modules/pkg/index.js', 'module.exports = 7;\n');
  project.write('node_modules/@own/lib/index.js', 'module.exports = 8;\n');
  scratch.put('home/.ssh/id', 'private');
});
afterAll(() => scratch.remove());

const runs = (): string => path.join(scratch.outside, 'runs');
const left = (): number[] => markedProcesses((marker) => marker.startsWith(`${process.pid}.`));

function check(kind: JailKind, command: readonly string[], more: Partial<CheckJob> = {}, place: Partial<CheckPlace> = {}) {
  const job: CheckJob = {
    name: 'tests', command, network: !here.get(kind)!.cutsNetwork, timeoutMs: 20_000, root: project.folder, path: 'src/a.txt', content: Buffer.from('the revision\n'),
    signal: new AbortController().signal, ...more,
  };
  return runCheck(job, { environment: { PATH: process.env['PATH'], HOME: home, CANARY_KEY: 'canary-value', NODE_OPTIONS: '--require=/nowhere.js', BASH_ENV: '/nowhere' }, scratchRoot: runs(), hidden: [], rules: {}, jails: [kind], jailTools: tools, ...place });
}

const shell = (kind: JailKind, script: string, more: Partial<CheckJob> = {}) => check(kind, ['sh', '-c', script], more);

function stateOfProject(): unknown {
  const files = readdirSync(project.folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && !entry.parentPath.includes('.git')).map((entry) => path.join(entry.parentPath, entry.name));
  return files.toSorted().map((file) => [file, readFileSync(file, 'utf8')]);
}

describe.each(jailKinds)('in a jail of kind %s, a check', (kind) => {
  const it = test.skipIf(here.get(kind)!.kind !== kind || process.platform !== 'linux');

  it('sees the revision in its place, what git tracks and what is new, and nothing that git ignores', async () => {
    const { exitCode, timedOut, output } = await shell(kind, 'cat src/a.txt src/b.txt new.txt; ls -A; cat .env');
    expect([exitCode, timedOut, output.split('\n').filter((line) => !line.includes('.env'))]).toEqual([1, false, ['the revision', 'another', 'not yet tracked', '.gitignore', 'new.txt', 'node_modules', 'run.sh', 'src', '']]);
  });

  it('prints both its outputs in their order, and ends as it likes', async () => {
    expect(await shell(kind, 'echo one; echo two >&2; echo three; exit 7')).toEqual({ exitCode: 7, timedOut: false, output: 'one\ntwo\nthree\n' });
    expect(await check(kind, ['./run.sh', '$(touch x)', '; exit 3'])).toEqual({ exitCode: 0, timedOut: false, output: 'ran $(touch x) ; exit 3\n' });
  });

  it('finds the programs that npm or a version manager put where the jail hides things', async () => {
    const linked = scratch.put('home/tools/node_modules/tool/tool.sh', '#!/bin/sh\necho linked\n');
    const managed = scratch.put('home/.manager/v1/bin/managed', '#!/bin/sh\ncat "${0%/bin/*}/lib/words"\n');
    scratch.put('home/.manager/v1/lib/words', 'managed\n');
    for (const file of [linked, managed]) chmodSync(file, 0o755);
    const bin = path.join(home, 'tools/node_modules/.bin');
    mkdirSync(bin, { recursive: true });
    if (!existsSync(path.join(bin, 'tool'))) symlinkSync('../tool/tool.sh', path.join(bin, 'tool'));
    const place = { environment: { PATH: `${bin}:${path.dirname(managed)}:${process.env['PATH']}`, HOME: home } };
    expect([await check(kind, ['tool'], {}, place), await check(kind, ['managed'], {}, place)]).toMatchObject([{ exitCode: 0, output: 'linked\n' }, { exitCode: 0, output: 'managed\n' }]);
  });

  it('uses installed packages', async () => {
    const script = "console.log(require('pkg'), require('@own/lib'))";
    expect(await check(kind, ['node', '-e', script])).toMatchObject({ exitCode: 0, output: '7 8\n' });
  });

  it('changes nothing of the working tree, whatever it writes', async () => {
    const before = stateOfProject();
    await shell(kind, 'rm -rf src; echo x > new.txt; mkdir -p node_modules/.cache; echo x > node_modules/.cache/x; rm -rf .git; git init -q; true');
    expect([stateOfProject(), project.git('status', '--porcelain')]).toEqual([before, '?? new.txt']);
    expect(readdirSync(runs())).toEqual([]);
  });

  it('gets an environment of its own: no key, no option of an interpreter, a private home', async () => {
    const { output } = await shell(kind, 'env; echo; cat /proc/*/environ 2>/dev/null | tr "\\0" "\\n"');
    const own = output.split('\n\n')[0]!;
    if (kind !== 'process group') expect(output).not.toContain('canary-value');
    expect(own).not.toMatch(/canary-value|NODE_OPTIONS|BASH_ENV|nowhere/);
    expect(own).toMatch(/^CI=true$/m);
    expect(own).not.toContain(`HOME=${home}\n`);
  });

  it('reaches nobody over the network, not even what else runs on this machine', async () => {
    const answers: string[] = [];
    const server = createServer((socket) => socket.on('error', () => undefined).end(String(answers.push('reached')))).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const script = `require('net').connect(${port}, '127.0.0.1').on('error', (e) => { console.log(e.code); process.exit(9); }).on('connect', () => process.exit(0))`;
    const cut = here.get(kind)!.cutsNetwork;
    try {
      const end = await check(kind, ['node', '-e', script]);
      expect([end.exitCode, answers.length]).toEqual(cut ? [9, 0] : [0, 1]);
      expect((await check(kind, ['node', '-e', script], { network: true })).exitCode).toBe(0);
    } finally {
      server.close();
    }
  });

  it('may serve and ask its own machine', async () => {
    const script = "const net = require('net'); const s = net.createServer((c) => c.end('answer')).listen(0, '127.0.0.1', () => net.connect(s.address().port, '127.0.0.1').on('data', (d) => { console.log(String(d)); process.exit(); }).on('error', (e) => { console.log(e.code); process.exit(1); }))";
    expect(await check(kind, ['node', '-e', script])).toEqual({ exitCode: 0, timedOut: false, output: 'answer\n' });
  });

  it('that runs too long is stopped with all it started, and what it printed is kept', async () => {
    const started = performance.now();
    const end = await shell(kind, 'echo begun; setsid sleep 300 & sleep 300', { timeoutMs: 700 });
    expect([end, left(), performance.now() - started < 5_000, readdirSync(runs())]).toEqual([{ exitCode: null, timedOut: true, output: expect.stringMatching(/^begun\n/) }, [], true, []]);
  });

  it('ends with all it started when it is cancelled', async () => {
    const controller = new AbortController();
    const running = shell(kind, "trap '' TERM; setsid sleep 300 & sleep 300", { signal: controller.signal });
    await expect.poll(() => left().length, { timeout: 5_000 }).toBeGreaterThan(1);
    controller.abort(new Error('cancelled by the test'));
    await expect(running).rejects.toThrow('cancelled by the test');
    expect([left(), readdirSync(runs())]).toEqual([[], []]);
  });

  it('may print without end: only the end is kept', async () => {
    const { output, exitCode } = await shell(kind, 'i=0; while [ $i -lt 60000 ]; do echo "line $i"; i=$((i+1)); done; exit 4');
    expect([exitCode, output.length < 70_000, output.endsWith('line 59999\n')]).toEqual([4, true, true]);
  });

  it('whose program is not there says so', async () => {
    for (const program of ['no-such-program', './no-such.sh', '/no/such', 'src/a.txt', 'node_modules/.bin/no']) {
      await expect(check(kind, [program])).rejects.toMatchObject({ kind: 'Misconfigured', code: 'CHECK_NOT_FOUND' });
    }
    expect(readdirSync(runs())).toEqual([]);
  });

  it('is never the program that a project puts into the search path', async () => {
    project.write('bin/tests', '#!/bin/sh\ntouch /tmp/never\n');
    const place = { environment: { PATH: `${path.join(project.folder, 'bin')}:.:bin:${process.env['PATH']}`, HOME: home } };
    await expect(check(kind, ['tests'], {}, place)).rejects.toMatchObject({ code: 'CHECK_NOT_FOUND' });
    execFileSync('rm', ['-r', path.join(project.folder, 'bin')]);
  });

  it('finds no file through links that lead out, and follows none that would write outside', async () => {
    symlinkSync(path.join(scratch.root, 'home/.ssh/id'), path.join(project.folder, 'key'));
    symlinkSync('../../outside', path.join(project.folder, 'out'));
    symlinkSync('src/b.txt', path.join(project.folder, 'inside'));
    try {
      const { output } = await shell(kind, 'ls -A | grep -E "key|out|inside"; cat inside');
      expect(output).toBe('inside\nanother\n');
    } finally {
      execFileSync('rm', ['key', 'out', 'inside'], { cwd: project.folder });
    }
  });
});

const bubblewrap = test.skipIf(here.get('bubblewrap')!.kind !== 'bubblewrap');

bubblewrap('Under bubblewrap what knows its own place finds the copy there, and elsewhere it is missing', async () => {
  project.write('.gitignore', 'node_modules/\n.env\n.venv/\n');
  project.write('.venv/bin/tool', `#!/bin/sh\ncat ${project.folder}/src/a.txt; echo x > ${project.folder}/.venv/x\n`);
  chmodSync(path.join(project.folder, '.venv/bin/tool'), 0o755);
  const { output } = await check('bubblewrap', ['.venv/bin/tool']);
  expect([output.split('\n')[0], existsSync(path.join(project.folder, '.venv/x'))]).toEqual(['the revision', false]);
  const other = [...here.values()].find(({ kind, cutsNetwork }) => kind !== 'bubblewrap' && cutsNetwork);
  if (other !== undefined) await expect(check(other.kind, ['.venv/bin/tool'])).rejects.toMatchObject({ code: 'CHECK_NOT_FOUND' });
});

bubblewrap('Under bubblewrap the copy stands in the project’s own place, and nothing else of the home is there', async () => {
  const script = `pwd; cat ${project.folder}/src/a.txt; ls -A ${home}; ls -A ${scratch.outside}; echo x > ${project.folder}/node_modules/pkg/index.js; echo x > /usr/x`;
  const { output } = await shell('bubblewrap', script);
  expect(output.split('\n').slice(0, 3)).toEqual(['.', 'the revision', 'project']);
  expect(output).not.toMatch(/private|\.ssh/);
  expect([readFileSync(path.join(project.folder, 'node_modules/pkg/index.js'), 'utf8'), existsSync('/usr/x')]).toEqual(['module.exports = 7;\n', false]);
});

test('Where no jail cuts the network, a check that may not use it does not run', async () => {
  await expect(check('process group', ['sh', '-c', 'touch /tmp/never'], { network: false })).rejects.toMatchObject({ kind: 'Misconfigured', code: 'CHECK_NETWORK' });
});

test('A check runs outside git too, without caches and the folders of others', async () => {
  const root = path.join(scratch.root, 'plain');
  mkdirSync(path.join(root, '__pycache__'), { recursive: true });
  mkdirSync(path.join(root, 'node_modules/pkg'), { recursive: true });
  for (const file of ['a.txt', '__pycache__/x', 'node_modules/pkg/package.json']) writeFileSync(path.join(root, file), '{}');
  const kind = [...here.values()].find(({ cutsNetwork }) => cutsNetwork)!.kind;
  const { output } = await shell(kind, 'cat a.txt; ls -A', { root, path: 'a.txt' });
  expect(output).toBe('the revision\na.txt\nnode_modules\n');
});
