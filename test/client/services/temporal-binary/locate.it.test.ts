import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { cachedTemporal, type LocateRequest } from '#client/services/temporal-binary/binary.ts';
import { buildTemporal } from '#client/services/temporal-binary/build.ts';
import { locateTemporal } from '#client/services/temporal-binary/locate.ts';
import { AppError } from '#domain/errors.ts';
import { processIdentity } from '#io/process-identity.ts';
import { type Behaviour, archiveName, startSite, temporalScript } from './temporal-site.ts';

const repository = fileURLToPath(new URL('../../../../', import.meta.url));
let top: string;
let folder: string;
let bin: string;
let cacheDir: string;
let lines: string[];
let site: Awaited<ReturnType<typeof startSite>>;

beforeAll(async () => {
  top = mkdtempSync(join(tmpdir(), 'koubou temporal '));
  site = await startSite(top);
});

beforeEach(() => {
  folder = mkdtempSync(join(top, 'test '));
  bin = join(folder, 'bin');
  cacheDir = join(folder, 'cache');
  mkdirSync(bin);
  lines = [];
  site.become('good');
});

afterAll(() => {
  site.close();
  rmSync(top, { recursive: true, force: true });
});

const request = (more: Partial<LocateRequest> = {}): LocateRequest => ({
  cacheDir,
  searchPath: bin,
  progress: (line) => void lines.push(line),
  downloadBase: site.base,
  ...more,
});
const locate = (more: Partial<LocateRequest> = {}) => locateTemporal(request(more));

function script(path: string, text: string): string {
  writeFileSync(path, text, { mode: 0o755 });
  return path;
}

const temporal = (path: string, version: string) => script(path, temporalScript(version));

function cached(version: string): string {
  const path = cachedTemporal(cacheDir);
  mkdirSync(join(path, '..'), { recursive: true });
  return temporal(path, version);
}

/** A `go` that notes each build with its environment, takes its time, and builds a script; or fails. */
function go({ version = '1.26.8', delay = '0', exit = 0 }: { version?: string; delay?: string; exit?: number } = {}): void {
  script(
    join(bin, 'go'),
    `#!/bin/sh
PATH=/usr/bin:/bin
if [ "$1" = version ]; then echo "go version go${version} linux/amd64"; exit 0; fi
{ echo "$$ $PWD $*"; } >> "${folder}/builds"
env > "${folder}/go-environment"
while [ "$1" != -o ]; do shift; done
echo half > "$2"
sleep ${delay}
if [ ${exit} -ne 0 ]; then echo "go: downloading x" >&2; echo "x.go:1: cannot compile" >&2; exit ${exit}; fi
cat > "$2" <<'SCRIPT'
${temporalScript('1.31.2')}SCRIPT
chmod 755 "$2"
`,
  );
}

const builds = () => (existsSync(join(folder, 'builds')) ? readFileSync(join(folder, 'builds'), 'utf8').split('\n').filter(Boolean) : []);
const leftovers = () => readdirSync(join(cacheDir, 'temporal'), { recursive: true }).map(String);

async function failure(work: Promise<unknown>) {
  const error: unknown = await work.then((value) => value, (reason: unknown) => reason);
  return error instanceof AppError ? { kind: error.kind, code: error.code, message: error.message } : error;
}

describe('what is there already', () => {
  test('a configured path or command name wins over everything', async () => {
    const configured = temporal(join(folder, 'mine'), '1.40.0');
    temporal(join(bin, 'temporal'), '1.31.2');
    expect(await locate({ configured })).toEqual({ path: configured, serverVersion: '1.40.0', origin: 'configured' });
    expect(await locate({ configured: 'temporal' })).toEqual({ path: join(bin, 'temporal'), serverVersion: '1.31.2', origin: 'configured' });
  });

  test('a configured one that will not do is refused, never replaced by another', async () => {
    temporal(join(bin, 'temporal'), '1.31.2');
    const plain = join(folder, 'plain');
    writeFileSync(plain, '');
    const cases = [plain, temporal(join(folder, 'old'), '1.30.9'), temporal(join(folder, 'new'), '2.0.0'), script(join(folder, 'other'), '#!/bin/sh\necho hello\n'), script(join(folder, 'broken'), '#!/bin/sh\nexit 4\n')];
    const answers = [];
    for (const configured of cases) answers.push(await failure(locate({ configured })));
    const words = ['there is no such executable file.', 'its server is 1.30.9.', 'its server is 2.0.0.', 'it does not name a server version.', `\`${folder}/broken\` ended with exit code 4.`];
    expect(answers).toEqual(
      words.map((why, index) => ({
        kind: 'Misconfigured',
        code: 'TEMPORAL_UNFIT',
        message: `KOUBOU_TEMPORAL names ${cases[index]}, but ${why} Name a Temporal command line with server 1.31 or newer, below 2, or unset it.`,
      })),
    );
  });

  test('one on the search path is taken, whatever it calls itself, before the cache', async () => {
    cached('1.31.2');
    const path = temporal(join(bin, 'temporal'), '1.31.0');
    expect([await locate(), lines]).toEqual([{ path, serverVersion: '1.31.0', origin: 'path' }, []]);
  });

  test('one on the search path that will not do is passed over with a word', async () => {
    const path = cached('1.31.2');
    temporal(join(bin, 'temporal'), '1.29.1');
    expect([await locate(), lines]).toEqual([{ path, serverVersion: '1.31.2', origin: 'cache' }, [`${bin}/temporal is passed over: its server is 1.29.1.`]]);
    expect(site.requests).toEqual([]);
  });
});

describe('the download', () => {
  test('brings the official binary, verified, and leaves nothing else behind', async () => {
    go();
    const found = { path: join(cacheDir, 'temporal/1.8.2/temporal'), serverVersion: '1.31.2' };
    expect(await locate()).toEqual({ ...found, origin: 'download' });
    expect(site.requests).toEqual(['/v/checksums.txt', `/v/${archiveName}`]);
    expect([statSync(found.path).mode & 0o777, leftovers().toSorted((a, b) => a.length - b.length), builds()]).toEqual([0o755, ['1.8.2', '1.8.2/temporal'], []]);
    expect(lines).toEqual([`fetching the Temporal server 1.8.2 from ${site.host} (about 45 MB, usually under a minute)`]);
    expect(await locate({ downloadBase: 'http://127.0.0.1:1' })).toEqual({ ...found, origin: 'cache' });
  });

  test('replaces a cached binary that does not run', async () => {
    script(cached('1.31.2'), '#!/bin/sh\nexit 1\n');
    expect(await locate()).toMatchObject({ origin: 'download' });
  });

  const checksum = /has the checksum [0-9a-f]{12}…, but 000000000000… was published\. It may have been tampered with and is not used\.$/;
  test.for([
    ['wrong checksum', checksum],
    ['no checksum', /checksums\.txt does not name temporal_cli_1\.8\.2_\S+, so the download cannot be verified and is not used\.$/],
    ['not found', /^127\.0\.0\.1:\d+ could not be used: it answered 404\.$/],
    ['cut off', /could not be used: the connection was cut off \(ECONNRESET\)\.$/],
    ['stalls', /could not be used: nothing arrived for 60 ms\.$/],
    ['silent', /could not be used: it did not answer within 60 ms\.$/],
    ['not an archive', /The archive cannot be used: it is damaged\.$/],
    ['does not run', /what came does not run here: `.*` ended with exit code 3\.$/],
  ] as const)('that goes wrong (%s) is told and not used; the build is tried', async ([mood, why]) => {
    go();
    site.become(mood satisfies Behaviour);
    expect(await locate({ patience: { answerMs: mood === 'silent' ? 60 : 10_000, stallMs: mood === 'stalls' ? 60 : 10_000 } })).toMatchObject({ serverVersion: '1.31.2', origin: 'build' });
    const told = lines.find((line) => line.startsWith('the download did not work: '))?.slice('the download did not work: '.length);
    expect(told).toMatch(why);
    expect([builds().length, leftovers().length]).toEqual([1, 2]);
  });
});

describe('the build with Go', () => {
  const closed = 'http://127.0.0.1:1/v';

  test('runs in the committed module with folders of its own, and removes them', async () => {
    go();
    const environment = { HOME: folder, https_proxy: 'http://proxy.test', GOFLAGS: '-mod=mod', GOPROXY: 'off', API_TOKEN: 'secret' };
    expect(await locate({ downloadBase: closed, environment })).toMatchObject({ origin: 'build' });
    const work = join(cacheDir, 'temporal/1.8.2/work');
    const [built] = builds();
    expect(built?.slice(built.indexOf(' ') + 1)).toBe(
      `${repository}tools/temporal build -trimpath -ldflags -s -w -o ${work}/temporal github.com/temporalio/cli/cmd/temporal`,
    );
    const seen = Object.fromEntries(readFileSync(join(folder, 'go-environment'), 'utf8').trim().split('\n').map((line) => line.split(/=(.*)/s, 2)));
    for (const shells of ['PWD', 'OLDPWD', 'SHLVL', '_', 'PATH']) delete seen[shells];
    expect(seen).toEqual({
      HOME: folder, https_proxy: 'http://proxy.test', GOPROXY: 'off', CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOWORK: 'off', GOTELEMETRY: 'off',
      GOFLAGS: '-mod=readonly -modcacherw -buildvcs=false',
      GOPATH: `${work}/go`, GOMODCACHE: `${work}/modules`, GOCACHE: `${work}/cache`, GOTMPDIR: work,
    });
    expect(leftovers().length).toBe(2);
    expect(lines.at(-1)).toMatch(/^the Temporal server is built \(\d s\)$/);
  });

  test('is done once by two at the same time; the second says for whom it waits', async () => {
    go({ delay: '0.4' });
    const first = locate({ downloadBase: closed });
    while (builds().length === 0) await sleep(5);
    const second = await locate({ downloadBase: closed });
    expect([(await first).origin, second.origin, builds().length]).toEqual(['build', 'cache', 1]);
    expect(lines).toContain(`process ${process.pid} is bringing the Temporal server already; waiting for it`);
  });

  test('that is aborted ends Go and leaves nothing behind', async () => {
    go({ delay: '30' });
    const stop = new AbortController();
    const reason = new Error('enough');
    const work = locate({ downloadBase: closed, signal: stop.signal });
    while (builds().length === 0) await sleep(5);
    stop.abort(reason);
    expect(await failure(work)).toBe(reason);
    const pid = Number(builds()[0]?.split(' ')[0]);
    expect([processIdentity(pid), leftovers()]).toEqual([null, ['1.8.2']]);
  });

  test.skipIf(process.platform !== 'linux' || !existsSync('/usr/bin/setpriv'))('of a killed process ends with it, and the next one clears up', async () => {
    go({ delay: '30' });
    const child = locateInChild(closed);
    while (builds().length === 0) await sleep(5);
    child.kill('SIGKILL');
    const pid = Number(builds()[0]?.split(' ')[0]);
    while (processIdentity(pid) !== null) await sleep(5);
    expect(leftovers()).toContain('1.8.2/work');
    writeFileSync(join(cacheDir, 'temporal/1.8.2/half'), '');
    go();
    expect(await locate({ downloadBase: closed })).toMatchObject({ origin: 'build' });
    expect([builds().length, leftovers().length]).toEqual([2, 2]);
  });

  test('that fails shows the last words of Go', async () => {
    go({ exit: 2 });
    expect(await failure(locate({ downloadBase: closed }))).toMatchObject({ code: 'TEMPORAL_NOT_FOUND' });
    expect(lines.slice(-2)).toEqual(['go: x.go:1: cannot compile', 'the build with Go did not work: go build ended with exit code 2; its last lines are shown above.']);
  });

  test('is not begun without the room for it', async () => {
    go();
    const tell = (line: string): void => void lines.push(line);
    const build = buildTemporal({ workFolder: folder, searchPath: bin, environment: {}, tell, free: 5.94e9 });
    expect([await failure(build), builds()]).toEqual([
      { kind: 'Misconfigured', code: 'DISK_TOO_SMALL', message: 'a build needs 6 GB of disk for its time, but only 5.9 GB are free.' },
      [],
    ]);
  });
});

describe('when no way is open', () => {
  const remedies = (host: string) => [
    'Do one of these, then run the same command again:',
    '  - install a Temporal command line with server 1.31 or newer, below 2 (https://docs.temporal.io/cli), so that `temporal` is on PATH or KOUBOU_TEMPORAL names it',
    `  - let this machine reach ${host}, by HTTPS_PROXY if it needs a proxy`,
    '  - install Go 1.26.4 or newer (https://go.dev/dl) and free 6 GB of disk: the server is then built here once',
  ];

  test.for([
    [undefined, 'Go is not installed.'],
    ['1.26.3', 'Go 1.26.4 or newer is needed, but this is 1.26.3.'],
    ['1.9', 'Go 1.26.4 or newer is needed, but this is 1.9.'],
  ] as const)('one message says what was tried and what to do (Go: %s)', async ([version, why]) => {
    if (version !== undefined) go({ version });
    expect(await failure(locate({ downloadBase: 'http://127.0.0.1:1/v' }))).toEqual({
      kind: 'Misconfigured',
      code: 'TEMPORAL_NOT_FOUND',
      message: [
        'There is no Temporal server on this machine, and none could be brought:',
        '  - the download: 127.0.0.1:1 could not be used: it refused the connection (ECONNREFUSED).',
        `  - the build with Go: ${why}`,
        ...remedies('127.0.0.1:1'),
      ].join('\n'),
    });
  });

  test('a build that was not asked for is not tried', async () => {
    go();
    site.become('not found');
    expect(await failure(locate({ allowBuild: false }))).toMatchObject({ code: 'TEMPORAL_NOT_FOUND', message: expect.not.stringContaining('the build with Go') as string });
    expect(builds()).toEqual([]);
  });

  test('a cache that cannot be written to is named', async () => {
    writeFileSync(cacheDir, 'a file');
    expect(await failure(locate())).toEqual({
      kind: 'Misconfigured',
      code: 'CACHE_UNWRITABLE',
      message: `The folder for downloads, ${cacheDir}/temporal/1.8.2, cannot be made (EEXIST). Make it writable, or name another one in KOUBOU_HOME.`,
    });
  });
});

function locateInChild(downloadBase: string): ChildProcess {
  const program = `import { locateTemporal } from '#client/services/temporal-binary/locate.ts';
    await locateTemporal({ cacheDir: ${JSON.stringify(cacheDir)}, searchPath: ${JSON.stringify(bin)}, downloadBase: ${JSON.stringify(downloadBase)}, progress: () => {} });`;
  return spawn(process.execPath, ['--input-type=module', '-e', program], { cwd: repository, stdio: ['ignore', 'inherit', 'inherit'] });
}
