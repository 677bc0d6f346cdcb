import { join } from 'node:path';
import { AppError } from '#domain/errors.ts';
import { freeBytes } from '#io/disk.ts';
import { ownPackageRoot } from '#io/own-files.ts';
import { run } from '#io/process.ts';
import { findCommand } from '#io/service-process.ts';
import { elapsed, type Tell, withProgress } from './progress.ts';
import { cliVersion, isOlder } from './versions.ts';

/** The go line of tools/temporal/go.mod. */
export const oldestGo = [1, 26, 4] as const;
/** Measured at the end of a build: modules 1.5 GB, build cache 1.9 GB, Go's own temporary files 1.9 GB. */
export const buildNeedsBytes = 6e9;

// A machine under heavy load took half an hour; nobody waits longer than this.
const buildMs = 90 * 60_000;
const maxOutputBytes = 20e6;
// What Go may need to know of the user's network; everything else of the build is decided here.
const passedOn = /^(HOME|XDG_CONFIG_HOME|(https?|no|all)_proxy|SSL_CERT_(FILE|DIR)|NETRC|GOENV|GOPROXY|GONOPROXY|GOPRIVATE|GOINSECURE|GOSUMDB|GONOSUMDB|GOAUTH|GOROOT)$/i;

export interface BuildRequest {
  /** An existing folder for this build alone, on the disk that has the room; everything is left in it. */
  readonly workFolder: string;
  readonly searchPath: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly tell: Tell;
  readonly signal?: AbortSignal | undefined;
  /** Bytes that are free for it. */
  readonly free?: number;
}

/**
 * Builds Temporal's command line with Go from the modules that tools/temporal/go.sum fixes. It takes 3 to 5 minutes on two cores.
 *
 * Out     path of the built, executable file in the work folder
 * Fails   Misconfigured GO_NOT_FOUND, GO_TOO_OLD, DISK_TOO_SMALL · Unavailable BUILD_FAILED · TimedOut after 90 minutes
 */
export async function buildTemporal(request: BuildRequest): Promise<string> {
  const { workFolder, tell, signal } = request;
  const go = findCommand('go', request.searchPath);
  if (go === null) throw new AppError('Misconfigured', 'GO_NOT_FOUND', 'Go is not installed.');
  const env = goEnvironment(request);
  await requireGo(go, env, signal);
  requireDisk(request.free ?? freeBytes(workFolder));
  const file = join(workFolder, 'temporal');
  const args = ['build', '-trimpath', '-ldflags', '-s -w', '-o', file, 'github.com/temporalio/cli/cmd/temporal'];
  const options = { cwd: join(ownPackageRoot(), 'tools', 'temporal'), env, timeoutMs: buildMs, maxBytes: maxOutputBytes, signal, okExitCodes: 'any' } as const;
  tell(`building the Temporal server ${cliVersion} with Go (usually 3 to 5 minutes, ${buildNeedsBytes / 1e9} GB of disk meanwhile)`);
  const startedAt = performance.now();
  const { command, first } = endsWithUs(go, request.searchPath);
  const { exitCode, stderr } = await withProgress(tell, 'building the Temporal server', () => run(command, [...first, ...args], options));
  if (exitCode !== 0) throw failed(exitCode, stderr, tell);
  tell(`the Temporal server is built (${elapsed(performance.now() - startedAt)})`);
  return file;
}

function goEnvironment({ workFolder, searchPath, environment }: BuildRequest): Record<string, string> {
  const theirs = Object.entries(environment).filter(([name]) => passedOn.test(name));
  return {
    ...Object.fromEntries(theirs),
    PATH: searchPath,
    CGO_ENABLED: '0',
    GOTOOLCHAIN: 'local',
    GOWORK: 'off',
    GOTELEMETRY: 'off',
    // Without -modcacherw the module files are read-only, and their folders could not be removed afterwards.
    GOFLAGS: '-mod=readonly -modcacherw -buildvcs=false',
    GOPATH: join(workFolder, 'go'),
    GOMODCACHE: join(workFolder, 'modules'),
    GOCACHE: join(workFolder, 'cache'),
    GOTMPDIR: workFolder,
  };
}

async function requireGo(go: string, env: Readonly<Record<string, string>>, signal: AbortSignal | undefined): Promise<void> {
  const { stdout } = await run(go, ['version'], { env, timeoutMs: 20_000, maxBytes: 10_000, signal, okExitCodes: 'any' });
  const version = /\bgo(\d+\.\d+(?:\.\d+)?)/.exec(stdout)?.[1];
  if (version !== undefined && !isOlder(version, oldestGo)) return;
  throw new AppError('Misconfigured', 'GO_TOO_OLD', `Go ${oldestGo.join('.')} or newer is needed, but this is ${version ?? 'of an unknown version'}.`);
}

function requireDisk(free: number): void {
  if (free >= buildNeedsBytes) return;
  throw new AppError('Misconfigured', 'DISK_TOO_SMALL', `a build needs ${buildNeedsBytes / 1e9} GB of disk for its time, but only ${(free / 1e9).toFixed(1)} GB are free.`);
}

// Without it a build whose starter was killed would keep all cores busy for minutes, for nobody.
function endsWithUs(go: string, searchPath: string): { command: string; first: readonly string[] } {
  const setpriv = process.platform === 'linux' ? findCommand('setpriv', `${searchPath}:/usr/bin:/bin`) : null;
  return setpriv === null ? { command: go, first: [] } : { command: setpriv, first: ['--pdeathsig', 'KILL', '--', go] };
}

function failed(exitCode: number, stderr: string, tell: Tell): AppError {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('go: downloading '));
  for (const line of lines.slice(-5)) tell(`go: ${line}`);
  return new AppError('Unavailable', 'BUILD_FAILED', `go build ended with exit code ${exitCode}; its last lines are shown above.`);
}
