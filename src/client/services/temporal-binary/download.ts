import { join } from 'node:path';
import { extractFile } from '#io/archive.ts';
import { downloadFile, downloadText, type Downloaded } from '#io/download.ts';
import { AppError } from '#domain/errors.ts';
import { megabytes, type Tell, withProgress } from './progress.ts';
import { cliVersion } from './versions.ts';

/** Where Temporal publishes its command line; the archive and checksums.txt stand side by side. */
export const officialDownload = `https://github.com/temporalio/cli/releases/download/v${cliVersion}`;

// The official archive holds 1.31 at about 45 MB, 140 MB unpacked; these are limits against nonsense.
const maxArchiveBytes = 300e6;
const maxBinaryBytes = 1e9;
// A closed network often swallows what is sent, so the way to the next attempt must not be long.
const usualPatience: Patience = { answerMs: 10_000, stallMs: 30_000 };

export interface Patience {
  readonly answerMs: number;
  readonly stallMs: number;
}

export interface DownloadRequest {
  /** Address of the folder that holds the archive and checksums.txt. */
  readonly base: string;
  /** An existing folder for this download alone; everything is left in it. */
  readonly workFolder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly patience?: Patience | undefined;
  readonly tell: Tell;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Fetches the official archive for this machine, compares it with its published checksum, and unpacks the command.
 *
 * Out     path of the unpacked, executable file in the work folder
 * Fails   Unavailable or TimedOut when the site cannot be used · UnreadableOutput CHECKSUM_WRONG, CHECKSUM_MISSING,
 *         ARCHIVE_UNREADABLE · Misconfigured PLATFORM_UNKNOWN
 */
export async function downloadTemporal(request: DownloadRequest): Promise<string> {
  const { base, workFolder, environment, patience = usualPatience, tell, signal } = request;
  const name = archiveName();
  const limits = { ...patience, environment, signal };
  tell(`fetching the Temporal server ${cliVersion} from ${new URL(base).host} (about 45 MB, usually under a minute)`);
  const archive = join(workFolder, name);
  const { expected, downloaded } = await withProgress(tell, 'fetching the Temporal server', async (detail) => {
    const checksums = await downloadText(`${base}/checksums.txt`, { ...limits, maxBytes: 100_000 });
    const onBytes = (received: number, total: number | null): void => detail(total === null ? megabytes(received) : `${megabytes(received)} of ${megabytes(total)}`);
    return { expected: checksumOf(name, checksums), downloaded: await downloadFile(`${base}/${name}`, archive, { ...limits, maxBytes: maxArchiveBytes, onBytes }) };
  });
  requireChecksum(name, expected, downloaded);
  const file = join(workFolder, 'temporal');
  await extractFile(archive, 'temporal', { file, mode: 0o755, maxBytes: maxBinaryBytes });
  return file;
}

function archiveName(): string {
  const system = { linux: 'linux', darwin: 'darwin' }[process.platform as string];
  const processor = { x64: 'amd64', arm64: 'arm64' }[process.arch as string];
  if (system === undefined || processor === undefined) {
    throw new AppError('Misconfigured', 'PLATFORM_UNKNOWN', `Temporal publishes no command line for ${process.platform} ${process.arch}.`);
  }
  return `temporal_cli_${cliVersion}_${system}_${processor}.tar.gz`;
}

// Lines of `sha256  name`, as sha256sum writes them ('*' before the name: read as binary).
function checksumOf(name: string, checksums: string): string {
  const line = checksums.split('\n').map((text) => text.trim().split(/\s+\*?/)).find((words) => words[1] === name);
  const sum = line?.[0]?.toLowerCase();
  if (sum !== undefined && /^[0-9a-f]{64}$/.test(sum)) return sum;
  throw new AppError('UnreadableOutput', 'CHECKSUM_MISSING', `checksums.txt does not name ${name}, so the download cannot be verified and is not used.`);
}

function requireChecksum(name: string, expected: string, { sha256, bytes }: Downloaded): void {
  if (sha256 === expected) return;
  throw new AppError(
    'UnreadableOutput',
    'CHECKSUM_WRONG',
    `${name} (${bytes} bytes) has the checksum ${sha256.slice(0, 12)}…, but ${expected.slice(0, 12)}… was published. It may have been tampered with and is not used.`,
  );
}
