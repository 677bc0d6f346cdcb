import { join } from 'node:path';
import { findCommand } from '#io/service-process.ts';
import type { Patience } from './download.ts';
import type { Tell } from './progress.ts';
import { cliVersion, probe } from './versions.ts';

export interface LocateRequest {
  /** A path or a command name that the user has set (KOUBOU_TEMPORAL); then nothing else is looked for. */
  readonly configured?: string | undefined;
  /** Downloads of this program; the binary is <cacheDir>/temporal/<version>/temporal. */
  readonly cacheDir: string;
  /** Absolute folders, colon-separated, where `temporal`, `go` and `setpriv` may stand: PATH. */
  readonly searchPath: string;
  /** The user's environment, for proxies, certificates and Go's own settings; nothing else of it is used. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Receives lines for people, without a prefix; also the reason why a way was given up. */
  readonly progress: Tell;
  /** Address of the folder with the archives and checksums.txt; Temporal's own by default. */
  readonly downloadBase?: string;
  readonly allowBuild?: boolean;
  /** Milliseconds to wait for an answer of the download site, and for its next piece. */
  readonly patience?: Patience;
  readonly signal?: AbortSignal | undefined;
}

export interface TemporalBinary {
  readonly path: string;
  readonly serverVersion: string;
  readonly origin: 'configured' | 'path' | 'cache' | 'download' | 'build';
}

/** Where the binary stands once it was brought. */
export function cachedTemporal(cacheDir: string): string {
  return join(cacheDir, 'temporal', cliVersion, 'temporal');
}

/** The binary brought earlier, or null when there is none that runs. */
export async function fromCache(request: LocateRequest): Promise<TemporalBinary | null> {
  const path = findCommand(cachedTemporal(request.cacheDir), '');
  const answer = path === null ? null : await probe(path, request);
  return path !== null && answer?.fits === true ? { path, serverVersion: answer.serverVersion, origin: 'cache' } : null;
}
