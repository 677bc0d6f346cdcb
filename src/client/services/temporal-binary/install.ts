import { dirname, join } from 'node:path';
import { AppError } from '#domain/errors.ts';
import { keepOnly, moveIntoPlace, removeFolder } from '#io/disk.ts';
import { type Lease, leaseHolder, takeLease } from '#io/lease.ts';
import { ensureDir } from '#io/state-files.ts';
import { type LocateRequest, type TemporalBinary, cachedTemporal, fromCache } from './binary.ts';
import { buildNeedsBytes, buildTemporal, oldestGo } from './build.ts';
import { downloadTemporal, officialDownload } from './download.ts';
import { withProgress } from './progress.ts';
import { cliVersion, fittingServers, probe } from './versions.ts';

// Longer than a build may take; whoever waits in vain is told by whom the way is blocked.
const waitMs = 100 * 60_000;
const pollMs = 250;

/**
 * Brings the binary into the cache by download, else by build. One process at a time works on it, the others wait and
 * find it there. Whatever interrupts it, the binary is there whole or not at all, and the next one clears up.
 *
 * Fails   as locateTemporal
 */
export async function installTemporal(request: LocateRequest): Promise<TemporalBinary> {
  const folder = prepareFolder(request.cacheDir);
  const lease = await waitForLease(join(dirname(folder), `${cliVersion}.lock`), request);
  const workFolder = join(folder, 'work');
  try {
    const found = await fromCache(request);
    if (found !== null) return found;
    // A binary that does not run, and what a killed process left behind.
    await keepOnly(folder, []);
    ensureDir(workFolder, 0o700);
    return await bring(request, workFolder);
  } finally {
    await clearUp(workFolder, request).finally(() => lease.release());
  }
}

// The caches of a build are many small files: on a busy machine their removal takes a while.
function clearUp(workFolder: string, { progress }: LocateRequest): Promise<void> {
  return withProgress(progress, 'removing what the work has left', () => removeFolder(workFolder));
}

function prepareFolder(cacheDir: string): string {
  const folder = dirname(cachedTemporal(cacheDir));
  try {
    ensureDir(folder, 0o755);
  } catch (cause) {
    const code = ((cause as Error).cause as NodeJS.ErrnoException | undefined)?.code ?? 'unknown cause';
    throw new AppError('Misconfigured', 'CACHE_UNWRITABLE', `The folder for downloads, ${folder}, cannot be made (${code}). Make it writable, or name another one in KOUBOU_HOME.`, { cause });
  }
  return folder;
}

async function waitForLease(file: string, { progress, signal }: LocateRequest): Promise<Lease> {
  const options = { waitMs, pollMs, note: 'bringing the Temporal server', ...(signal === undefined ? {} : { signal }) };
  const holder = leaseHolder(file);
  if (holder === null) return takeLease(file, options);
  progress(`process ${holder.pid} is bringing the Temporal server already; waiting for it`);
  return withProgress(progress, 'waiting for the Temporal server', () => takeLease(file, options));
}

interface Way {
  readonly name: string;
  readonly origin: 'download' | 'build';
  readonly go: () => Promise<string>;
}

async function bring(request: LocateRequest, workFolder: string): Promise<TemporalBinary> {
  const tried: string[] = [];
  for (const way of waysOf(request, workFolder)) {
    await keepOnly(workFolder, []);
    try {
      return await place(await way.go(), way.origin, request);
    } catch (error) {
      request.signal?.throwIfAborted();
      if (!(error instanceof AppError)) throw error;
      request.progress(`${way.name} did not work: ${error.message}`);
      tried.push(`${way.name}: ${error.message}`);
    }
  }
  throw notFound(request, tried);
}

function waysOf(request: LocateRequest, workFolder: string): readonly Way[] {
  const { searchPath, signal, environment = {}, patience, progress: tell, downloadBase: base = officialDownload } = request;
  const download: Way = { name: 'the download', origin: 'download', go: () => downloadTemporal({ base, workFolder, environment, patience, tell, signal }) };
  const build: Way = { name: 'the build with Go', origin: 'build', go: () => buildTemporal({ workFolder, searchPath, environment, tell, signal }) };
  return request.allowBuild === false ? [download] : [download, build];
}

async function place(file: string, origin: 'download' | 'build', request: LocateRequest): Promise<TemporalBinary> {
  const answer = await probe(file, request);
  if (!answer.fits) throw new AppError('UnreadableOutput', 'TEMPORAL_UNFIT', `what came does not run here: ${answer.why}`);
  const path = cachedTemporal(request.cacheDir);
  moveIntoPlace(file, path);
  return { path, serverVersion: answer.serverVersion, origin };
}

function notFound({ downloadBase = officialDownload }: LocateRequest, tried: readonly string[]): AppError {
  const message = [
    'There is no Temporal server on this machine, and none could be brought:',
    ...tried.map((line) => `  - ${line}`),
    'Do one of these, then run the same command again:',
    `  - install ${fittingServers} (https://docs.temporal.io/cli), so that \`temporal\` is on PATH or KOUBOU_TEMPORAL names it`,
    `  - let this machine reach ${new URL(downloadBase).host}, by HTTPS_PROXY if it needs a proxy`,
    `  - install Go ${oldestGo.join('.')} or newer (https://go.dev/dl) and free ${buildNeedsBytes / 1e9} GB of disk: the server is then built here once`,
  ];
  return new AppError('Misconfigured', 'TEMPORAL_NOT_FOUND', message.join('\n'));
}
