import { homedir } from 'node:os';
import { join } from 'node:path';
import { locateTemporal } from '#client/services/temporal-binary/locate.ts';

/** The environment of this process, as the product takes it: an exact record. */
export function testEnvironment(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** The Temporal command that tests start servers with, found, downloaded or built as the product does. */
export async function testTemporal(): Promise<string> {
  const environment = testEnvironment();
  const { path } = await locateTemporal({
    configured: environment['KOUBOU_TEMPORAL'],
    cacheDir: cacheDir(environment),
    searchPath: environment['PATH'] ?? '',
    environment,
    progress: (line) => void process.stderr.write(`${line}\n`),
  });
  return path;
}

function cacheDir({ KOUBOU_HOME: home, XDG_CACHE_HOME: cache }: Record<string, string>): string {
  if (home !== undefined && home !== '') return join(home, 'cache');
  return join(cache === undefined || cache === '' ? join(homedir(), '.cache') : cache, 'koubou');
}
