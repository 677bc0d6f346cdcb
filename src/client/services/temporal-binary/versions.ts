import { run } from '#io/process.ts';

/** The release of Temporal's command line that is downloaded or built; tools/temporal/go.mod names the same one. */
export const cliVersion = '1.8.2';

// From 1.31 on the server has everything the workflows use; a new major version may break them.
const oldestServer = [1, 31, 0] as const;
const probeMs = 20_000;

/** For people: which servers will do. */
export const fittingServers = 'a Temporal command line with server 1.31 or newer, below 2';

export interface ProbeOptions {
  readonly searchPath: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

export type Probe = { readonly fits: true; readonly serverVersion: string } | { readonly fits: false; readonly why: string };

/**
 * Asks a `temporal` command for its version. Only the part about the server counts: a build of one's own calls itself
 * `temporal version 0.0.0-DEV (Server 1.31.2, UI 2.50.1)`.
 */
export async function probe(path: string, { searchPath, environment, signal }: ProbeOptions): Promise<Probe> {
  // A version manager's stand-in for the command looks for the real one by these two.
  const env = { PATH: searchPath, ...(environment?.['HOME'] === undefined ? {} : { HOME: environment['HOME'] }) };
  let output: string;
  try {
    ({ stdout: output } = await run(path, ['--version'], { env, timeoutMs: probeMs, maxBytes: 10_000, signal }));
  } catch (error) {
    signal?.throwIfAborted();
    return { fits: false, why: error instanceof Error ? error.message : String(error) };
  }
  const serverVersion = /\bServer (\d+\.\d+\.\d+)/.exec(output)?.[1];
  if (serverVersion === undefined) return { fits: false, why: 'it does not name a server version.' };
  if (isOlder(serverVersion, oldestServer) || !isOlder(serverVersion, [2, 0, 0])) return { fits: false, why: `its server is ${serverVersion}.` };
  return { fits: true, serverVersion };
}

/** Whether a version such as '1.26.8' comes before the other one. */
export function isOlder(version: string, other: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  for (const [index, number] of other.entries()) {
    const part = parts[index] ?? 0;
    if (part !== number) return part < number;
  }
  return false;
}
